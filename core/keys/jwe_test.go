package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwe"
	jwxkey "github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

var (
	keyAlgorithms     = []keys.KeyAlgorithm{keys.Direct, keys.A256GCMKW, keys.ECDHES, keys.ECDHESA256KW, keys.RSAOAEP256}
	contentAlgorithms = []keys.ContentAlgorithm{keys.A256GCM, keys.A128CBCHS256}
)

// nesting is both ends of a nested token.
type nesting struct {
	key       *keys.EncryptionKey
	signing   *core.Key
	encrypter *keys.Encrypter
	decrypter *keys.Decrypter
}

func newNesting(t testing.TB, key *keys.EncryptionKey, options keys.DecryptOptions) *nesting {
	t.Helper()
	n := &nesting{key: key, signing: named(t, core.ES256, "")}
	signer, err := core.NewSigner(n.signing, core.SignerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := core.NewVerifier(n.signing, core.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	if n.encrypter, err = keys.NewEncrypter(signer, key); err != nil {
		t.Fatal(err)
	}
	if n.decrypter, err = keys.NewDecrypter(key, verifier, options); err != nil {
		t.Fatal(err)
	}
	return n
}

func generated(t testing.TB, algorithm keys.KeyAlgorithm, content keys.ContentAlgorithm) *keys.EncryptionKey {
	t.Helper()
	key, err := keys.GenerateEncryptionKey(algorithm, content)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (n *nesting) encode(t testing.TB) string {
	t.Helper()
	token, err := n.encrypter.Encode(core.NewClaims().SetSubject("alice").SetExpiration(time.Now().Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// wantAlice fails the test unless the token is good.
func (n *nesting) wantAlice(t testing.TB, token string) {
	t.Helper()
	verified, err := n.decrypter.Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	if subject, _ := verified.Subject(); subject != "alice" {
		t.Fatalf("subject %q", subject)
	}
}

func (n *nesting) wantRefused(t testing.TB, token string, want core.Code) {
	t.Helper()
	verified, err := n.decrypter.Verify(token)
	wantCode(t, err, want)
	if verified != nil {
		t.Fatal("a token beside the error")
	}
}

// forEachPair runs a test for every pair of algorithms.
func forEachPair(t *testing.T, test func(t *testing.T, n *nesting)) {
	for _, algorithm := range keyAlgorithms {
		for _, content := range contentAlgorithms {
			t.Run(string(algorithm)+" "+string(content), func(t *testing.T) {
				test(t, newNesting(t, generated(t, algorithm, content), keys.DecryptOptions{}))
			})
		}
	}
}

// TestNestedTokensOfJWX holds both ends against jwx's own: each opens what the other made, with the key handed over as a JWK.
func TestNestedTokensOfJWX(t *testing.T) {
	forEachPair(t, func(t *testing.T, n *nesting) {
		text, err := n.key.MarshalJWK()
		if err != nil {
			t.Fatal(err)
		}
		theirs := must[jwxkey.Key](t)(jwxkey.ParseKey(text))
		public := theirs
		if theirs.KeyType() != jwa.OctetSeq {
			public = must[jwxkey.Key](t)(theirs.PublicKey())
		}
		algorithm := jwa.KeyEncryptionAlgorithm(n.key.Algorithm())
		n.wantAlice(t, n.encode(t))

		content := must[[]byte](t)(jwe.Decrypt([]byte(n.encode(t)), jwe.WithKey(algorithm, theirs)))
		if _, err := core.Verify(string(content), n.signing, core.Policy{}); err != nil {
			t.Errorf("what jwx decrypted: %v", err)
		}

		header := jwe.NewHeaders()
		header.Set("cty", "JWT")
		made := must[[]byte](t)(jwe.Encrypt([]byte(tokenOf(t, n.signing)), jwe.WithKey(algorithm, public), jwe.WithContentEncryption(jwa.ContentEncryptionAlgorithm(n.key.ContentAlgorithm())), jwe.WithProtectedHeaders(header)))
		n.wantAlice(t, string(made))

		again := must[*keys.EncryptionKey](t)(keys.ParseEncryptionJWK(text, n.key.Algorithm(), n.key.ContentAlgorithm()))
		token := n.encode(t)
		n = &nesting{key: again, signing: n.signing, encrypter: n.encrypter, decrypter: must[*keys.Decrypter](t)(keys.NewDecrypter(again, must[*core.Verifier](t)(core.NewVerifier(n.signing, core.Policy{})), keys.DecryptOptions{}))}
		n.wantAlice(t, token)
	})
}

func TestNestedTokensOnEveryCurve(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		t.Run(curve.Params().Name, func(t *testing.T) {
			private := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(curve, rand.Reader))
			text := block("PRIVATE KEY", must[[]byte](t)(x509.MarshalPKCS8PrivateKey(private)))
			for _, algorithm := range []keys.KeyAlgorithm{keys.ECDHES, keys.ECDHESA256KW} {
				n := newNesting(t, must[*keys.EncryptionKey](t)(keys.ParseEncryptionPEM([]byte(text), algorithm, keys.A256GCM)), keys.DecryptOptions{})
				n.wantAlice(t, n.encode(t))
			}
		})
	}
}

// TestNestedTokenWithPartyInfo opens what jwx made with "apu" and "apv", which go into the agreed key.
func TestNestedTokenWithPartyInfo(t *testing.T) {
	n := newNesting(t, generated(t, keys.ECDHES, keys.A256GCM), keys.DecryptOptions{})
	theirs := must[jwxkey.Key](t)(jwxkey.ParseKey(must[[]byte](t)(n.key.MarshalJWK())))
	protected, recipient := jwe.NewHeaders(), jwe.NewHeaders()
	protected.Set("cty", "JWT")
	recipient.Set("apu", []byte("Alice"))
	recipient.Set("apv", []byte("Bob"))
	made := must[[]byte](t)(jwe.Encrypt([]byte(tokenOf(t, n.signing)), jwe.WithKey(jwa.ECDH_ES, must[jwxkey.Key](t)(theirs.PublicKey()), jwe.WithPerRecipientHeaders(recipient)), jwe.WithProtectedHeaders(protected)))
	n.wantAlice(t, string(made))
	if !strings.Contains(headerOf(t, string(made)), `"apu"`) {
		t.Error("jwx left apu out")
	}
}

func TestNestedTokenInside(t *testing.T) {
	n := newNesting(t, generated(t, keys.Direct, keys.A256GCM), keys.DecryptOptions{})
	expired := must[string](t)(core.Encode(core.NewClaims().SetExpiration(time.Unix(1, 0)), n.signing))
	for name, test := range map[string]struct {
		content string
		want    core.Code
	}{
		"signed by another":     {tokenOf(t, named(t, core.ES256, "")), core.SignatureInvalid},
		"expired":               {expired, core.TokenExpired},
		"not signed at all":     {segment(`{"alg":"none"}`) + "." + segment(`{"exp":4102444800}`) + ".", core.AlgorithmUnsupported},
		"claims without a form": {`{"sub":"alice","exp":4102444800}`, core.TokenMalformed},
		"nothing but a letter":  {"x", core.TokenMalformed},
		"encrypted once more":   {n.encode(t), core.TokenMalformed},
		"white space around it": {" " + tokenOf(t, n.signing), core.EncodingInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			n.wantRefused(t, must[string](t)(n.encrypter.Seal(test.content)), test.want)
		})
	}
}

func TestNestedTokenHeader(t *testing.T) {
	key := must[*keys.EncryptionKey](t)(generated(t, keys.Direct, keys.A256GCM).WithID("2026-01"))
	n := newNesting(t, key, keys.DecryptOptions{})
	good := n.encode(t)
	var header map[string]any
	if err := json.Unmarshal([]byte(headerOf(t, good)), &header); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"alg": "dir", "enc": "A256GCM", "kid": "2026-01", "cty": "JWT", "typ": "JWT"} {
		if header[name] != want {
			t.Errorf("%s is %v", name, header[name])
		}
	}
	const start = `{"alg":"dir","enc":"A256GCM","cty":"JWT"`
	for name, test := range map[string]struct {
		header string
		want   core.Code
	}{
		"crit":                      {start + `,"crit":["exp"],"exp":1}`, core.CriticalUnsupported},
		"crit, empty":               {start + `,"crit":[]}`, core.CriticalUnsupported},
		"no alg":                    {`{"enc":"A256GCM","cty":"JWT"}`, core.HeaderMalformed},
		"alg a number":              {`{"alg":1,"enc":"A256GCM","cty":"JWT"}`, core.HeaderMalformed},
		"alg twice":                 {start + `,"alg":"dir"}`, core.HeaderMalformed},
		"alg in another case":       {`{"ALG":"dir","enc":"A256GCM","cty":"JWT"}`, core.HeaderMalformed},
		"alg value in another case": {`{"alg":"DIR","enc":"A256GCM","cty":"JWT"}`, core.AlgorithmUnsupported},
		"alg of a signature":        {`{"alg":"HS256","enc":"A256GCM","cty":"JWT"}`, core.AlgorithmUnsupported},
		"another alg":               {`{"alg":"A256GCMKW","enc":"A256GCM","cty":"JWT"}`, core.AlgorithmMismatch},
		"no enc":                    {`{"alg":"dir","cty":"JWT"}`, core.HeaderMalformed},
		"another enc":               {`{"alg":"dir","enc":"A128CBC-HS256","cty":"JWT"}`, core.AlgorithmMismatch},
		"an enc that is not there":  {`{"alg":"dir","enc":"A128GCM","cty":"JWT"}`, core.AlgorithmUnsupported},
		"another kid":               {start + `,"kid":"2026-02"}`, core.KeyNotFound},
		"kid a number":              {start + `,"kid":1}`, core.HeaderMalformed},
		"kid too long":              {start + `,"kid":"` + strings.Repeat("k", 257) + `"}`, core.HeaderMalformed},
		"no cty":                    {`{"alg":"dir","enc":"A256GCM"}`, core.TypeMismatch},
		"another cty":               {`{"alg":"dir","enc":"A256GCM","cty":"text"}`, core.TypeMismatch},
		"cty an object":             {`{"alg":"dir","enc":"A256GCM","cty":{}}`, core.HeaderMalformed},
		"typ an array":              {start + `,"typ":[]}`, core.HeaderMalformed},
		"two objects":               {start + `}{}`, core.HeaderMalformed},
		"an array":                  {`[]`, core.HeaderMalformed},
		"not UTF-8":                 {start + ",\"x\":\"\xff\"}", core.HeaderMalformed},
		"deep":                      {start + `,"x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, core.LimitExceeded},
		"another header":            {start + `}`, core.DecryptionFailed},
		"keys that nobody reads":    {start + `,"jwk":{"kty":"oct","k":"AA"},"jku":"http://127.0.0.1:1/","x5u":"http://127.0.0.1:1/","x5c":["AA"]}`, core.DecryptionFailed},
	} {
		t.Run(name, func(t *testing.T) {
			n.wantRefused(t, withSegment(good, 0, segment(test.header)), test.want)
		})
	}
	for name, cty := range map[string]string{"lower case": "jwt", "a media type": "application/JWT"} {
		t.Run(name, func(t *testing.T) {
			header := jwe.NewHeaders()
			header.Set("cty", cty)
			secret := secretOf(t, key)
			n.wantAlice(t, string(must[[]byte](t)(jwe.Encrypt([]byte(tokenOf(t, n.signing)), jwe.WithKey(jwa.DIRECT, secret), jwe.WithProtectedHeaders(header)))))
		})
	}
}

func TestNestedTokenForm(t *testing.T) {
	n := newNesting(t, generated(t, keys.A256GCMKW, keys.A128CBCHS256), keys.DecryptOptions{})
	good := n.encode(t)
	parts := strings.Split(good, ".")
	for name, test := range map[string]struct {
		token string
		want  core.Code
	}{
		"empty":                 {"", core.TokenMalformed},
		"dots":                  {"....", core.TokenMalformed},
		"a million dots":        {strings.Repeat(".", 1_000_000), core.TokenTooLarge},
		"four segments":         {strings.Join(parts[:4], "."), core.TokenMalformed},
		"six segments":          {good + ".AA", core.TokenMalformed},
		"a dot behind":          {good + ".", core.TokenMalformed},
		"a signed token":        {tokenOf(t, n.signing), core.TokenMalformed},
		"no header":             {withSegment(good, 0, ""), core.TokenMalformed},
		"line feed behind":      {good + "\n", core.EncodingInvalid},
		"line feed inside":      {good[:20] + "\n" + good[20:], core.EncodingInvalid},
		"space in front":        {" " + good, core.EncodingInvalid},
		"padding":               {good + "==", core.EncodingInvalid},
		"the standard alphabet": {withSegment(good, 4, "+/"+parts[4][2:]), core.EncodingInvalid},
		"unused bits":           {good[:len(good)-1] + "B", core.EncodingInvalid}, // 16 bytes end in A, Q, g or w
		"16 KiB and a byte":     {good + strings.Repeat("A", 16<<10+1-len(good)), core.TokenTooLarge},
	} {
		t.Run(name, func(t *testing.T) { n.wantRefused(t, test.token, test.want) })
	}
}

func TestEncryptionKeyRefusals(t *testing.T) {
	rsaKey := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	rsaPEM := block("PRIVATE KEY", must[[]byte](t)(x509.MarshalPKCS8PrivateKey(rsaKey)))
	secret := `"kty":"oct","k":"` + strings.Repeat("A", 43) + `"`
	parse := func(text string, algorithm keys.KeyAlgorithm) error {
		_, err := keys.ParseEncryptionJWK([]byte(text), algorithm, keys.A256GCM)
		return err
	}
	fromPEM := func(text string, algorithm keys.KeyAlgorithm, content keys.ContentAlgorithm) error {
		_, err := keys.ParseEncryptionPEM([]byte(text), algorithm, content)
		return err
	}
	fromSecret := func(length int, algorithm keys.KeyAlgorithm) error {
		_, err := keys.NewSecretEncryptionKey(algorithm, keys.A256GCM, make([]byte, length))
		return err
	}
	for name, test := range map[string]struct {
		err  error
		want core.Code
	}{
		"31 bytes":                    {fromSecret(31, keys.Direct), core.KeyMalformed},
		"33 bytes":                    {fromSecret(33, keys.A256GCMKW), core.KeyMalformed},
		"a secret for RSA":            {fromSecret(32, keys.RSAOAEP256), core.AlgorithmMismatch},
		"RSA1_5":                      {fromPEM(rsaPEM, "RSA1_5", keys.A256GCM), core.AlgorithmUnsupported},
		"PBES2":                       {fromSecret(32, "PBES2-HS256+A128KW"), core.AlgorithmUnsupported},
		"an enc that is not there":    {fromPEM(rsaPEM, keys.RSAOAEP256, "A128GCM"), core.AlgorithmUnsupported},
		"RSA for ECDH":                {fromPEM(rsaPEM, keys.ECDHES, keys.A256GCM), core.AlgorithmMismatch},
		"RSA for dir":                 {fromPEM(rsaPEM, keys.Direct, keys.A256GCM), core.AlgorithmMismatch},
		"RSA of 1024 bits":            {fromPEM(block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: rsaKey.Primes[0], E: 65537})), keys.RSAOAEP256, keys.A256GCM), core.KeyTooWeak},
		"no PEM":                      {fromPEM("secret", keys.RSAOAEP256, keys.A256GCM), core.KeyMalformed},
		"no JSON":                     {parse("secret", keys.Direct), core.KeyMalformed},
		"k twice":                     {parse(`{`+secret+`,"k":"AA"}`, keys.Direct), core.KeyMalformed},
		"for signatures":              {parse(`{`+secret+`,"use":"sig"}`, keys.Direct), core.KeyUnusable},
		"use a number":                {parse(`{`+secret+`,"use":1}`, keys.Direct), core.KeyMalformed},
		"for another algorithm":       {parse(`{`+secret+`,"alg":"HS256"}`, keys.Direct), core.KeyUnusable},
		"to sign":                     {parse(`{`+secret+`,"key_ops":["sign"]}`, keys.Direct), core.KeyUnusable},
		"key_ops a string":            {parse(`{`+secret+`,"key_ops":"decrypt"}`, keys.Direct), core.KeyMalformed},
		"key_ops of numbers":          {parse(`{`+secret+`,"key_ops":[1]}`, keys.Direct), core.KeyMalformed},
		"kid too long":                {parse(`{`+secret+`,"kid":"`+strings.Repeat("k", 257)+`"}`, keys.Direct), core.KeyMalformed},
		"an unknown kind":             {parse(`{"kty":"AKP"}`, keys.Direct), core.KeyMalformed},
		"Ed25519":                     {parse(jwkText(t, named(t, core.EdDSA, "")), keys.ECDHES), core.KeyUnusable},
		"too large":                   {parse(`{`+secret+strings.Repeat(" ", 64<<10)+`}`, keys.Direct), core.KeyMalformed},
		"a point off its curve":       {parse(`{"kty":"EC","crv":"P-256","x":"`+strings.Repeat("A", 43)+`","y":"`+strings.Repeat("A", 43)+`"}`, keys.ECDHES), core.KeyMalformed},
		"generated, not there":        {second(keys.GenerateEncryptionKey("RSA-OAEP", keys.A256GCM)), core.AlgorithmUnsupported},
		"an ID that is not text":      {second(generated(t, keys.Direct, keys.A256GCM).WithID("\xff")), core.KeyMalformed},
		"the public half of a secret": {second(generated(t, keys.Direct, keys.A256GCM).Public()), core.KeyUnusable},
	} {
		t.Run(name, func(t *testing.T) {
			wantCode(t, test.err, test.want)
			if strings.Contains(test.err.Error(), strings.Repeat("A", 43)) {
				t.Error("the error carries the key")
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func TestNewDecrypterAndEncrypterRefuse(t *testing.T) {
	n := newNesting(t, generated(t, keys.ECDHES, keys.A256GCM), keys.DecryptOptions{})
	verifier := must[*core.Verifier](t)(core.NewVerifier(n.signing, core.Policy{}))
	signer := must[*core.Signer](t)(core.NewSigner(n.signing, core.SignerOptions{}))
	secret := `{"kty":"oct","k":"` + strings.Repeat("A", 43) + `","key_ops":["%"]}`
	onlyDecrypts := must[*keys.EncryptionKey](t)(keys.ParseEncryptionJWK([]byte(strings.Replace(secret, "%", "decrypt", 1)), keys.Direct, keys.A256GCM))
	onlyEncrypts := must[*keys.EncryptionKey](t)(keys.ParseEncryptionJWK([]byte(strings.Replace(secret, "%", "encrypt", 1)), keys.Direct, keys.A256GCM))
	for name, test := range map[string]struct {
		err  error
		want core.Code
	}{
		"no key":                {second(keys.NewDecrypter(nil, verifier, keys.DecryptOptions{})), core.PolicyInvalid},
		"no verifier":           {second(keys.NewDecrypter(n.key, nil, keys.DecryptOptions{})), core.PolicyInvalid},
		"a public key":          {second(keys.NewDecrypter(must[*keys.EncryptionKey](t)(n.key.Public()), verifier, keys.DecryptOptions{})), core.KeyUnusable},
		"a key that encrypts":   {second(keys.NewDecrypter(onlyEncrypts, verifier, keys.DecryptOptions{})), core.KeyUnusable},
		"too many bytes":        {second(keys.NewDecrypter(n.key, verifier, keys.DecryptOptions{TokenBytes: 1<<20 + 1})), core.PolicyInvalid},
		"negative bytes":        {second(keys.NewDecrypter(n.key, verifier, keys.DecryptOptions{TokenBytes: -1})), core.PolicyInvalid},
		"too much decompressed": {second(keys.NewDecrypter(n.key, verifier, keys.DecryptOptions{DecompressedBytes: 1<<20 + 1})), core.PolicyInvalid},
		"no signer":             {second(keys.NewEncrypter(nil, n.key)), core.PolicyInvalid},
		"nothing to encrypt to": {second(keys.NewEncrypter(signer, nil)), core.PolicyInvalid},
		"a key that decrypts":   {second(keys.NewEncrypter(signer, onlyDecrypts)), core.KeyUnusable},
		"claims nobody accepts": {second(n.encrypter.Encode(core.NewClaims().Set("aud", 1))), core.ClaimsInvalid},
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, test.err, test.want) })
	}
}
