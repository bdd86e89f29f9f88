package claims

import (
	"bytes"
	"encoding/json"

	"github.com/jeton-dev/jeton/core"
)

// Of returns the claims that v says: a struct with the tags of encoding/json, a pointer to one, or a map. Embed [Registered] for the
// claims that every verifier knows.
//
// It fails with core.ClaimsInvalid when v has no JSON form or is no JSON object, and as [core.ParseClaims] does. Text that is not valid
// UTF-8 is written with U+FFFD in place of each bad byte, as encoding/json does.
func Of[T any](v T) (*core.Claims, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, refusal{code: core.ClaimsInvalid, reason: "they have no JSON form"}
	}
	return core.ParseClaims(text.Bytes())
}
