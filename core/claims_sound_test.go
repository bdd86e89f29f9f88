package core

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestSoundClaimsAreAcceptable sets claims at random, registered ones most of all: whatever a signer need not look at must be what it
// would have accepted.
func TestSoundClaimsAreAcceptable(t *testing.T) {
	names := []string{"exp", "nbf", "iat", "iss", "sub", "jti", "aud", "scope", "EXP", "a\"b", "", "\u00e9"}
	values := []any{
		nil, "", "text", "\"\\\n\u2028", true, false, 0, -1, 1790000000, int32(5), int64(253402300800), uint32(7), uint64(1 << 63),
		1.5, -0.0, 1e300, 1.79e9, 5e-324, time.Unix(1790000000, 0), time.Unix(-1, 0), time.Time{}, []string{}, []string{"api"}, []string{"a", "b"},
		[]any{"a", 1}, []any{}, RawJSON("{}"), RawJSON("[1,"), RawJSON("7"),
	}
	key, err := NewHMACKey(HS256, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	sound := 0
	for range 20000 {
		limits := Limits{Members: 1 + random.IntN(8)}
		signer, err := NewSigner(key, SignerOptions{Limits: limits})
		if err != nil {
			t.Fatal(err)
		}
		claims := NewClaims()
		for range random.IntN(6) {
			switch name := names[random.IntN(len(names))]; random.IntN(12) {
			case 0:
				claims.Remove(name)
			case 1:
				claims.SetExpiration(time.Unix(random.Int64N(1<<40)-1<<38, 0))
			case 2:
				claims.SetAudience([]string{"a", "b", "c"}[:random.IntN(4)]...)
			case 3:
				claims.setText(name, "x")
			case 4:
				claims.setTime(name, time.Unix(5, 0))
			default:
				claims.Set(name, values[random.IntN(len(values))])
			}
		}
		payload, failed := claims.appendJSON(nil)
		if failed != nil || !claims.isSound(signer.limits) {
			continue
		}
		sound++
		if err := signer.checkPayload(payload, new(signingSpace)); err != nil {
			t.Fatalf("sound, but %v: %s", err, payload)
		}
	}
	if sound < 2000 {
		t.Errorf("only %d of the claims were sound", sound)
	}
}

// TestUsualClaimsAreSound holds that the short way is taken at all.
func TestUsualClaimsAreSound(t *testing.T) {
	now := time.Unix(1790000000, 0)
	claims := NewClaims().SetIssuer("https://issuer.example").SetSubject("alice").SetAudience("api", "app").SetID("1").
		SetExpiration(now.Add(time.Minute)).SetIssuedAt(now).SetNotBefore(now).Set("scope", "read").Set("admin", true).Set("level", 1.5)
	limits, err := Limits{}.resolve()
	if err != nil || !claims.isSound(limits) {
		t.Error("not sound")
	}
	if claims.Set("exp", "soon").isSound(limits) {
		t.Error("a text for exp is sound")
	}
}
