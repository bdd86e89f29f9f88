package peers

import (
	"testing"
	"time"
)

// TestHostileTokens requires that core accepts the ordinary token and refuses all others, that every library accepts the ordinary one,
// and that each of the others is accepted somewhere: a token that everyone refuses does not belong in the list.
func TestHostileTokens(t *testing.T) {
	tokens, err := HostileTokens(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for i, hostile := range tokens {
		accepted := 0
		for _, library := range Libraries() {
			verdict, err := VerdictOf(library, hostile.Material, hostile.Token)
			if err != nil {
				t.Fatal(err)
			}
			ours := library.Name == "Jeton"
			switch {
			case i == 0 && verdict != Accepted:
				t.Errorf("%s refuses the ordinary token", library.Name)
			case i > 0 && ours && verdict != Refused:
				t.Errorf("core accepts: %s", hostile.Name)
			case verdict == Accepted:
				accepted++
			}
		}
		if accepted == 0 {
			t.Errorf("nobody accepts: %s", hostile.Name)
		}
	}
}
