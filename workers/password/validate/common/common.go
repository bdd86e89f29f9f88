// Package common has a list of common passwords, for validate.CommonPassword where a site names none of its own.
//
// It is not Django's list, which is no Go module's. It is that of zxcvbn, 30,000 passwords by how often they were found in leaks: about half of
// the 20,000 on Django's list are on it. A site that wants Django's names its file in password_list_path.
package common

import (
	"slices"
	"sync"

	"github.com/jeton-dev/jeton/workers/password/validate"
	"github.com/trustelem/zxcvbn/frequency"
)

// List returns the list, made on the first call. It is safe for concurrent use.
var List = sync.OnceValue(func() *validate.List {
	return validate.NewList(slices.Values(frequency.FrequencyLists["passwords"]))
})
