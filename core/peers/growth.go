package peers

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/jeton-dev/jeton/core"
)

// widest raises the limits to the largest that core allows.
var widest = core.Limits{TokenBytes: 1 << 20, Members: 1 << 16}

// GrowthTable verifies ever larger tokens, the last as large as can be: of one long text, and of many members. The time for each byte
// must not grow with the size.
func GrowthTable(plan Plan, shape string) (*Table, error) {
	material, err := NewMaterial(core.HS256)
	if err != nil {
		return nil, err
	}
	key, err := material.Key()
	if err != nil {
		return nil, err
	}
	signer, err := core.NewSigner(key, core.SignerOptions{Limits: widest})
	if err != nil {
		return nil, err
	}
	verifier, err := core.NewVerifier(key, core.Policy{AllowMissingExpiration: true, Limits: widest})
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, material.Secret)
	table := &Table{Title: "growth, " + shape, Note: "HS256 verify; nanoseconds are for 1,000 bytes of token"}
	var contestants []Contestant
	var lengths []int
	for _, size := range []int{150, 700, 5_500, 45_000, 350_000, 780_000} {
		signed, err := signer.AppendEncode(nil, []byte(payloadOfShape(shape, size)))
		if err != nil {
			return nil, err
		}
		text, input := string(signed), signed[:len(signed)-44]
		token := new(core.Token)
		contestants = append(contestants,
			Contestant{fmt.Sprintf("Jeton VerifyInto, %d bytes", len(text)), func(int) error { return verifier.VerifyInto(token, text) }},
			Contestant{fmt.Sprintf("HMAC alone, %d bytes", len(text)), func(int) error {
				var sum [sha256.Size]byte
				mac.Reset()
				mac.Write(input)
				mac.Sum(sum[:0])
				return nil
			}},
		)
		lengths = append(lengths, len(text), len(text))
	}
	if table.Results, err = Measure(plan, contestants); err != nil {
		return nil, err
	}
	for i := range table.Results {
		table.Results[i].Nanoseconds *= 1000 / float64(lengths[i])
		table.Results[i].Least *= 1000 / float64(lengths[i])
	}
	table.Ours, table.Floor = table.Results[0].Name, table.Results[1].Name
	return table, nil
}

// payloadOfShape returns a payload of about size bytes.
func payloadOfShape(shape string, size int) string {
	var text strings.Builder
	switch shape {
	case "one long text":
		text.WriteString(`{"a":"` + strings.Repeat("x", size-8) + `"`)
	default:
		text.WriteString(`{"m":0`)
		for i := 0; text.Len() < size-16; i++ {
			fmt.Fprintf(&text, `,"m%d":true`, i)
		}
	}
	text.WriteByte('}')
	return text.String()
}

// DotsTable refuses a line of dots as large as the largest token, beside passes over it.
func DotsTable(plan Plan) (*Table, error) {
	material, err := NewMaterial(core.HS256)
	if err != nil {
		return nil, err
	}
	key, err := material.Key()
	if err != nil {
		return nil, err
	}
	verifier, err := core.NewVerifier(key, core.Policy{Limits: widest})
	if err != nil {
		return nil, err
	}
	var token core.Token
	refuse := func(text string) func(int) error {
		return func(int) error {
			if verifier.VerifyInto(&token, text) == nil {
				return errClaim
			}
			return nil
		}
	}
	dots := strings.Repeat(".", 1<<20)
	late := "a.a." + strings.Repeat("a", 1<<20-5) + "."
	table := &Table{Title: "refusing 1 MiB that is no token", Ours: "Jeton VerifyInto, all dots", Floor: "strings.IndexByte over it"}
	table.Results, err = Measure(plan, []Contestant{
		{"strings.IndexByte over it", func(int) error { return found(strings.IndexByte(dots, 'x') >= 0) }},
		{"strings.Count over it", func(int) error { return found(strings.Count(dots, "x") > 0) }},
		{"Jeton VerifyInto, all dots", refuse(dots)},
		{"Jeton VerifyInto, a fourth dot at the end", refuse(late)},
	})
	return table, err
}

func found(yes bool) error {
	if yes {
		return errClaim
	}
	return nil
}
