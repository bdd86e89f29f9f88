package peers

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// newMaterial generates a key, once for each algorithm.
func newMaterial(t testing.TB, algorithm core.Algorithm) *Material {
	t.Helper()
	if material, ok := materials[algorithm]; ok {
		return material
	}
	material, err := NewMaterial(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	materials[algorithm] = material
	return material
}

var materials = map[core.Algorithm]*Material{}

// TestEachVerifiesTheOther holds core against every peer for every algorithm: each accepts what the other signed, and refuses it with one
// character of the signature, of the payload or of the header changed.
func TestEachVerifiesTheOther(t *testing.T) {
	claims := NewClaims(7, time.Now())
	ours := Jeton()
	for _, algorithm := range core.Algorithms() {
		if algorithm == core.Ed25519 {
			continue // EdDSA under a newer name, which most peers do not know
		}
		material := newMaterial(t, algorithm)
		verify, err := ours.NewVerify(material)
		if err != nil {
			t.Fatal(err)
		}
		sign, err := ours.NewSign(material)
		if err != nil {
			t.Fatal(err)
		}
		token, err := sign(claims)
		if err != nil {
			t.Fatal(err)
		}
		for _, peer := range Libraries()[1:] {
			t.Run(string(algorithm)+"/"+peer.Name, func(t *testing.T) {
				theirVerify, err := peer.NewVerify(material)
				if errors.Is(err, ErrUnsupported) {
					t.Skip(err)
				}
				if err != nil {
					t.Fatal(err)
				}
				acceptsOnlyUnchanged(t, "ours there", theirVerify, token)
				theirSign, err := peer.NewSign(material)
				if errors.Is(err, ErrUnsupported) {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				theirs, err := theirSign(claims)
				if err != nil {
					t.Fatal(err)
				}
				if peer.Name == "cristalhq/jwt" && strings.HasPrefix(string(algorithm), "PS") {
					// It signs with the longest salt that fits, where RFC 7518 section 3.5 asks for one as long as the hash.
					if err := verify(theirs); !errors.Is(err, core.SignatureInvalid) {
						t.Errorf("a salt of another length: %v", err)
					}
					return
				}
				acceptsOnlyUnchanged(t, "theirs here", verify, theirs)
			})
		}
	}
}

func acceptsOnlyUnchanged(t *testing.T, direction string, verify Verify, token string) {
	t.Helper()
	if err := verify(token); err != nil {
		t.Errorf("%s: %v", direction, err)
	}
	for name, at := range map[string]int{"header": 5, "payload": strings.IndexByte(token, '.') + 20, "signature": strings.LastIndexByte(token, '.') + 20} {
		other := byte('A')
		if token[at] == other {
			other = 'B'
		}
		if err := verify(token[:at] + string(other) + token[at+1:]); err == nil {
			t.Errorf("%s: accepted with a changed %s", direction, name)
		}
	}
}

// TestClaimsAreChecked checks the adapters: the peers do the work that the table says they do.
func TestClaimsAreChecked(t *testing.T) {
	material := newMaterial(t, core.HS256)
	sign, err := Jeton().NewSign(material)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, library := range Libraries() {
		verify, err := library.NewVerify(material)
		if err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func(*Claims){
			"expired":          func(c *Claims) { c.Expiration = now.Unix() - 600 },
			"not yet valid":    func(c *Claims) { c.NotBefore = now.Unix() + 600 },
			"another issuer":   func(c *Claims) { c.Issuer += "/" },
			"another audience": func(c *Claims) { c.Audience = strings.ToUpper(c.Audience) },
		} {
			claims := NewClaims(1, now)
			change(claims)
			token, err := sign(claims)
			if err != nil {
				t.Fatal(err)
			}
			if err := verify(token); err == nil {
				t.Errorf("%s accepts a token that is %s", library.Name, name)
			}
		}
		otherType, err := SignedText(material, `{"alg":"HS256","typ":"dpop+jwt"}`, payloadText(now))
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(otherType); err == nil {
			t.Errorf("%s accepts another type", library.Name)
		}
		if library.Unverified != nil {
			good, err := sign(NewClaims(1, now))
			if err != nil {
				t.Fatal(err)
			}
			if err := library.Unverified(good); err != nil {
				t.Errorf("%s does not read a good token: %v", library.Name, err)
			}
		}
	}
}
