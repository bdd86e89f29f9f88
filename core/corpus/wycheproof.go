package corpus

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The version of Wycheproof that the exceptions were written for, and its checksum in the form of go.sum. It is downloaded when tests
// run, and is no dependency.
const (
	WycheproofModule = "github.com/c2sp/wycheproof@v0.0.0-20260902155932-3fa63dd0344a"
	WycheproofSum    = "h1:pNbL2nztRsWfW/ispAwsvcDFxs9Id38uIsR2/Up5G2c="
)

// wycheproofFiles lists the files whose cases are taken, by their names without "_test.json", and how each is read.
var wycheproofFiles = []struct {
	name      string
	algorithm string
	read      func(*wycheproofGroup, *wycheproofTest, string) (Case, error)
}{
	{"json_web_signature", "", readJWS},
	{"json_web_key", "", readJWS},
	{"hmac_sha256", "HS256", readMAC},
	{"hmac_sha384", "HS384", readMAC},
	{"hmac_sha512", "HS512", readMAC},
	{"ecdsa_secp256r1_sha256_p1363", "ES256", readECDSA},
	{"ecdsa_secp384r1_sha384_p1363", "ES384", readECDSA},
	{"ecdsa_secp521r1_sha512_p1363", "ES512", readECDSA},
	{"ed25519", "EdDSA", readEd25519},
}

// exception is a case whose label we do not follow.
type exception struct {
	file string
	ids  []int
	// keySize and tagSize stand for every test of these groups that is labelled valid.
	keySize, tagSize int
	expect           string
	reason           string
}

// exceptions is every case whose label we do not follow.
var exceptions = []exception{
	{file: "json_web_signature", ids: []int{346, 350}, expect: "algorithm_mismatch",
		reason: "the JWK says PS256 and the token PS384; the key decides (RFC 8725 section 3.1)"},
	{file: "json_web_signature", ids: []int{347, 351}, expect: "key_unsupported",
		reason: "the JWK says ES521, which is no algorithm: a typing error for ES512"},
	{file: "json_web_signature", ids: []int{367, 370}, expect: "payload_malformed",
		reason: "labelled invalid, but to the byte what case 357 is, which is labelled valid"},
	{file: "json_web_signature", ids: []int{372, 373}, expect: "encoding_invalid",
		reason: "labelled valid, but a segment holds characters outside base64url (RFC 7515 section 2)"},
	{file: "hmac_sha256", keySize: 128, expect: "key_too_weak", reason: shortSecret},
	{file: "hmac_sha384", keySize: 192, expect: "key_too_weak", reason: shortSecret},
	{file: "hmac_sha512", keySize: 256, expect: "key_too_weak", reason: shortSecret},
	{file: "hmac_sha256", tagSize: 128, expect: "signature_invalid", reason: shortTag},
	{file: "hmac_sha384", tagSize: 192, expect: "signature_invalid", reason: shortTag},
	{file: "hmac_sha512", tagSize: 256, expect: "signature_invalid", reason: shortTag},
}

const (
	shortSecret = "the secret is shorter than the hash (RFC 7518 section 3.2)"
	shortTag    = "the code is cut short; JWS knows no truncated HMAC (RFC 7518 section 3.2)"
)

func (e *exception) covers(file string, group *wycheproofGroup, test *wycheproofTest) bool {
	switch {
	case e.file != file:
		return false
	case e.ids != nil:
		return slices.Contains(e.ids, test.ID)
	default:
		return test.Result == "valid" && (e.keySize == group.KeySize || e.tagSize == group.TagSize)
	}
}

// wycheproofGroup is a group of tests, whatever the file.
type wycheproofGroup struct {
	Public    json.RawMessage `json:"public"`
	Private   json.RawMessage `json:"private"`
	KeySize   int             `json:"keySize"`
	TagSize   int             `json:"tagSize"`
	PublicKey struct {
		Point string `json:"uncompressed"`
		Key   string `json:"pk"`
	} `json:"publicKey"`
	Tests []wycheproofTest `json:"tests"`
}

type wycheproofTest struct {
	ID     int             `json:"tcId"`
	JWS    json.RawMessage `json:"jws"`
	Key    string          `json:"key"`
	Msg    string          `json:"msg"`
	Tag    string          `json:"tag"`
	Sig    string          `json:"sig"`
	Result string          `json:"result"`
}

// Wycheproof returns the cases of a copy of that collection for everything that this library verifies. Tokens whose signature is good
// expect what their payload deserves; those labelled invalid expect [Refused], because the collection names no codes. It fails when one
// of the exceptions covers no case.
func Wycheproof(directory string) ([]Case, error) {
	var cases []Case
	used := make([]bool, len(exceptions))
	for _, source := range wycheproofFiles {
		data, err := os.ReadFile(filepath.Join(directory, "testvectors_v1", source.name+"_test.json"))
		if err != nil {
			return nil, err
		}
		var content struct {
			NumberOfTests int               `json:"numberOfTests"`
			Groups        []wycheproofGroup `json:"testGroups"`
		}
		if err := json.Unmarshal(data, &content); err != nil {
			return nil, fmt.Errorf("%s: %w", source.name, err)
		}
		before := len(cases)
		for g := range content.Groups {
			group := &content.Groups[g]
			for t := range group.Tests {
				test := &group.Tests[t]
				c, err := source.read(group, test, source.algorithm)
				if err != nil {
					return nil, fmt.Errorf("%s %d: %w", source.name, test.ID, err)
				}
				c.Name, c.Label = fmt.Sprintf("Wycheproof %s %d", source.name, test.ID), test.Result
				for i := range exceptions {
					if exceptions[i].covers(source.name, group, test) {
						used[i], c.Expect, c.Exception = true, exceptions[i].expect, exceptions[i].reason
						break
					}
				}
				cases = append(cases, c)
			}
		}
		if len(cases)-before != content.NumberOfTests {
			return nil, fmt.Errorf("%s: %d cases of %d", source.name, len(cases)-before, content.NumberOfTests)
		}
	}
	if i := slices.Index(used, false); i >= 0 {
		return nil, fmt.Errorf("the exception for %s is not needed: %s", exceptions[i].file, exceptions[i].reason)
	}
	return cases, nil
}

// readJWS takes a token as it stands. Most payloads are no claims; a good signature then shows in that the payload is refused, which
// happens only after it. An empty payload can be signed, but makes no token at all: such a case is about its signature alone.
func readJWS(group *wycheproofGroup, test *wycheproofTest, _ string) (Case, error) {
	c := Case{Kind: KindToken, Keys: string(group.Public), Now: defaultNow, Policy: json.RawMessage(`{"allowMissingExpiration":true}`), Expect: Refused}
	if c.Keys == "" {
		c.Keys = string(group.Private)
	}
	if json.Unmarshal(test.JWS, &c.Token) != nil {
		c.Token = string(test.JWS) // the one in the JSON serialization
	}
	if test.Result != "valid" {
		return c, nil
	}
	if input, signature, empty := strings.Cut(c.Token, ".."); empty {
		return Case{Kind: KindSignature, Keys: c.Keys, Input: string(encode([]byte(input + "."))), Signature: signature, Expect: Accepted}, nil
	}
	c.Expect = "payload_malformed"
	if holdsObject(c.Token) {
		c.Expect = Accepted
	}
	return c, nil
}

// holdsObject reports whether the payload of a compact token is a JSON object.
func holdsObject(token string) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var object map[string]json.RawMessage
	return err == nil && json.Unmarshal(payload, &object) == nil && object != nil
}

// The files for bare primitives sign messages that are no signing input of any token, so their cases are about signatures alone.

func readMAC(_ *wycheproofGroup, test *wycheproofTest, algorithm string) (Case, error) {
	secret, err := hex.DecodeString(test.Key)
	members := map[string]string{"kty": "oct", "alg": algorithm, "k": string(encode(secret))}
	return rawCase(members, test, test.Tag, err)
}

func readECDSA(group *wycheproofGroup, test *wycheproofTest, algorithm string) (Case, error) {
	point, err := hex.DecodeString(group.PublicKey.Point)
	if err == nil && (len(point) < 3 || len(point)%2 == 0) {
		err = errors.New("no uncompressed point")
	}
	if err != nil {
		return Case{}, err
	}
	size := len(point) / 2
	curve := map[string]string{"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}[algorithm]
	members := map[string]string{"kty": "EC", "crv": curve, "alg": algorithm, "x": string(encode(point[1 : 1+size])), "y": string(encode(point[1+size:]))}
	return rawCase(members, test, test.Sig, nil)
}

func readEd25519(group *wycheproofGroup, test *wycheproofTest, algorithm string) (Case, error) {
	public, err := hex.DecodeString(group.PublicKey.Key)
	members := map[string]string{"kty": "OKP", "crv": "Ed25519", "alg": algorithm, "x": string(encode(public))}
	return rawCase(members, test, test.Sig, err)
}

func rawCase(members map[string]string, test *wycheproofTest, signature string, earlier error) (Case, error) {
	jwk, err := json.Marshal(members)
	message, errMessage := hex.DecodeString(test.Msg)
	signed, errSignature := hex.DecodeString(signature)
	c := Case{Kind: KindSignature, Keys: string(jwk), Input: string(encode(message)), Signature: string(encode(signed)), Expect: Refused}
	if test.Result == "valid" {
		c.Expect = Accepted
	}
	return c, errors.Join(earlier, err, errMessage, errSignature)
}
