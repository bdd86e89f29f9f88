package peers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"math/big"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// Names of the contestants that the reach is computed from.
const (
	nameMAC       = "HMAC alone, its state kept"
	namePrimitive = "the primitive alone"
	nameOurs      = "Jeton VerifyInto"
	nameOwnPart   = "Jeton BeginInto and Finish, no primitive"
)

// Table is one comparison: results for the same work.
type Table struct {
	Title   string   `json:"title"`
	Note    string   `json:"note"`
	Ours    string   `json:"ours"`  // the result that the others are divided by
	Floor   string   `json:"floor"` // the result that ours are divided by: what nobody can do without
	Results []Result `json:"results"`
}

// Of returns the nanoseconds of a result, or 0 when there is none of that name.
func (t *Table) Of(name string) float64 {
	for _, result := range t.Results {
		if result.Name == name {
			return result.Nanoseconds
		}
	}
	return 0
}

// tokensOf returns Inputs tokens of different claims, under our usual header or under one of its own each.
func tokensOf(material *Material, unusual bool) ([]string, error) {
	tokens := make([]string, Inputs)
	for i := range tokens {
		payload, err := json.Marshal(NewClaims(i, time.Now()))
		if err != nil {
			return nil, err
		}
		header := `{"alg":"` + string(material.Algorithm) + `","typ":"JWT"}`
		if unusual {
			header = fmt.Sprintf(`{"alg":"%s","kid":"2026-11-%03d","typ":"JWT"}`, material.Algorithm, i)
		}
		if tokens[i], err = SignedText(material, header, string(payload)); err != nil {
			return nil, err
		}
	}
	return tokens, nil
}

// VerifyTable compares complete verifications: what Verify says. With unusual set no two tokens share a header, so that nobody gains by
// knowing one beforehand.
func VerifyTable(plan Plan, algorithm core.Algorithm, unusual bool) (*Table, error) {
	material, err := NewMaterial(algorithm)
	if err != nil {
		return nil, err
	}
	tokens, err := tokensOf(material, unusual)
	if err != nil {
		return nil, err
	}
	verifier, err := NewJetonVerifier(material)
	if err != nil {
		return nil, err
	}
	table := &Table{Title: string(algorithm) + " verify", Note: "signature, exp, nbf, iat, iss, aud, typ", Ours: nameOurs, Floor: namePrimitive}
	if unusual {
		table.Title += ", a header not seen before"
	}
	if material.Secret != nil {
		table.Floor = nameMAC
	}
	var token core.Token
	var pending core.PendingVerification
	contestants := []Contestant{
		{table.Floor, primitiveOf(material, tokens)},
		{nameOwnPart, func(i int) error {
			if err := verifier.BeginInto(&pending, tokens[i]); err != nil {
				return err
			}
			_, err := pending.Finish(true)
			return err
		}},
		{nameOurs, func(i int) error { return verifier.VerifyInto(&token, tokens[i]) }},
	}
	for _, library := range Libraries() {
		verify, err := library.NewVerify(material)
		if errors.Is(err, ErrUnsupported) {
			continue
		}
		if err != nil {
			return nil, err
		}
		name := library.Name
		if name == "Jeton" {
			name = "Jeton Verify"
		}
		contestants = append(contestants, Contestant{name, func(i int) error { return verify(tokens[i]) }})
	}
	table.Results, err = Measure(plan, contestants)
	return table, err
}

// EncodeTable compares making HS256 tokens: from claims, and from a payload that is JSON already.
func EncodeTable(plan Plan) (*Table, error) {
	material, err := NewMaterial(core.HS256)
	if err != nil {
		return nil, err
	}
	key, err := material.Key()
	if err != nil {
		return nil, err
	}
	signer, err := core.NewSigner(key, core.SignerOptions{})
	if err != nil {
		return nil, err
	}
	builder, err := CristalhqBuilder(material)
	if err != nil {
		return nil, err
	}
	tokens, err := tokensOf(material, false)
	if err != nil {
		return nil, err
	}
	claims, kept, payloads := make([]*Claims, Inputs), make([]*core.Claims, Inputs), make([][]byte, Inputs)
	for i := range claims {
		claims[i] = NewClaims(i, time.Now())
		kept[i] = JetonClaims(claims[i])
		if payloads[i], err = json.Marshal(claims[i]); err != nil {
			return nil, err
		}
	}
	var space []byte
	contestants := []Contestant{
		{nameMAC, primitiveOf(material, tokens)},
		{"Jeton AppendEncode, of JSON", func(i int) (err error) {
			space, err = signer.AppendEncode(space[:0], payloads[i])
			return err
		}},
		{"Jeton Encode, of claims kept", func(i int) error {
			_, err := signer.Encode(kept[i])
			return err
		}},
		{"cristalhq/jwt Build, of JSON", func(i int) error {
			_, err := builder.Build(payloads[i])
			return err
		}},
	}
	for _, library := range Libraries() {
		sign, err := library.NewSign(material)
		if err != nil {
			return nil, err
		}
		contestants = append(contestants, Contestant{library.Name + ", of claims", func(i int) error {
			_, err := sign(claims[i])
			return err
		}})
	}
	table := &Table{Title: "HS256 encode", Note: "of JSON: ours is checked as strictly as what is verified, theirs is not", Ours: "Jeton AppendEncode, of JSON", Floor: nameMAC}
	table.Results, err = Measure(plan, contestants)
	return table, err
}

// DecodeTable compares reading tokens without checking their signature.
func DecodeTable(plan Plan) (*Table, error) {
	material, err := NewMaterial(core.HS256)
	if err != nil {
		return nil, err
	}
	tokens, err := tokensOf(material, false)
	if err != nil {
		return nil, err
	}
	var decoded core.Unverified
	contestants := []Contestant{{"Jeton DecodeInto", func(i int) error { return core.DecodeInto(&decoded, tokens[i]) }}}
	for _, library := range Libraries() {
		if library.Unverified == nil {
			continue
		}
		name := library.Name
		if name == "Jeton" {
			name = "Jeton Decode"
		}
		contestants = append(contestants, Contestant{name, func(i int) error { return library.Unverified(tokens[i]) }})
	}
	table := &Table{Title: "Decode", Note: "header and payload read, nothing checked", Ours: "Jeton DecodeInto", Floor: "Jeton DecodeInto"}
	table.Results, err = Measure(plan, contestants)
	return table, err
}

// primitiveOf returns the bare primitive over the signing inputs of the tokens, which cannot be done without. A MAC keeps its state; the
// others hash and verify.
func primitiveOf(material *Material, tokens []string) func(int) error {
	inputs, signatures := make([][]byte, len(tokens)), make([][]byte, len(tokens))
	for i, token := range tokens {
		end := strings.LastIndexByte(token, '.')
		inputs[i] = []byte(token[:end])
		signatures[i], _ = base64.RawURLEncoding.DecodeString(token[end+1:])
	}
	wrong := errors.New("the signature does not match")
	verdict := func(ok bool) error {
		if !ok {
			return wrong
		}
		return nil
	}
	switch key := material.VerifyingKey().(type) {
	case []byte:
		var mac hash.Hash = hmac.New(sha256.New, key)
		var sum [sha256.Size]byte
		return func(i int) error {
			mac.Reset()
			mac.Write(inputs[i])
			return verdict(hmac.Equal(mac.Sum(sum[:0]), signatures[i]))
		}
	case *rsa.PublicKey:
		if material.Algorithm == core.PS256 {
			options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
			return func(i int) error {
				digest := sha256.Sum256(inputs[i])
				return rsa.VerifyPSS(key, crypto.SHA256, digest[:], signatures[i], options)
			}
		}
		return func(i int) error {
			digest := sha256.Sum256(inputs[i])
			return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signatures[i])
		}
	case *ecdsa.PublicKey:
		return func(i int) error {
			digest := sha256.Sum256(inputs[i])
			r, s := new(big.Int).SetBytes(signatures[i][:32]), new(big.Int).SetBytes(signatures[i][32:])
			return verdict(ecdsa.Verify(key, digest[:], r, s))
		}
	case ed25519.PublicKey:
		return func(i int) error { return verdict(ed25519.Verify(key, inputs[i], signatures[i])) }
	}
	return func(int) error { return ErrUnsupported }
}
