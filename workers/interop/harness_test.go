package interop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestCompare checks that answers which should be alike must be, and that a mark of a difference must be needed.
func TestCompare(t *testing.T) {
	const django, ours = "200\nAllow: POST\n\n{\"a\":\"b\"}", "400\nAllow: POST\n\n{}"
	for name, test := range map[string]struct {
		step                 step
		django, native, edge string
		want                 string
	}{
		"alike":                       {step{}, django, django, django, ""},
		"all of Jeton differs":        {step{}, django, ours, ours, "Django and Jeton differ"},
		"native differs":              {step{}, django, ours, django, "native and edge differ"},
		"edge differs":                {step{}, django, django, ours, "native and edge differ"},
		"a header differs":            {step{}, django, strings.Replace(django, "POST", "GET", 1), django, "native and edge differ"},
		"marked":                      {step{Differs: "x", Ours: "400 {}"}, django, ours, ours, ""},
		"marked for nothing":          {step{Differs: "x", Ours: "200 {}"}, django, django, django, "the difference x is not there"},
		"marked, another answer":      {step{Differs: "x", Ours: "401 {}"}, django, ours, ours, "Jeton answers"},
		"marked, one differs":         {step{Differs: "x", Ours: "400 {}"}, django, ours, django, "native and edge differ"},
		"native alone":                {step{Differs: "x", Only: "native", Ours: "400 {}"}, django, ours, django, ""},
		"native alone, edge too":      {step{Differs: "x", Only: "native", Ours: "400 {}"}, django, ours, ours, "Django and edge differ"},
		"edge alone":                  {step{Differs: "x", Only: "edge", Ours: "400 {}"}, django, django, ours, ""},
		"edge alone, native too":      {step{Differs: "x", Only: "edge", Ours: "400 {}"}, django, ours, ours, "Django and native differ"},
		"a member":                    {step{Differs: "x", In: "a"}, django, strings.Replace(django, `"b"`, `"c"`, 1), strings.Replace(django, `"b"`, `"c"`, 1), ""},
		"a member that is the same":   {step{Differs: "x", In: "a"}, django, django, django, "the difference x is not there"},
		"more than a member":          {step{Differs: "x", In: "a"}, django, ours, ours, "differ in more than a"},
		"a header field":              {step{Differs: "x", In: "Allow"}, django, strings.Replace(django, "POST", "GET", 1), strings.Replace(django, "POST", "GET", 1), ""},
		"more than that header field": {step{Differs: "x", In: "Allow"}, django, strings.Replace(ours, "POST", "GET", 1), strings.Replace(ours, "POST", "GET", 1), "differ in more than Allow"},
	} {
		got := test.step.compare(test.django, test.native, test.edge)
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestNormalise checks that what must not make a difference makes none, and what must does.
func TestNormalise(t *testing.T) {
	now := time.Now()
	show := func(claims string) string {
		m := newMemory(&target{address: "127.0.0.1:1"}, func(_, signature string) bool { return signature == "good" })
		m.step = 1
		token := encode(`{"alg":"HS256"}`) + "." + encode(claims) + "." + encode("good")
		header := http.Header{"Set-Cookie": {"jwt=" + token}, "Location": {"http://127.0.0.1:1/x"}, "X-Other": {"x"}}
		return m.answer(&response{200, header, `{"token":"` + token + `"}`, now, now})
	}
	claims := func(iat, exp int64, jti, more string) string {
		return fmt.Sprintf(`{"exp":%d,"iat":%d,"jti":"%s"%s}`, exp, iat, jti, more)
	}
	const one, other = "0123456789ab4def8123456789abcdef", "fedcba9876544def8123456789abcdef"
	unix := now.Unix()
	base := show(claims(unix, unix+300, one, `,"a":"ü"`))
	for name, want := range map[string]string{"time": `"exp":now+300,"iat":now,"jti":UUID`, "header": `<token 1a: {"alg":"HS256"} `, "signature": "good signature", "host": "Location: http://HOST/x"} {
		if !strings.Contains(base, want) {
			t.Errorf("%s: %q is not in %s", name, want, base)
		}
	}
	if strings.Contains(base, "X-Other") {
		t.Errorf("a header that nobody looks at is compared: %s", base)
	}
	for name, same := range map[string]string{
		"another ID":               claims(unix, unix+300, other, `,"a":"ü"`),
		"a second later":           claims(unix+1, unix+301, one, `,"a":"ü"`),
		"a second less":            claims(unix, unix+299, one, `,"a":"ü"`),
		"a character escaped":      claims(unix, unix+300, one, `,"a":"\u00fc"`),
		"both, and another second": claims(unix-1, unix+299, other, `,"a":"\u00fc"`),
	} {
		if got := show(same); got != base {
			t.Errorf("%s makes a difference:\n%s\n%s", name, got, base)
		}
	}
	for name, different := range map[string]string{
		"another lifetime": claims(unix, unix+360, one, `,"a":"ü"`),
		"a minute early":   claims(unix-60, unix+300, one, `,"a":"ü"`),
		"ten seconds off":  claims(unix-10, unix+300, one, `,"a":"ü"`),
		"no UUID":          claims(unix, unix+300, "x", `,"a":"ü"`),
		"another version":  claims(unix, unix+300, "0123456789ab1def8123456789abcdef", `,"a":"ü"`),
		"dashes":           claims(unix, unix+300, "01234567-89ab-4def-8123-456789abcdef", `,"a":"ü"`),
		"another claim":    claims(unix, unix+300, one, `,"a":"u"`),
		"another type":     claims(unix, unix+300, one, `,"a":1`),
		"one claim more":   claims(unix, unix+300, one, `,"a":"ü","b":1`),
		"another order":    fmt.Sprintf(`{"iat":%d,"exp":%d,"jti":"%s","a":"ü"}`, unix, unix+300, one),
	} {
		if got := show(different); got == base {
			t.Errorf("%s makes no difference", name)
		}
	}
}

// TestNormaliseCarried checks that values which later tokens should have again are told from new ones.
func TestNormaliseCarried(t *testing.T) {
	now := time.Now()
	m := newMemory(&target{address: "127.0.0.1:1"}, func(_, _ string) bool { return true })
	show := func(step int, jti string) string {
		m.step = step
		claims := fmt.Sprintf(`{"iat":%d,"orig_iat":%d,"jti":"%s"}`, now.Unix(), now.Unix(), jti)
		return m.answer(&response{200, nil, encode(`{"alg":"HS256"}`) + "." + encode(claims) + "." + encode("x"), now, now})
	}
	const one, other = "0123456789ab4def8123456789abcdef", "fedcba9876544def8123456789abcdef"
	for i, test := range []struct{ jti, want string }{
		{one, `{"iat":now,"orig_iat":now,"jti":UUID}`},
		{one, `{"iat":now,"orig_iat":orig_iat of token 1a,"jti":jti of token 1a}`},
		{other, `{"iat":now,"orig_iat":now,"jti":UUID}`}, // a new one, in the same second
		{other, `{"iat":now,"orig_iat":orig_iat of token 1a,"jti":jti of token 3a}`},
	} {
		got := show(i+1, test.jti)
		if want := fmt.Sprintf("200\n\n<token %da: {\"alg\":\"HS256\"} %s good signature>", i+1, test.want); !alike(got, want) {
			t.Errorf("%d: %q cannot be read as %s", i, got, want)
		}
	}
}

// TestLists checks that every list can be read, that its tokens and values are there, and that what is marked says how Jeton answers.
func TestLists(t *testing.T) {
	for _, l := range readLists(t) {
		if l.About == "" || len(l.expanded) == 0 {
			t.Errorf("%s: it says nothing about itself, or has no cases", l.name)
		}
		names := map[string]bool{}
		for _, c := range l.expanded {
			key, _ := json.Marshal(c.Steps)
			if names[string(key)] {
				t.Errorf("%s: %s is there twice", l.name, c.Name)
			}
			names[string(key)] = true
			for _, s := range c.Steps {
				if s.Differs == "" && (s.Ours != "" || s.In != "" || s.Only != "") || s.Differs != "" && (s.Ours == "") == (s.In == "") {
					t.Errorf("%s: %s: a difference has its ID, and the member it is in or Jeton's answer", l.name, c.Name)
				}
			}
		}
	}
}
