package password

import (
	"context"
	"strings"
	"testing"
)

// countingContext counts how often it is asked whether it has ended, which is once for each round of work.
type countingContext struct {
	context.Context
	asked int
}

func (c *countingContext) Err() error {
	c.asked++
	return c.Context.Err()
}

// TestBCryptHardens checks that a refusal by a hash of few rounds does as many as one of today's.
func TestBCryptHardens(t *testing.T) {
	cheap := bcryptHasher{prehash: true}.parse("bcrypt_sha256$$2b$04$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine")
	today := bcryptHasher{prehash: true}.parse("bcrypt_sha256$$2b$12$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine")
	for name, test := range map[string]struct {
		stored storedHash
		want   int
	}{
		"4 rounds":  {cheap, 1<<(12-4) - 1},
		"12 rounds": {today, 0},
	} {
		ctx := &countingContext{Context: t.Context()}
		if err := test.stored.harden(ctx, "wrong", Native()); err != nil || ctx.asked != test.want {
			t.Errorf("%s: bcrypt was computed %d times more (%v), want %d", name, ctx.asked, err, test.want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := cheap.harden(ended, "wrong", Native()); err == nil || !strings.Contains(err.Error(), "cancel") {
		t.Errorf("a context that has ended gave %v", err)
	}
}
