package claims

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

var testTime = time.Unix(1_790_000_000, 0)

func newKey(t testing.TB) *core.Key {
	t.Helper()
	secret := make([]byte, 32)
	rand.Read(secret)
	key, err := core.NewHMACKey(core.HS256, secret)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func testPolicy() core.Policy {
	return core.Policy{AllowMissingExpiration: true, Clock: func() time.Time { return testTime }}
}

// verified returns a verified token of that payload.
func verified(t testing.TB, payload string) *core.Token {
	t.Helper()
	key := newKey(t)
	signer, err := core.NewSigner(key, core.SignerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := signer.AppendEncode(nil, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	token, err := core.Verify(string(text), key, testPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

type address struct {
	City string `json:"city"`
	Zip  *int   `json:"zip"`
}

type session struct {
	Registered
	UserID  uint64             `json:"user_id"`
	Balance int64              `json:"balance"`
	Admin   bool               `json:"admin"`
	Anyone  any                `json:"anyone"`
	Home    *address           `json:"home"`
	Others  []address          `json:"others"`
	ByName  map[string]address `json:"by_name"`
	Fixed   [1]*address        `json:"fixed"`
	Raw     json.RawMessage    `json:"raw"`
	Seen    NumericDate        `json:"seen"`
	Untold  string
	skipped string
	Hidden  string `json:"-"`
}

func TestDecode(t *testing.T) {
	decoded, err := Decode[session](verified(t, `{"iss":"a","sub":"alice","aud":["x","y"],"exp":1790000060.5,"iat":1790000000,"jti":"1",
		"user_id":18446744073709551615,"balance":-9223372036854775808,"admin":true,"anyone":{"n":9007199254740993,"deep":[1e400]},
		"home":{"city":"Tours","zip":37000},"others":[{"city":"a"},{"city":"b"}],"by_name":{"CITY":{"city":"c"}},"fixed":[{"city":"d"}],
		"raw":{"CITY": 1},"seen":1.5,"Untold":"u","more":1}`))
	if err != nil {
		t.Fatal(err)
	}
	zip := 37000
	want := session{
		Registered: Registered{
			Issuer: "a", Subject: "alice", Audience: Audience{"x", "y"}, ID: "1",
			Expiration: NumericDate{testTime.Add(time.Minute + time.Second/2).UTC()}, IssuedAt: NumericDate{testTime.UTC()},
		},
		UserID: math.MaxUint64, Balance: math.MinInt64, Admin: true,
		Anyone: map[string]any{"n": json.Number("9007199254740993"), "deep": []any{json.Number("1e400")}},
		Home:   &address{"Tours", &zip}, Others: []address{{City: "a"}, {City: "b"}}, ByName: map[string]address{"CITY": {City: "c"}},
		Fixed: [1]*address{{City: "d"}}, Raw: json.RawMessage(`{"CITY": 1}`), Seen: NumericDate{time.Unix(1, 500_000_000).UTC()}, Untold: "u",
	}
	if !reflect.DeepEqual(decoded, want) {
		t.Errorf("decoded %+v, want %+v", decoded, want)
	}
}

// TestNamesAreExact gives each field a member whose name differs in case alone, at every place where a struct can stand.
func TestNamesAreExact(t *testing.T) {
	const twins = `{"ISS":"x","Sub":"x","AUD":"x","EXP":1,"jtI":"x","USER_ID":1,"Balance":1,"ADMIN":true,"Anyone":1,"\u0041dmin":true,"untold":"x","UNTOLD":"x",
		"skipped":"x","Hidden":"x","-":"x","ſub":"x","home":{"CITY":"x","Zip":1},"others":[{"City":"x"}],"by_name":{"a":{"cITY":"x"}},"fixed":[{"CITY":"x"}]}`
	decoded, err := Decode[session](verified(t, twins))
	if err != nil {
		t.Fatal(err)
	}
	want := session{Home: &address{}, Others: []address{{}}, ByName: map[string]address{"a": {}}, Fixed: [1]*address{{}}}
	if !reflect.DeepEqual(decoded, want) {
		t.Errorf("decoded %+v, want %+v", decoded, want)
	}
	if folded := new(session); json.Unmarshal([]byte(twins), folded) == nil && !folded.Admin {
		t.Error("encoding/json tells case apart by itself now: the filter has no purpose")
	}
}

func TestTwinDoesNotOverwrite(t *testing.T) {
	for _, payload := range []string{`{"sub":"alice","SUB":"mallory"}`, `{"SUB":"mallory","sub":"alice"}`, `{"Sub":"mallory","\u0073ub":"alice","suB":"x"}`} {
		token := verified(t, payload)
		byValue, err := Decode[Registered](token)
		if err != nil || byValue.Subject != "alice" {
			t.Errorf("%s: %+v, %v", payload, byValue, err)
		}
		byPointer, err := Decode[**Registered](token)
		if err != nil || (*byPointer).Subject != "alice" {
			t.Errorf("%s: %+v, %v", payload, byPointer, err)
		}
	}
}

type whole struct{ text string }

func (w *whole) UnmarshalJSON(text []byte) error {
	w.text = string(text)
	return nil
}

func TestDecodeIntoOtherKinds(t *testing.T) {
	const payload = `{"SUB":"x", "sub":"alice","n":9007199254740993}`
	token := verified(t, payload)
	if own, err := Decode[whole](token); err != nil || own.text != payload {
		t.Errorf("%q, %v", own.text, err)
	}
	if table, err := Decode[map[string]any](token); err != nil || len(table) != 3 || table["n"] != json.Number("9007199254740993") {
		t.Errorf("%v, %v", table, err)
	}
	if anything, err := Decode[any](token); err != nil || len(anything.(map[string]any)) != 3 {
		t.Errorf("%v, %v", anything, err)
	}
	if raw, err := Decode[json.RawMessage](token); err != nil || string(raw) != payload {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestDecodeRefusals(t *testing.T) {
	const secret = "secret-claim-value"
	for _, test := range []struct{ payload, claim string }{
		{`{"user_id":"` + secret + `"}`, "user_id"},
		{`{"user_id":-1}`, "user_id"},
		{`{"user_id":18446744073709551616}`, "user_id"},
		{`{"balance":1.5}`, "balance"},
		{`{"admin":"true"}`, "admin"},
		{`{"home":[]}`, "home"},
		{`{"home":{"city":7}}`, "home.city"},
		{`{"others":{"city":"` + secret + `"}}`, "others"},
		{`{"seen":"` + secret + `"}`, "seen"},
		{`{"seen":253402300800}`, "seen"},
		{`{"home":{"city":"a","zip":1e99}}`, "home.zip"},
	} {
		decoded, err := Decode[session](verified(t, test.payload))
		if !errors.Is(err, core.ClaimMalformed) {
			t.Errorf("%s: %v", test.payload, err)
			continue
		}
		if !strings.Contains(err.Error(), "("+test.claim+")") {
			t.Errorf("%s: the error does not name %s: %v", test.payload, test.claim, err)
		}
		for cause := err; cause != nil; cause = errors.Unwrap(cause) {
			if strings.Contains(cause.Error(), secret) || strings.Contains(cause.Error(), "18446744073709551616") {
				t.Errorf("%s: the error repeats the claim: %v", test.payload, cause)
			}
		}
		if !reflect.DeepEqual(decoded, session{}) {
			t.Errorf("%s: something was returned beside the error", test.payload)
		}
	}
	for name, token := range map[string]*core.Token{"nil": nil, "empty": new(core.Token)} {
		if _, err := Decode[session](token); !errors.Is(err, core.PayloadMalformed) {
			t.Errorf("%s token: %v", name, err)
		}
	}
	if _, err := Decode[int](verified(t, `{}`)); !errors.Is(err, core.ClaimMalformed) {
		t.Errorf("into an int: %v", err)
	}
}

// TestOnlyVerifiedTokensDecode holds that the one way in is a token that a verifier made.
func TestOnlyVerifiedTokensDecode(t *testing.T) {
	if signature := reflect.TypeOf(Decode[session]); signature.NumIn() != 1 || signature.In(0) != reflect.TypeFor[*core.Token]() {
		t.Errorf("Decode takes %v", signature)
	}
	var space core.Token
	key := newKey(t)
	verifier, err := core.NewVerifier(key, testPolicy())
	if err != nil {
		t.Fatal(err)
	}
	good, err := core.Encode(core.NewClaims().SetSubject("alice"), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifier.VerifyInto(&space, good); err != nil {
		t.Fatal(err)
	}
	if err := verifier.VerifyInto(&space, good[:len(good)-2]+"AA"); err == nil {
		t.Fatal("accepted")
	}
	if _, err := Decode[Registered](&space); !errors.Is(err, core.PayloadMalformed) {
		t.Errorf("a token whose verification failed: %v", err)
	}
}

func TestOf(t *testing.T) {
	zip := 1
	made := session{
		Registered: Registered{Issuer: "a<b>&", Subject: "alice", Audience: Audience{"x"}, Expiration: NumericDate{testTime.Add(1500 * time.Millisecond)}},
		UserID:     math.MaxUint64, Home: &address{"é\u2028", &zip}, Raw: json.RawMessage(`{"n":1.50}`), Seen: NumericDate{testTime},
	}
	claims, err := Of(made)
	if err != nil {
		t.Fatal(err)
	}
	text, err := claims.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"iss":"a<b>&"`, `"aud":"x"`, `"exp":1790000001`, `"user_id":18446744073709551615`, `"raw":{"n":1.50}`} {
		if !bytes.Contains(text, []byte(part)) {
			t.Errorf("no %s in %s", part, text)
		}
	}
	for _, absent := range []string{"nbf", "iat", "jti", "skipped", "Hidden", `"-"`} {
		if bytes.Contains(text, []byte(absent)) {
			t.Errorf("%s in %s", absent, text)
		}
	}
	back, err := Decode[session](verified(t, string(text)))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Of(&back)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := again.AppendJSON(nil); err != nil || !bytes.Equal(second, text) {
		t.Errorf("there and back: %s, want %s (%v)", second, text, err)
	}
}

func TestOfRefusals(t *testing.T) {
	type dated struct {
		Expiration NumericDate `json:"exp"`
	}
	for name, err := range map[string]error{
		"a number":         refused(5),
		"a list":           refused([]string{"a"}),
		"nil":              refused[*session](nil),
		"a channel":        refused(map[string]any{"c": make(chan int)}),
		"NaN":              refused(map[string]float64{"n": math.NaN()}),
		"a time before 0":  refused(dated{}),
		"a name twice":     refused(json.RawMessage(`{"a":1,"a":2}`)),
		"a lone surrogate": refused(json.RawMessage(`{"a":"\ud800"}`)),
	} {
		if !errors.Is(err, core.ClaimsInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func refused[T any](v T) error {
	_, err := Of(v)
	return err
}
