package corpus

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"time"
)

// keyring makes the keys that keys.json names, each when it is first asked for.
type keyring struct {
	definitions map[string]definition
	made        map[string]*key
}

// definition says what a key is made of.
type definition struct {
	About     string `json:"about"`
	Algorithm string `json:"algorithm"`
	KeyID     string `json:"kid"`
	// Bits is the length of an RSA modulus: 2048 unless given. ROCA makes one as the broken generator of CVE-2017-15361 did.
	Bits int  `json:"bits"`
	ROCA bool `json:"roca"`
	// Material names a key whose numbers are used again, for another algorithm or under another key ID.
	Material string `json:"material"`
}

// key is one key, bound to an algorithm. Exactly one of its materials is set.
type key struct {
	algorithm string
	id        string
	secret    []byte
	rsa       *rsa.PrivateKey
	ec        *ecdsa.PrivateKey
	ed25519   ed25519.PrivateKey
}

func newKeyring() (*keyring, error) {
	ring := &keyring{made: make(map[string]*key)}
	return ring, readFile(keysFile, &ring.definitions)
}

func (r *keyring) key(name string) (*key, error) {
	if made := r.made[name]; made != nil {
		return made, nil
	}
	defined, ok := r.definitions[name]
	if !ok {
		return nil, fmt.Errorf("no key is called %q", name)
	}
	made := &key{algorithm: defined.Algorithm, id: defined.KeyID}
	var err error
	if defined.Material != "" {
		other, failed := r.key(defined.Material)
		if failed != nil {
			return nil, failed
		}
		made.secret, made.rsa, made.ec, made.ed25519 = other.secret, other.rsa, other.ec, other.ed25519
	} else {
		err = made.generate(&defined)
	}
	r.made[name] = made
	return made, err
}

func (k *key) generate(defined *definition) (err error) {
	switch k.algorithm {
	case "HS256", "HS384", "HS512":
		k.secret = make([]byte, hashOf(k.algorithm).Size())
		rand.Read(k.secret)
	case "ES256":
		k.ec, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ES384":
		k.ec, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ES512":
		k.ec, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "EdDSA", "Ed25519":
		_, k.ed25519, err = ed25519.GenerateKey(rand.Reader)
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
		bits := defined.Bits
		if bits == 0 {
			bits = 2048
		}
		if defined.ROCA {
			k.rsa = rocaKey(bits)
		} else {
			k.rsa, err = rsa.GenerateKey(rand.Reader, bits)
		}
	default:
		err = fmt.Errorf("no key can be made for %q", k.algorithm)
	}
	return err
}

// rocaKey makes an RSA key the way the generator did that CVE-2017-15361 is about: each prime is k·M + (65537^a mod M), where M is the
// product of the first primes (126 of them for a modulus of this size).
func rocaKey(bits int) *rsa.PrivateKey {
	product, counted := big.NewInt(1), 0
	for candidate := int64(2); counted < 126; candidate++ {
		if n := big.NewInt(candidate); n.ProbablyPrime(20) {
			product.Mul(product, n)
			counted++
		}
	}
	prime := func() *big.Int {
		low := new(big.Int).Lsh(big.NewInt(3), uint(bits/2-2)) // both primes in the upper quarter: the modulus has all its bits
		span := new(big.Int).Div(new(big.Int).Lsh(big.NewInt(1), uint(bits/2-2)), product)
		for {
			exponent, _ := rand.Int(rand.Reader, product)
			multiple, _ := rand.Int(rand.Reader, span)
			multiple.Add(multiple, new(big.Int).Div(low, product)).Add(multiple, big.NewInt(1))
			p := new(big.Int).Exp(big.NewInt(65537), exponent, product)
			if p.Add(p, multiple.Mul(multiple, product)); p.ProbablyPrime(20) {
				return p
			}
		}
	}
	one := big.NewInt(1)
	for {
		p, q := prime(), prime()
		order := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(big.NewInt(65537), order)
		if d == nil || p.Cmp(q) == 0 {
			continue
		}
		made := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}, D: d, Primes: []*big.Int{p, q}}
		made.Precompute()
		return made
	}
}

// public returns the public half of an asymmetric key in the standard library's form.
func (k *key) public() any {
	switch {
	case k.rsa != nil:
		return &k.rsa.PublicKey
	case k.ec != nil:
		return &k.ec.PublicKey
	default:
		return k.ed25519.Public()
	}
}

func (k *key) private() any {
	switch {
	case k.rsa != nil:
		return k.rsa
	case k.ec != nil:
		return k.ec
	default:
		return k.ed25519
	}
}

// certificate returns the base64 of a certificate that the key signed for itself, as "x5c" holds it.
func (r *keyring) certificate(name string) ([]byte, error) {
	key, err := r.key(name)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(defaultNow, 0), NotAfter: time.Unix(defaultNow, 0).AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.public(), key.private())
	return base64.StdEncoding.AppendEncode(nil, der), err
}
