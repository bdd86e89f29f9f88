package core_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// TestFIPS140Only signs and verifies in a process in which crypto/hmac panics at any hash but the standard library's own.
func TestFIPS140Only(t *testing.T) {
	if os.Getenv("JETON_FIPS_CHILD") == "" {
		child := exec.Command(os.Args[0], "-test.run=^TestFIPS140Only$", "-test.v")
		child.Env = append(os.Environ(), "JETON_FIPS_CHILD=1", "GODEBUG=fips140=only")
		if output, err := child.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		return
	}
	key := newKey(t, core.HS256)
	if _, err := core.Verify(encode(t, goodClaims(), key), key, policy()); err != nil {
		t.Error(err)
	}
}
