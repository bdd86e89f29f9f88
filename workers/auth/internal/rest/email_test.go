package rest

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// addresses are e-mail addresses and what is close to one.
func addresses() []string {
	long := strings.Repeat("x", 63)
	return []string{
		"", "@", "a", "a@", "@b.de", "a@b", "a@b.de", "a@B.DE", "a@b.c", "a@b.co", "a@b.c0", "a@b.c-d", "a@b.-cd", "a@b.cd-", "a@b..de", "a@.b.de", "a@b.de.", "a@-b.de", "a@b-.de", "a@b.-c.de",
		"a@1.2.de", "a@1-2.de", "a@xn--1.xn--1", "a@b.xn--", "a@b.XN--a1", "a@b.xn--a-1", "a@b.xn--" + strings.Repeat("1", 59), "a@b.xn--" + strings.Repeat("1", 60), "a@b.xn-a1",
		"a@" + long + ".de", "a@" + long + "x.de", "a@b." + long, "a@b." + long + "x", "a@b." + long + ".de", "a@b." + long + "x.de",
		"a@localhost", "a@LOCALHOST", "a@localhost.", "a@b@c.de", "a..b@c.de", ".a@c.de", "a.@c.de", "a.b.c@d.de", "a b@c.de", " a@c.de", "a@c.de ", "a@c.de\n", "a\n@c.de",
		"-!#$%&'*+/=?^_`{}|~09azAZ@c.de", "a(b@c.de", "a,b@c.de", "a:b@c.de", "a\\b@c.de", "a\"b@c.de", "é@c.de", "ſ@c.de", "\u212a@c.de", "İ@c.de", "ı@c.de", "µ@c.de",
		`""@c.de`, `"@c.de`, `"""@c.de`, `"a"@c.de`, `"a@b"@c.de`, `"a\"b"@c.de`, `"a\"@c.de`, `"a\\"@c.de`, `"a\ b"@c.de`, `"a b"@c.de`, "\"a\tb\"@c.de", "\"a\\\tb\"@c.de", "\"a\x01\x08\x0b\x0c\x0e\x1f\x7fb\"@c.de",
		"\"a\nb\"@c.de", "\"a\rb\"@c.de", "\"a\\\nb\"@c.de", "\"a\x00b\"@c.de", `"é"@c.de`, `"ſ"@c.de`, `"\ſ"@c.de`, `"a"b@c.de`, `a."b"@c.de`, `"a"."b"@c.de`,
		"a@münchen.de", "a@b.münchen", "a@ü.ü", "a@ü.üü", "a@b.ü1", "a@\u00a0.de", "a@\u00a1.de", "a@\uffff.de", "a@𝄞.de", "a@b.ſſ", "a@b.xn--ſ1", "a@b。de", "a@b_c.de", "a@b c.de",
		"a@[1.2.3.4]", "a@[1.2.3]", "a@[1.2.3.256]", "a@[01.2.3.4]", "a@[1.2.3.4", "a@1.2.3.4]", "a@[::]", "a@[::1]", "a@[1:2:3:4:5:6:7:8]", "a@[1:2:3:4:5:6:7::]", "a@[1:2:3:4:5:6:7:8:9]", "a@[1::2::3]",
		"a@[::ffff:1.2.3.4]", "a@[::ffff:1.2.3.04]", "a@[FFFF::ABCD]", "a@[fe80::1%1]", "a@[::12345]", "a@[:1]", "a@[]", "a@[1.2.3.4]x", "a@x[1.2.3.4]", "a@[1:2:3:4:5:6:1.2.3.4]", "a@[IPv6:::1]",
		"a@[0000:0000:0000:0000:0000:ffff:255.255.255.255]", "a@[0000:0000:0000:0000:0000:0000:0000:0001]",
		strings.Repeat("x", 315) + "@c.de", strings.Repeat("x", 316) + "@c.de", strings.Repeat("é", 10) + "@c.de",
	}
}

func TestEmail(t *testing.T) {
	for email, want := range map[string]bool{
		"a@b.de": true, "a@localhost": true, `"a b\"@"@b.de`: false, `"ab\"@"@b.de`: true, "a@[::1]": true, "a@b": false, "a@b.c": false, "a b@c.de": false, "a@ü.рф": true, "": false, "@": false,
		"a@\xed\xa0\x80.de": true, // half a character, which another rule refuses
		"\xed\xa0\x80@b.de": false,
	} {
		if got := isEmail(email); got != want {
			t.Errorf("%q: %v", email, got)
		}
	}
}

const validators = `
import json, sys
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

def good(email):
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True

json.dump([good(email) for email in json.load(sys.stdin)], sys.stdout)
`

// TestEmailDjango asks Django's validator about addresses, and about some thousand that differ from them in a character or two.
func TestEmailDjango(t *testing.T) {
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with Django: run make test")
	}
	emails := addresses()
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []rune("ab19AZ.-@\"\\[]: \tüſ_+x\u007f\u00a0")
	for _, email := range addresses() {
		for range 40 {
			changed := []rune(email)
			for range 1 + random.IntN(2) {
				at, piece := random.IntN(len(changed)+1), pieces[random.IntN(len(pieces))]
				switch end := changed[at:]; {
				case len(end) > 0 && random.IntN(3) == 0:
					changed = append(changed[:at:at], end[1:]...)
				case len(end) > 0 && random.IntN(2) == 0:
					changed[at] = piece
				default:
					changed = append(append(changed[:at:at], piece), end...)
				}
			}
			emails = append(emails, string(changed))
		}
	}
	input, err := json.Marshal(emails)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), python, "-c", validators)
	command.Stdin, command.Stderr = bytes.NewReader(input), os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []bool
	if err := json.Unmarshal(output, &want); err != nil || len(want) != len(emails) {
		t.Fatalf("%d answers for %d addresses: %v", len(want), len(emails), err)
	}
	good := 0
	for i, email := range emails {
		if got := isEmail(email); got != want[i] {
			t.Errorf("%q: %v, and Django says %v", email, got, want[i])
		}
		if want[i] {
			good++
		}
	}
	if good < len(emails)/10 || good > len(emails)*9/10 {
		t.Errorf("%d of %d are good: the test does not reach both", good, len(emails))
	}
}
