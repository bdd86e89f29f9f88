package claims

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/jeton-dev/jeton/core"
)

// Decode returns the claims of a verified token as a T: a struct with the tags of encoding/json, a pointer to one, or a map. Claims that
// T does not name are left out, and fields whose claim is absent or null keep their zero value. An [core.Unverified] has no way in.
//
// Member names are compared exactly, at every depth: "SUB" never fills a field tagged "sub". Integers are exact over the whole range of
// int64 and uint64, and a number that goes into an any becomes a json.Number.
//
// It fails with core.ClaimMalformed when a claim does not fit its field, and with core.PayloadMalformed for a Token that no
// verification has filled. What it returns beside an error is the zero T.
func Decode[T any](token *core.Token) (T, error) {
	var decoded, none T
	if token == nil || len(token.Payload()) == 0 {
		return none, refusal{code: core.PayloadMalformed, reason: "no token was verified"}
	}
	decoder := json.NewDecoder(bytes.NewReader(exactPayload(token, reflect.TypeFor[T]())))
	decoder.UseNumber()
	if err := decoder.Decode(&decoded); err != nil {
		refused := refusal{code: core.ClaimMalformed, reason: "it does not fit its field"}
		if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			refused.claim = mismatch.Field
		}
		return none, refused
	}
	return decoded, nil
}
