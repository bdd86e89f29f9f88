package platform_test

import (
	"errors"
	"fmt"

	"github.com/jeton-dev/jeton/workers/edge/platform"
)

func ExampleConfig() {
	bindings := map[string]string{"JETON_CONFIG": `{"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": 300}}`}
	_, err := platform.Config(func(name string) string { return bindings[name] })
	fmt.Println(errors.Is(err, platform.ErrMissingKey))
	// Output: true
}
