package corpus

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256" // registers SHA-256 with crypto.Hash
	_ "crypto/sha512" // registers SHA-384 and SHA-512 with crypto.Hash
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// signRecipe says who signs and how.
type signRecipe struct {
	// Key names the signer: the first key of the case unless given, and "none" for no signature.
	Key string `json:"key"`
	// As is the algorithm: the key's own unless given.
	As string `json:"as"`
	// Secret makes HMAC's secret of what everyone knows: "nothing", or the public half of Key as its PEM, DER or JWK (see asSecret).
	Secret string `json:"secret"`
	// Form is how an ECDSA signature is written: "DER" instead of r‖s.
	Form string `json:"form"`
	// R and S replace the numbers of an ECDSA signature, in terms of its own s and the order n of the curve.
	R string `json:"r"`
	S string `json:"s"`
	// AddOrder adds the order of the group to the number S of an Ed25519 signature.
	AddOrder bool `json:"addOrder"`
	// SaltLength is that of a PSS signature: the length of the hash unless given.
	SaltLength *int `json:"saltLength"`
	// Padding is a PKCS #1 v1.5 encoding that is not the right one, applied with the private key: see paddings.
	Padding string `json:"padding"`
}

// signer is a key and what it is to do.
type signer struct {
	*key
	recipe *signRecipe
}

func (r *signRecipe) signer(ring *keyring, first string) (signer, error) {
	name := r.Key
	if name == "" {
		name = first
	}
	if name == "none" {
		return signer{&key{algorithm: "none"}, r}, nil
	}
	found, err := ring.key(name)
	if err != nil {
		return signer{}, err
	}
	used := *found
	if r.Secret != "" {
		secret, err := found.asSecret(r.Secret)
		if err != nil {
			return signer{}, err
		}
		used = key{algorithm: "HS256", secret: secret}
	}
	if r.As != "" {
		used.algorithm = r.As
	}
	return signer{&used, r}, nil
}

// asSecret writes a public key in one of the forms that a verifier may have it in: the secrets of key confusion (CVE-2016-10555).
func (k *key) asSecret(form string) ([]byte, error) {
	switch form {
	case "JWK":
		return k.jwk(false).text(), nil
	case "nothing":
		return []byte{}, nil
	}
	der, err := x509.MarshalPKIXPublicKey(k.public())
	if err != nil {
		return nil, err
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	switch form {
	case "PEM":
		return []byte(text[:len(text)-1]), nil
	case "PEM and line feed":
		return []byte(text), nil
	case "space and PEM":
		return []byte(" " + text), nil
	case "DER":
		return der, nil
	case "PKCS #1 PEM":
		if k.rsa != nil {
			return pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&k.rsa.PublicKey)}), nil
		}
	case "modulus":
		if k.rsa != nil {
			return k.rsa.N.Bytes(), nil
		}
	case "point":
		if k.ec != nil {
			return k.ec.PublicKey.Bytes()
		}
	}
	return nil, fmt.Errorf("no public key can be written as %q", form)
}

func hashOf(algorithm string) crypto.Hash {
	switch algorithm[2:] {
	case "256":
		return crypto.SHA256
	case "384":
		return crypto.SHA384
	default:
		return crypto.SHA512
	}
}

func digest(hash crypto.Hash, input []byte) []byte {
	state := hash.New()
	state.Write(input)
	return state.Sum(nil)
}

func (s *signer) sign(input []byte) ([]byte, error) {
	switch {
	case s.algorithm == "none":
		return nil, nil
	case s.secret != nil:
		mac := hmac.New(hashOf(s.algorithm).New, s.secret)
		mac.Write(input)
		return mac.Sum(nil), nil
	case s.ec != nil:
		return s.signECDSA(input)
	case s.rsa != nil:
		return s.signRSA(input)
	default:
		return s.signEd25519(input), nil
	}
}

func (s *signer) signECDSA(input []byte) ([]byte, error) {
	r, ownS, err := ecdsa.Sign(rand.Reader, s.ec, digest(hashOf(s.algorithm), input))
	if err != nil {
		return nil, err
	}
	number := func(said string, usual *big.Int) (*big.Int, error) {
		order := s.ec.Params().N
		switch said {
		case "":
			return usual, nil
		case "0":
			return new(big.Int), nil
		case "1":
			return big.NewInt(1), nil
		case "n":
			return order, nil
		case "n+1":
			return new(big.Int).Add(order, big.NewInt(1)), nil
		case "n-s":
			return new(big.Int).Sub(order, usual), nil
		case "all bits":
			return new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(s.ec.Params().BitSize+7)/8*8), big.NewInt(1)), nil
		}
		return nil, fmt.Errorf("no such number: %q", said)
	}
	r, errR := number(s.recipe.R, r)
	ownS, errS := number(s.recipe.S, ownS)
	if err := errors.Join(errR, errS); err != nil {
		return nil, err
	}
	if s.recipe.Form == "DER" {
		return asn1.Marshal(struct{ R, S *big.Int }{r, ownS})
	}
	size := (s.ec.Params().BitSize + 7) / 8
	return slices.Concat(r.FillBytes(make([]byte, size)), ownS.FillBytes(make([]byte, size))), nil
}

func (s *signer) signRSA(input []byte) ([]byte, error) {
	hash := hashOf(s.algorithm)
	sum := digest(hash, input)
	if s.recipe.Padding != "" {
		encoded, err := badPadding(s.recipe.Padding, s.rsa.Size(), sum)
		if err != nil {
			return nil, err
		}
		return new(big.Int).Exp(new(big.Int).SetBytes(encoded), s.rsa.D, s.rsa.N).FillBytes(make([]byte, s.rsa.Size())), nil
	}
	if s.algorithm[0] == 'R' {
		return rsa.SignPKCS1v15(rand.Reader, s.rsa, hash, sum)
	}
	options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
	if s.recipe.SaltLength == nil {
		return rsa.SignPSS(rand.Reader, s.rsa, hash, sum, options)
	}
	encoded := encodePSS(hash, sum, *s.recipe.SaltLength, s.rsa.N.BitLen()-1)
	return new(big.Int).Exp(new(big.Int).SetBytes(encoded), s.rsa.D, s.rsa.N).FillBytes(make([]byte, s.rsa.Size())), nil
}

// encodePSS is EMSA-PSS (RFC 8017 section 9.1.1) with a salt of any length. The standard library takes 0 for "as long as possible".
func encodePSS(hash crypto.Hash, sum []byte, saltLength, bits int) []byte {
	salt := make([]byte, saltLength)
	rand.Read(salt)
	h := digest(hash, slices.Concat(make([]byte, 8), sum, salt))
	block := make([]byte, (bits+7)/8-hash.Size()-1)
	copy(block[len(block)-saltLength:], salt)
	block[len(block)-saltLength-1] = 1
	var mask []byte
	for counter := byte(0); len(mask) < len(block); counter++ {
		mask = append(mask, digest(hash, append(slices.Clone(h), 0, 0, 0, counter))...)
	}
	for i := range block {
		block[i] ^= mask[i]
	}
	block[0] &= 0xff >> (len(block)*8 + (hash.Size()+1)*8 - bits)
	return slices.Concat(block, h, []byte{0xbc})
}

// badPadding encodes a SHA-256 digest by PKCS #1 v1.5 (RFC 8017 section 9.2) with one thing wrong.
func badPadding(what string, size int, sum []byte) ([]byte, error) {
	prefix := []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}
	encoded := func(blockType, filler byte, information, behind []byte) []byte {
		block := make([]byte, size)
		for i := range block {
			block[i] = filler
		}
		block[0], block[1] = 0, blockType
		end := size - len(behind)
		copy(block[end:], behind)
		copy(block[end-len(information):], information)
		block[end-len(information)-1] = 0
		return block
	}
	information := slices.Concat(prefix, sum)
	switch what {
	case "block type 2":
		return encoded(2, 0xff, information, nil), nil
	case "filler of zeros":
		return encoded(1, 0, information, nil), nil
	case "no NULL":
		return encoded(1, 0xff, slices.Concat([]byte{0x30, 0x2f, 0x30, 0x0b}, prefix[4:15], prefix[17:], sum), nil), nil
	case "another hash":
		other := slices.Clone(information)
		other[14] = 2 // SHA-384's last arc, with a digest of SHA-256's length
		return encoded(1, 0xff, other, nil), nil
	case "bare digest":
		return encoded(1, 0xff, sum, nil), nil
	case "garbage behind the digest":
		garbage := make([]byte, size-len(information)-11) // as much as eight bytes of filler leave
		rand.Read(garbage)
		return encoded(1, 0xff, information, garbage), nil
	}
	return nil, fmt.Errorf("no such padding: %q", what)
}

func (s *signer) signEd25519(input []byte) []byte {
	signature := ed25519.Sign(s.ed25519, input)
	if s.recipe.AddOrder {
		// L of RFC 8032 section 5.1, little-endian.
		order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
		number := slices.Clone(signature[32:])
		slices.Reverse(number)
		order.Add(order, new(big.Int).SetBytes(number)).FillBytes(number)
		slices.Reverse(number)
		copy(signature[32:], number)
	}
	return signature
}
