package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwe"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// withSegment returns the token with another segment i.
func withSegment(token string, i int, segment string) string {
	parts := strings.Split(token, ".")
	parts[i] = segment
	return strings.Join(parts, ".")
}

// withBytes returns the token with the bytes of segment i changed.
func withBytes(t testing.TB, token string, i int, change func([]byte) []byte) string {
	t.Helper()
	data, err := decodeSegment(strings.Split(token, ".")[i])
	if err != nil {
		t.Fatal(err)
	}
	return withSegment(token, i, base64.RawURLEncoding.EncodeToString(change(data)))
}

func decodeSegment(text string) ([]byte, error) { return base64.RawURLEncoding.DecodeString(text) }

func headerOf(t testing.TB, token string) string {
	t.Helper()
	data, err := decodeSegment(strings.Split(token, ".")[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// withMember returns the token with a member of its header set to a JSON value, or taken out for "".
func withMember(t testing.TB, token, name, value string) string {
	t.Helper()
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(headerOf(t, token)), &members); err != nil {
		t.Fatal(err)
	}
	delete(members, name)
	if value != "" {
		members[name] = json.RawMessage(value)
	}
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return withSegment(token, 0, segment(string(text)))
}

// secretOf returns the bytes of a key for dir or A256GCMKW.
func secretOf(t testing.TB, key *keys.EncryptionKey) []byte {
	t.Helper()
	text, err := key.MarshalJWK()
	if err != nil {
		t.Fatal(err)
	}
	var members struct{ K string }
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	secret, err := base64.RawURLEncoding.DecodeString(members.K)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func flip(at int) func([]byte) []byte {
	return func(data []byte) []byte {
		data[(at%len(data)+len(data))%len(data)] ^= 1
		return data
	}
}

func cut(n int) func([]byte) []byte { return func(data []byte) []byte { return data[:len(data)-n] } }

func grown(data []byte) []byte { return append(data, 0) }

func none([]byte) []byte { return nil }

// TestE1PBES2Count: an iteration count in a header costs nothing, because nothing here counts.
func TestE1PBES2Count(t *testing.T) {
	n := newNesting(t, generated(t, keys.A256GCMKW, keys.A256GCM), keys.DecryptOptions{})
	good := n.encode(t)
	for _, algorithm := range []string{"PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"} {
		for _, count := range []string{"", "0", "999", "1000000000", "9223372036854775808", "1.5", "-1"} {
			token := withMember(t, withMember(t, withMember(t, good, "p2s", `"AAAAAAAAAAA"`), "p2c", count), "alg", `"`+algorithm+`"`)
			n.wantRefused(t, token, core.AlgorithmUnsupported)
		}
	}
}

// TestE2ZipBomb: compressed content is refused unless asked for, and then up to a cap.
func TestE2ZipBomb(t *testing.T) {
	key := generated(t, keys.Direct, keys.A256GCM)
	strict := newNesting(t, key, keys.DecryptOptions{})
	lenient := newNesting(t, key, keys.DecryptOptions{TokenBytes: 1 << 20, Decompress: true})
	header := jwe.NewHeaders()
	header.Set("cty", "JWT")
	compressed := func(content string) string {
		t.Helper()
		token, err := jwe.Encrypt([]byte(content), jwe.WithKey(jwa.DIRECT, secretOf(t, key)), jwe.WithCompress(jwa.Deflate), jwe.WithProtectedHeaders(header))
		if err != nil {
			t.Fatal(err)
		}
		return string(token)
	}
	honest := compressed(tokenOf(t, lenient.signing))
	strict.wantRefused(t, honest, core.AlgorithmUnsupported)
	lenient.wantAlice(t, honest)
	lenient.wantRefused(t, withMember(t, honest, "zip", `"GZIP"`), core.AlgorithmUnsupported)
	lenient.wantRefused(t, withMember(t, honest, "zip", `1`), core.HeaderMalformed)

	// Up to the cap it is a text that is no token; one byte more is no text at all.
	lenient.wantRefused(t, compressed(strings.Repeat("A", 250_000)), core.TokenTooLarge)
	lenient.wantRefused(t, compressed(strings.Repeat("A", 250_001)), core.DecryptionFailed)
	bomb := compressed(strings.Repeat("A", 100<<20))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	lenient.wantRefused(t, bomb, core.DecryptionFailed)
	runtime.ReadMemStats(&after)
	if grew := after.TotalAlloc - before.TotalAlloc; grew > 20<<20 {
		t.Errorf("%d bytes were allocated for a bomb of %d", grew, len(bomb))
	}
}

// TestE3CBCHMAC: whatever is altered in the ciphertext, the padding within or the tag, the answer is the same.
func TestE3CBCHMAC(t *testing.T) {
	forEachPair(t, func(t *testing.T, n *nesting) {
		good := n.encode(t)
		texts := map[string]bool{}
		for segmentIndex := 2; segmentIndex <= 4; segmentIndex++ {
			for _, change := range []func([]byte) []byte{flip(0), flip(-1), flip(-16), flip(-17), cut(1), cut(4), cut(8), cut(12), grown, none, func(data []byte) []byte { return append(data, data...) }} {
				token := withBytes(t, good, segmentIndex, change)
				n.wantRefused(t, token, core.DecryptionFailed)
				_, err := n.decrypter.Verify(token)
				texts[err.Error()] = true
			}
		}
		// The same bytes with the border between ciphertext and tag moved: another spelling of one token.
		parts := strings.Split(good, ".")
		ciphertext, _ := decodeSegment(parts[3])
		tag, _ := decodeSegment(parts[4])
		joined := append(ciphertext, tag...)
		for _, border := range []int{0, len(ciphertext) - 16, len(ciphertext) - 1, len(ciphertext) + 1, len(joined)} {
			moved := withSegment(withSegment(good, 3, base64.RawURLEncoding.EncodeToString(joined[:border])), 4, base64.RawURLEncoding.EncodeToString(joined[border:]))
			n.wantRefused(t, moved, core.DecryptionFailed)
		}
		// Every value of the last byte before the last block: what a padding oracle would ask.
		for value := range 256 {
			token := withBytes(t, good, 3, func(data []byte) []byte {
				if len(data) >= 17 {
					data[len(data)-17] ^= byte(value)
				}
				return data
			})
			if value == 0 {
				n.wantAlice(t, token)
				continue
			}
			_, err := n.decrypter.Verify(token)
			wantCode(t, err, core.DecryptionFailed)
			texts[err.Error()] = true
		}
		if len(texts) != 1 {
			t.Errorf("%d different answers: %v", len(texts), texts)
		}
	})
}

// TestE4RSA15: PKCS #1 v1.5 is not there, whatever the key.
func TestE4RSA15(t *testing.T) {
	for _, algorithm := range keyAlgorithms {
		n := newNesting(t, generated(t, algorithm, keys.A256GCM), keys.DecryptOptions{})
		n.wantRefused(t, withMember(t, n.encode(t), "alg", `"RSA1_5"`), core.AlgorithmUnsupported)
		if _, err := keys.GenerateEncryptionKey("RSA1_5", keys.A256GCM); err == nil {
			t.Error("a key for RSA1_5")
		}
	}
}

// TestE5KeyOfAnotherAlgorithm: a key for one algorithm is none for another of the same kind.
func TestE5KeyOfAnotherAlgorithm(t *testing.T) {
	for _, own := range keyAlgorithms {
		n := newNesting(t, generated(t, own, keys.A256GCM), keys.DecryptOptions{})
		good := n.encode(t)
		for _, other := range keyAlgorithms {
			if other != own {
				n.wantRefused(t, withMember(t, good, "alg", `"`+string(other)+`"`), core.AlgorithmMismatch)
			}
		}
		for _, other := range []string{"RSA-OAEP", "A128KW", "A256KW", "A128GCMKW", "ECDH-ES+A128KW", "none", ""} {
			n.wantRefused(t, withMember(t, good, "alg", `"`+other+`"`), core.AlgorithmUnsupported)
		}
	}
}

// TestE6EncryptedKey: an encrypted key of any other length or content fails as one that does not decrypt, and none panics.
func TestE6EncryptedKey(t *testing.T) {
	forEachPair(t, func(t *testing.T, n *nesting) {
		good := n.encode(t)
		for length := range 70 {
			if want := len(strings.Split(good, ".")[1]); length == want*3/4 {
				continue
			}
			n.wantRefused(t, withSegment(good, 1, base64.RawURLEncoding.EncodeToString(make([]byte, length))), core.DecryptionFailed)
		}
		if strings.Split(good, ".")[1] == "" {
			return
		}
		for _, change := range []func([]byte) []byte{flip(0), flip(-1), cut(1), cut(8), grown, none, func(data []byte) []byte { return make([]byte, len(data)) }} {
			n.wantRefused(t, withBytes(t, good, 1, change), core.DecryptionFailed)
		}
	})
}

// TestE7EphemeralKey: "epk" must be a public key on the curve of the key, and nothing else.
func TestE7EphemeralKey(t *testing.T) {
	point := func(curve elliptic.Curve) (x, y string) {
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		data, err := private.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		half := len(data) / 2
		return base64.RawURLEncoding.EncodeToString(data[1 : 1+half]), base64.RawURLEncoding.EncodeToString(data[1+half:])
	}
	x, y := point(elliptic.P256())
	x384, y384 := point(elliptic.P384())
	zero := strings.Repeat("A", 43)
	for _, algorithm := range []keys.KeyAlgorithm{keys.ECDHES, keys.ECDHESA256KW} {
		n := newNesting(t, generated(t, algorithm, keys.A256GCM), keys.DecryptOptions{})
		good := n.encode(t)
		for name, epk := range map[string]string{
			"missing":                `` + "",
			"null":                   `null`,
			"a string":               `"epk"`,
			"an array":               `[]`,
			"empty":                  `{}`,
			"off the curve":          `{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + x + `"}`,
			"infinity":               `{"kty":"EC","crv":"P-256","x":"` + zero + `","y":"` + zero + `"}`,
			"another curve":          `{"kty":"EC","crv":"P-384","x":"` + x384 + `","y":"` + y384 + `"}`,
			"another curve's name":   `{"kty":"EC","crv":"P-384","x":"` + x + `","y":"` + y + `"}`,
			"another curve's point":  `{"kty":"EC","crv":"P-256","x":"` + x384 + `","y":"` + y384 + `"}`,
			"X25519 with zeros":      `{"kty":"OKP","crv":"X25519","x":"` + zero + `"}`,
			"with a private part":    `{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + y + `","d":"` + zero + `"}`,
			"a secret":               `{"kty":"oct","k":"` + zero + `"}`,
			"no y":                   `{"kty":"EC","crv":"P-256","x":"` + x + `"}`,
			"x a number":             `{"kty":"EC","crv":"P-256","x":1,"y":"` + y + `"}`,
			"x with padding":         `{"kty":"EC","crv":"P-256","x":"` + x + `=","y":"` + y + `"}`,
			"x cut short":            `{"kty":"EC","crv":"P-256","x":"` + x[:40] + `","y":"` + y + `"}`,
			"coordinates beyond":     `{"kty":"EC","crv":"P-256","x":"` + strings.Repeat("_", 42) + `8","y":"` + y + `"}`,
			"a name in another case": `{"KTY":"EC","crv":"P-256","x":"` + x + `","y":"` + y + `"}`,
		} {
			t.Run(string(algorithm)+" "+name, func(t *testing.T) {
				n.wantRefused(t, withMember(t, good, "epk", epk), core.HeaderMalformed)
			})
		}
		n.wantRefused(t, withMember(t, good, "epk", `{"kty":"EC","crv":"P-256","x":"`+x+`","y":"`+y+`"}`), core.DecryptionFailed)
		for _, info := range []string{`1`, `"="`, `"AB"`, `"` + strings.Repeat("A", 400) + `"`, `["QQ"]`} {
			n.wantRefused(t, withMember(t, good, "apu", info), core.HeaderMalformed)
			n.wantRefused(t, withMember(t, good, "apv", info), core.HeaderMalformed)
		}
		n.wantRefused(t, withMember(t, good, "apu", `"QQ"`), core.DecryptionFailed)
	}
}

// TestE8ContentKey: a secret of the wrong size is refused when the key is made, and another enc when the token is read.
func TestE8ContentKey(t *testing.T) {
	for _, length := range []int{0, 16, 24, 31, 33, 48, 64} {
		for _, content := range contentAlgorithms {
			_, err := keys.NewSecretEncryptionKey(keys.Direct, content, make([]byte, length))
			wantCode(t, err, core.KeyMalformed)
		}
	}
	forEachPair(t, func(t *testing.T, n *nesting) {
		good := n.encode(t)
		for _, content := range contentAlgorithms {
			if content != n.key.ContentAlgorithm() {
				n.wantRefused(t, withMember(t, good, "enc", `"`+string(content)+`"`), core.AlgorithmMismatch)
			}
		}
		n.wantRefused(t, withMember(t, good, "enc", `"A256CBC-HS512"`), core.AlgorithmUnsupported)
	})
	// A sender who wraps a content key of another size has the right key, and still gets the one answer.
	key := generated(t, keys.A256GCMKW, keys.A256GCM)
	n := newNesting(t, key, keys.DecryptOptions{})
	header := jwe.NewHeaders()
	header.Set("cty", "JWT")
	short, err := jwe.Encrypt([]byte(tokenOf(t, n.signing)), jwe.WithKey(jwa.A256GCMKW, secretOf(t, key)), jwe.WithContentEncryption(jwa.A128GCM), jwe.WithProtectedHeaders(header))
	if err != nil {
		t.Fatal(err)
	}
	n.wantRefused(t, string(short), core.AlgorithmUnsupported)
	n.wantRefused(t, withMember(t, string(short), "enc", `"A256GCM"`), core.DecryptionFailed)
}

// TestE9ManyRecipients: the JSON serializations, which alone have more than one recipient, are not read.
func TestE9ManyRecipients(t *testing.T) {
	n := newNesting(t, generated(t, keys.Direct, keys.A256GCM), keys.DecryptOptions{TokenBytes: 1 << 20})
	parts := strings.Split(n.encode(t), ".")
	flat := `{"protected":"` + parts[0] + `","iv":"` + parts[2] + `","ciphertext":"` + parts[3] + `","tag":"` + parts[4] + `"`
	n.wantRefused(t, flat+`}`, core.TokenMalformed)
	n.wantRefused(t, flat+`,"recipients":[`+strings.TrimSuffix(strings.Repeat("{},", 100_000), ",")+`]}`, core.TokenMalformed)
	n.wantRefused(t, flat+`,"recipients":[`+strings.TrimSuffix(strings.Repeat("{},", 1_000_000), ",")+`]}`, core.TokenTooLarge)
	n.wantRefused(t, flat+`,"x":"...."}`, core.EncodingInvalid)
}

// TestE10GCMLengths: an iv or tag of any other length is refused, in the segments and in the header of a wrapped key.
func TestE10GCMLengths(t *testing.T) {
	n := newNesting(t, generated(t, keys.A256GCMKW, keys.A256GCM), keys.DecryptOptions{})
	good := n.encode(t)
	for length := range 33 {
		data := make([]byte, length)
		text := base64.RawURLEncoding.EncodeToString(data)
		n.wantRefused(t, withSegment(good, 2, text), core.DecryptionFailed)
		n.wantRefused(t, withSegment(good, 4, text), core.DecryptionFailed)
		want := map[bool]core.Code{true: core.DecryptionFailed, false: core.HeaderMalformed}
		n.wantRefused(t, withMember(t, good, "iv", `"`+text+`"`), want[length == 12])
		n.wantRefused(t, withMember(t, good, "tag", `"`+text+`"`), want[length == 16])
	}
	for _, length := range []int{1, 4, 8, 12} { // the real tag, cut short
		n.wantRefused(t, withBytes(t, good, 4, cut(length)), core.DecryptionFailed)
	}
	for _, value := range []string{"", "null", "12", `"="`, `["AAAAAAAAAAAAAAAA"]`} {
		n.wantRefused(t, withMember(t, good, "iv", value), core.HeaderMalformed)
		n.wantRefused(t, withMember(t, good, "tag", value), core.HeaderMalformed)
	}
}

// TestE11AADLength: no header that is read is long enough for its length in bits to overflow 32 bits, and the longest is still measured
// right.
func TestE11AADLength(t *testing.T) {
	key := generated(t, keys.Direct, keys.A128CBCHS256)
	if _, err := keys.NewDecrypter(key, must[*core.Verifier](t)(core.NewVerifier(named(t, core.ES256, ""), core.Policy{})), keys.DecryptOptions{TokenBytes: 1 << 28}); err == nil {
		t.Fatal("a header of 2^31 bits would be read")
	}
	n := newNesting(t, key, keys.DecryptOptions{TokenBytes: 1 << 20})
	header := jwe.NewHeaders()
	header.Set("cty", "JWT")
	header.Set("filling", strings.Repeat("A", 780_000))
	long, err := jwe.Encrypt([]byte(tokenOf(t, n.signing)), jwe.WithKey(jwa.DIRECT, secretOf(t, key)), jwe.WithContentEncryption(jwa.A128CBC_HS256), jwe.WithProtectedHeaders(header))
	if err != nil {
		t.Fatal(err)
	}
	n.wantAlice(t, string(long))
	n.wantRefused(t, string(long)+strings.Repeat("A", 1<<20-len(long)+1), core.TokenTooLarge)
}
