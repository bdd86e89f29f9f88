package keys

import "github.com/jeton-dev/jeton/core"

// KeyAlgorithm names how the key of an encrypted token's content is found, as its "alg" header does (RFC 7518 section 4.1).
type KeyAlgorithm string

// The key algorithms. RSA1_5, which tells a patient attacker what it decrypts, and PBES2, which lets a token say how long to compute,
// are not among them.
const (
	Direct       KeyAlgorithm = "dir"
	A256GCMKW    KeyAlgorithm = "A256GCMKW"
	ECDHES       KeyAlgorithm = "ECDH-ES"
	ECDHESA256KW KeyAlgorithm = "ECDH-ES+A256KW"
	RSAOAEP256   KeyAlgorithm = "RSA-OAEP-256"
)

// ContentAlgorithm names how an encrypted token's content is encrypted and authenticated, as its "enc" header does (RFC 7518 section
// 5.1).
type ContentAlgorithm string

// The content algorithms.
const (
	A256GCM      ContentAlgorithm = "A256GCM"
	A128CBCHS256 ContentAlgorithm = "A128CBC-HS256"
)

const (
	contentKeySize = 32 // bytes; the same for both content algorithms: AES-256, or AES-128 and HMAC with 128 bits each
	tagSize        = 16 // bytes; the same for both
	gcmNonceSize   = 12 // bytes, of content and of wrapped keys
	wrapOverhead   = 8  // bytes that AES key wrap (RFC 3394) adds
	blockSize      = 16 // bytes of an AES block, which is also the iv of CBC
)

func (a KeyAlgorithm) known() bool {
	switch a {
	case Direct, A256GCMKW, ECDHES, ECDHESA256KW, RSAOAEP256:
		return true
	}
	return false
}

func (a ContentAlgorithm) known() bool { return a == A256GCM || a == A128CBCHS256 }

// ivSize returns the length of the initialization vector, in bytes.
func (a ContentAlgorithm) ivSize() int {
	if a == A128CBCHS256 {
		return blockSize
	}
	return gcmNonceSize
}

// symmetric reports whether the algorithm uses one secret for both directions.
func (a KeyAlgorithm) symmetric() bool { return a == Direct || a == A256GCMKW }

func (a KeyAlgorithm) agreement() bool { return a == ECDHES || a == ECDHESA256KW }

func checkAlgorithms(algorithm KeyAlgorithm, content ContentAlgorithm) *core.Error {
	switch {
	case !algorithm.known():
		return refuse(core.AlgorithmUnsupported, "alg", "")
	case !content.known():
		return refuse(core.AlgorithmUnsupported, "enc", "")
	}
	return nil
}
