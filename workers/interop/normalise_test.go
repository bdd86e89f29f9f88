package interop

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// memory turns the answers of one target to one case into texts that can be compared: what must differ from target to target (times,
// IDs, signatures, host names) is replaced by what is known of it, and everything else stays as it is.
type memory struct {
	names       map[string]string            // of tokens made by hand
	times       map[string]map[string]string // of tokens seen before: what exp and iat were called then
	values      map[string]string            // a claim's value -> where it was seen first
	verified    func(input, signature string) bool
	address     string
	query       func(statement string) ([][]string, error)
	step, count int // which step it is, and how many tokens its answer had so far
	window
}

// window is the time in which something was made.
type window struct{ start, end time.Time }

// contains allows for a second in which clocks are read twice.
func (w window) contains(unix int64) bool {
	return unix >= w.start.Unix()-1 && unix <= w.end.Unix()+1
}

// relative returns "now", "now+300" or the like for a time that is whole minutes away from one in the window.
func (w window) relative(unix int64) (string, bool) {
	earliest, latest := unix-w.end.Unix()-1, unix-w.start.Unix()+1
	minutes := earliest / 60
	if earliest > minutes*60 {
		minutes++
	}
	switch {
	case minutes*60 > latest:
		return "", false
	case earliest <= 0 && latest >= 0:
		return "now", true
	}
	return fmt.Sprintf("now%+d", minutes*60), true
}

func newMemory(at *target, verified func(input, signature string) bool) *memory {
	return &memory{names: map[string]string{}, times: map[string]map[string]string{}, values: map[string]string{}, verified: verified, address: at.address, query: at.query}
}

// remember gives a token that was made by hand a name.
func (m *memory) remember(token, name string) {
	m.names[token] = "token " + strconv.Quote(name)
	if _, payload, _, ok := splitToken(token); ok {
		claims, _ := readMembers([]byte(payload))
		for _, claim := range claims {
			if carried(claim) {
				m.values[string(claim.value)] = string(claim.value)
			}
		}
	}
}

// learn takes over what another target's answers have shown.
func (m *memory) learn(other *memory) {
	maps.Copy(m.times, other.times)
	maps.Copy(m.values, other.values)
}

// carried reports whether a claim's value is one that later tokens may have too.
func carried(claim member) bool {
	if claim.name == "exp" || claim.name == "iat" {
		return false
	}
	var text string
	if json.Unmarshal(claim.value, &text) == nil {
		return identifier.MatchString(text)
	}
	seconds, err := strconv.ParseInt(string(claim.value), 10, 64)
	return err == nil && seconds > 1e9
}

// answer returns a response as text: status, the contract's headers, body.
func (m *memory) answer(r *response) string {
	m.window, m.count = window{r.start, r.end}, 0
	var text strings.Builder
	fmt.Fprintf(&text, "%d\n", r.status)
	for _, name := range contractHeaders {
		for _, value := range r.header[http.CanonicalHeaderKey(name)] {
			if value = m.text(value); name == "Retry-After" {
				value = upTo(value)
			}
			fmt.Fprintf(&text, "%s: %s\n", name, value)
		}
	}
	return text.String() + "\n" + m.text(r.body)
}

// rows returns rows of a database as text. They were made since the case began.
func (m *memory) rows(rows [][]string, since time.Time) string {
	m.window, m.count = window{since, time.Now()}, 0
	var text strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				text.WriteString(" | ")
			}
			text.WriteString(m.text(cell))
		}
		text.WriteByte('\n')
	}
	return text.String()
}

var (
	tokenPattern    = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)
	identifier      = regexp.MustCompile(`^(?:[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$`)
	identifiers     = regexp.MustCompile(`\b(?:[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\b`)
	secondsPattern  = regexp.MustCompile(`\b1[0-9]{9}\b`)
	datePattern     = regexp.MustCompile(`\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?`)
	fingerprint     = regexp.MustCompile(`^[0-9A-F]{32}$`)
	waitPattern     = regexp.MustCompile(`available in \d+ second`)
	numberPattern   = regexp.MustCompile(`\d+`)
	httpDatePattern = regexp.MustCompile(`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`)
)

// upTo rounds the number in a text up to whole tens of minutes: it is how long to wait for what began in an earlier request.
func upTo(text string) string {
	return numberPattern.ReplaceAllStringFunc(text, func(found string) string {
		seconds, _ := strconv.Atoi(found)
		return fmt.Sprintf("up to %d", (seconds+599)/600*600)
	})
}

// text replaces what is to be replaced in any text.
func (m *memory) text(text string) string {
	issued := map[string]bool{}
	var tokens []string
	text = tokenPattern.ReplaceAllStringFunc(text, func(token string) string {
		tokens = append(tokens, m.token(token, issued))
		return fmt.Sprintf("\x00%d\x00", len(tokens)-1)
	})
	text = strings.ReplaceAll(text, m.address, "HOST")
	text = secondsPattern.ReplaceAllStringFunc(text, func(found string) string {
		if issued[found] {
			return "iat of the token"
		}
		return m.seconds(found)
	})
	text = datePattern.ReplaceAllStringFunc(text, m.date)
	text = httpDatePattern.ReplaceAllStringFunc(text, m.httpDate)
	text = waitPattern.ReplaceAllStringFunc(text, upTo)
	text = identifiers.ReplaceAllStringFunc(text, m.identifier)
	for i, token := range tokens {
		text = strings.Replace(text, fmt.Sprintf("\x00%d\x00", i), token, 1)
	}
	return text
}

func (m *memory) seconds(found string) string {
	seconds, _ := strconv.ParseInt(found, 10, 64)
	if text, ok := m.relative(seconds); ok {
		return text
	}
	return found
}

// date replaces a database's time and keeps its form.
func (m *memory) date(found string) string {
	parts := datePattern.FindStringSubmatch(found)
	at, err := time.Parse("2006-01-02T15:04:05", strings.Replace(found[:19], " ", "T", 1))
	if err != nil {
		return found
	}
	text, ok := m.relative(at.Unix())
	if !ok {
		return found
	}
	if parts[1] != "" && len(parts[1]) != len(".000000") { // Django leaves the six digits away in a whole second
		text += fmt.Sprintf(".%d digits", len(parts[1])-1)
	}
	return text + parts[2]
}

func (m *memory) httpDate(found string) string {
	at, err := http.ParseTime(found)
	if err != nil {
		return found
	}
	if text, ok := m.relative(at.Unix()); ok {
		return text + " GMT"
	}
	return found
}

// identifier replaces a random UUID: by where it was seen first, or by its shape.
func (m *memory) identifier(found string) string {
	if known, ok := m.values[strconv.Quote(found)]; ok {
		return known
	}
	if strings.Contains(found, "-") {
		return "UUID with dashes"
	}
	return "UUID"
}

// token describes a token by its header and claims, or by its name when it was made by hand. A token that was seen before is told from
// one that was made anew by nothing but its claims: within a second the two may be the same.
func (m *memory) token(token string, issued map[string]bool) string {
	header, payload, signature, ok := splitToken(token)
	if !ok {
		return token
	}
	claims, err := readMembers([]byte(payload))
	if err != nil {
		return token
	}
	for _, claim := range claims {
		if claim.name == "iat" {
			issued[string(claim.value)] = true
		}
	}
	if name, known := m.names[token]; known {
		return "<" + name + ">"
	}
	m.count++
	state := "bad signature"
	if m.verified(token[:strings.LastIndexByte(token, '.')], signature) {
		state = "good signature"
	}
	return fmt.Sprintf("<%s: %s %s %s>", m.label(), header, m.claims(token, claims), state)
}

// label is what the token is called that is being described: by its step and its place in the answer, 1a, 1b, 2a.
func (m *memory) label() string { return fmt.Sprintf("token %d%c", m.step, 'a'+m.count-1) }

// claims returns the members of a payload in their order, with times and IDs replaced. Texts are the same however they are escaped.
func (m *memory) claims(token string, claims []member) string {
	known, seen := m.times[token]
	if !seen {
		known = map[string]string{}
		m.times[token] = known
	}
	var replaced []member
	for _, claim := range claims {
		old := string(claim.value)
		value, isKnown := known[claim.name]
		if !isKnown {
			value = m.claim(claim)
		}
		if claim.name == "exp" || claim.name == "iat" {
			known[claim.name] = value
		}
		if m.values[old] == "" && carried(claim) {
			m.values[old] = claim.name + " of " + m.label()
		}
		replaced = append(replaced, member{claim.name, json.RawMessage(value)})
	}
	return writeMembers(replaced)
}

var jsonText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

func (m *memory) claim(claim member) string {
	value := string(claim.value)
	if known, ok := m.values[value]; ok && carried(claim) {
		if unix, err := strconv.ParseInt(value, 10, 64); err == nil && m.contains(unix) {
			return either("now", known) // it may be an old one or a new one of the same second
		}
		return known
	}
	var text string
	if json.Unmarshal(claim.value, &text) == nil && identifier.MatchString(text) {
		return m.identifier(text)
	}
	if fingerprint.MatchString(text) {
		return m.fingerprint(text)
	}
	if secondsPattern.FindString(value) == value {
		return m.seconds(value)
	}
	return jsonText.ReplaceAllStringFunc(compact(claim.value), func(found string) string {
		json.Unmarshal([]byte(found), &text)
		return `"` + escaped(text) + `"`
	})
}

// either stands for one of two texts, of which nobody can tell which is meant. Texts of this kind are alike when they can be read alike.
func either(one, other string) string { return "\x01" + one + "\x02" + other + "\x03" }

// readable shows such choices to people.
var readable = strings.NewReplacer("\x01", "(", "\x02", " or ", "\x03", ")")

// readings returns the texts that a text with such choices may be.
func readings(text string) []string {
	before, rest, found := strings.Cut(text, "\x01")
	if !found {
		return []string{text}
	}
	choice, after, _ := strings.Cut(rest, "\x03")
	one, other, _ := strings.Cut(choice, "\x02")
	var all []string
	for _, tail := range readings(after) {
		all = append(all, before+one+tail, before+other+tail)
	}
	return all
}

// alike reports whether two texts can be read as one.
func alike(one, other string) bool {
	if one == other {
		return true
	}
	others := readings(other)
	return slices.ContainsFunc(readings(one), func(reading string) bool { return slices.Contains(others, reading) })
}

// fingerprint replaces that of a stored password, which has a random salt: by whose it is.
func (m *memory) fingerprint(found string) string {
	users, err := m.query("SELECT username, password FROM auth_user ORDER BY id")
	if err != nil {
		return err.Error()
	}
	for _, user := range users {
		if fmt.Sprintf("%X", md5.Sum([]byte(user[1]))) == found {
			return "fingerprint of " + user[0]
		}
	}
	return found
}

// splitToken takes a token apart without checking anything.
func splitToken(token string) (header, payload, signature string, ok bool) {
	segments := strings.Split(token, ".")
	if len(segments) != 3 {
		return "", "", "", false
	}
	var decoded [3]string
	for i, segment := range segments {
		bytes, err := base64.RawURLEncoding.DecodeString(segment)
		if err != nil {
			return "", "", "", false
		}
		decoded[i] = string(bytes)
	}
	return decoded[0], decoded[1], decoded[2], true
}
