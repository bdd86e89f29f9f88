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
