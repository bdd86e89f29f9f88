package keys

import (
	"net/http"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// ParseRemote is what a RemoteSet without options does with an answer of status 200.
func ParseRemote(body []byte, cacheControl string) (*core.KeySet, time.Duration, error) {
	options, err := RemoteOptions{}.resolve()
	if err != nil {
		return nil, 0, err
	}
	lifetime := lifetimeOf(http.Header{"Cache-Control": {cacheControl}})
	set, err := options.parse(body)
	if err != nil {
		return nil, lifetime, err
	}
	return set, lifetime, nil
}

// Open returns the content of an encrypted token, nested or not, for vectors whose content is no token.
func (d *Decrypter) Open(token string) ([]byte, error) {
	content, err := d.open(token, false)
	if err != nil {
		return nil, err
	}
	return content, nil
}

// Seal encrypts any content as if it were a signed token.
func (e *Encrypter) Seal(content string) (string, error) {
	token, err := e.seal([]byte(content))
	if err != nil {
		return "", err
	}
	return token, nil
}
