package keys

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// maximumChain is the most certificates of one chain.
const maximumChain = 10

// VerifyCertificate reads a chain of X.509 certificates from PEM text, the leaf first and its issuers after it in any order, and returns
// the leaf's public key once a path from it to one of roots was found that is valid at the given time (RFC 5280 section 6). The key is
// bound to algorithm, which must fit it, and has no key ID.
//
// Neither the roots nor the time has a default: without them it is refused with core.PolicyInvalid, so that neither the system's list
// of web authorities nor its clock decides whose tokens are good. Text without a chain of 1 to 10 certificates in 64 KiB is refused with
// core.KeyMalformed; a leaf without a valid path, or one whose key usage excludes signatures, with core.KeyUnusable; a key that does not
// fit as by [ParsePEM]. Names and revocation are not looked at. Errors are of type *core.Error.
//
// A token's "x5c" and "x5u" never come here: what a token brings along chooses no key. VerifyCertificate is safe for concurrent use.
func VerifyCertificate(chain []byte, algorithm core.Algorithm, roots *x509.CertPool, at time.Time) (*core.Key, error) {
	if roots == nil || at.IsZero() {
		return nil, refuse(core.PolicyInvalid, "", "a chain needs roots and a time to be checked with")
	}
	certificates, err := parseChain(chain)
	if err != nil {
		return nil, err
	}
	if err := verifyPath(certificates, roots, at); err != nil {
		return nil, err
	}
	return bind(certificates[0].PublicKey, algorithm)
}

// parseChain returns the certificates of the text, one at least.
func parseChain(text []byte) ([]*x509.Certificate, *core.Error) {
	blocks, err := splitPEM(text)
	if err != nil {
		return nil, err
	}
	if len(blocks) > maximumChain {
		return nil, refuse(core.KeyMalformed, "", "more than 10 certificates")
	}
	certificates := make([]*x509.Certificate, len(blocks))
	for i, block := range blocks {
		if certificates[i], err = parseCertificate(block); err != nil {
			return nil, err
		}
	}
	return certificates, nil
}

func parseCertificate(block *pem.Block) (*x509.Certificate, *core.Error) {
	if block.Type != "CERTIFICATE" {
		return nil, refuse(core.KeyMalformed, "", "a PEM block that is no certificate")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, refuse(core.KeyMalformed, "", "not a well-formed certificate")
	}
	return certificate, nil
}

// verifyPath looks for a path from the first certificate to a root. Extended key usage is left open, since none is defined for tokens;
// crypto/x509 would otherwise ask for that of a web server.
func verifyPath(certificates []*x509.Certificate, roots *x509.CertPool, at time.Time) *core.Error {
	leaf, intermediates := certificates[0], x509.NewCertPool()
	for _, issuer := range certificates[1:] {
		intermediates.AddCert(issuer)
	}
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if leaf.KeyUsage != 0 && leaf.KeyUsage&signs == 0 {
		return refuse(core.KeyUnusable, "", "the certificate's key usage excludes signatures")
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: intermediates,
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return refuse(core.KeyUnusable, "", "a certificate of the chain is not valid at that time")
	default:
		return refuse(core.KeyUnusable, "", "no valid path leads from the certificate to a root")
	}
}
