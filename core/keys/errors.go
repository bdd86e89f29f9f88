package keys

import "github.com/jeton-dev/jeton/core"

// refuse returns an error of core's kind. Reason is fixed text: nothing that was read from a key, a file or a server goes into it.
func refuse(code core.Code, member, reason string) *core.Error {
	return core.NewError(core.Failure{Code: code, Claim: member, Reason: reason}, nil)
}
