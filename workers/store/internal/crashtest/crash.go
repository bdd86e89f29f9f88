// Package crashtest kills processes in the middle of a rotation, and checks that each leaves either the old token valid or the new one:
// never none, and never both.
package crashtest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

// Opener opens the store at a place, a path or a URL. The store calls step wherever its process may die.
type Opener func(ctx context.Context, location string, step func()) (store.Store, error)

// variable holds what a child process is to do, as JSON of a task.
const variable = "JETON_CRASH_TASK"

// task is what a child process does: open the store at the location and rotate a token of the round. It dies at a step, which are
// counted from the beginning of the rotation; below zero it goes on from one generation of the token to the next until it is killed.
type task struct {
	Opener, Location string
	Round, Step      int
}

// Main is for TestMain, and comes first there: in a child process it does what that is for and does not return.
func Main(openers map[string]Opener) {
	text, ok := os.LookupEnv(variable)
	if !ok {
		return
	}
	if err := child(text, openers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// beginning is when the tokens of round 0 expire. Each round has its own expiry, by which its rows are counted.
var beginning = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

func expiry(round int) time.Time { return beginning.Add(time.Duration(round) * time.Hour) }

// token returns a generation of the token of a round.
func token(round, generation int) store.OutstandingToken {
	token := storetest.Outstanding(fmt.Sprintf("round%d-generation%d", round, generation), "")
	token.ExpiresAt = expiry(round)
	return token
}

func child(text string, openers map[string]Opener) error {
	var task task
	if err := json.Unmarshal([]byte(text), &task); err != nil {
		return err
	}
	ctx := context.Background()
	armed, steps := false, 0
	step := func() {
		if armed && steps == task.Step {
			die()
		}
		if armed {
			steps++
		}
	}
	stored, err := openers[task.Opener](ctx, task.Location, step)
	if err != nil {
		return err
	}
	for generation := 0; ; generation++ {
		armed = true
		rotated, err := stored.RotateToken(ctx, token(task.Round, generation), token(task.Round, generation+1), time.Now())
		armed = false
		if err != nil || !rotated {
			return fmt.Errorf("generation %d: rotated %v, %w", generation, rotated, err)
		}
		if fmt.Println(generation + 1); task.Step >= 0 {
			return nil
		}
	}
}

// die ends the process at once, without anything that is done at an end.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {}
}

// start starts a child process of the test's own program.
func start(t *testing.T, task task) (*exec.Cmd, io.Reader) {
	t.Helper()
	text, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(program)
	child.Env = append(os.Environ(), variable+"="+string(text))
	child.Stderr = os.Stderr
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return child, output
}

// Place is where a store is.
type Place struct {
	// Opener names who opens it in a child process, and Location says where it is.
	Opener, Location string
	// Stored is the store there as the test itself opened it.
	Stored store.Store
	// Settle returns when nothing of a dead process is under way any more.
	Settle func()
}

// AtEveryStep lets a process die at the first step of a rotation, another at the second, and so on until one survives.
func AtEveryStep(t *testing.T, place Place) {
	outcomes := map[string]int{}
	for step, survived := 0, false; !survived; step++ {
		if step > 1000 {
			t.Fatal("a rotation does not end")
		}
		if err := place.Stored.RecordToken(t.Context(), token(step, 0)); err != nil {
			t.Fatal(err)
		}
		child, output := start(t, task{place.Opener, place.Location, step, step})
		said, err := io.ReadAll(output)
		if err != nil {
			t.Fatal(err)
		}
		survived = child.Wait() == nil
		if said := strings.TrimSpace(string(said)); survived && said != "1" || !survived && said != "" {
			t.Fatalf("the process of step %d says %q", step, said)
		}
		outcomes[outcome(t, place, step, 0)]++
		if survived && outcomes["new"] == 0 {
			t.Error("the rotation that was not disturbed has changed nothing")
		}
	}
	if outcomes["old"] == 0 {
		t.Error("no process died before its rotation was done")
	}
	t.Logf("the old token was left %d times, the new one %d times", outcomes["old"], outcomes["new"])
}

// AtRandom kills a process that rotates one token after the other, at some moment, again and again.
func AtRandom(t *testing.T, place Place, times int) {
	outcomes := map[string]int{}
	for round := range times {
		child, output := start(t, task{place.Opener, place.Location, round, -1})
		lines := bufio.NewScanner(output)
		if !lines.Scan() {
			t.Fatalf("the process of round %d ends by itself: %v", round, child.Wait())
		}
		time.AfterFunc(time.Duration(rand.IntN(50_000))*time.Microsecond, func() { child.Process.Kill() })
		last := 0
		for ok := true; ok; ok = lines.Scan() {
			fmt.Sscan(lines.Text(), &last)
		}
		if err := child.Wait(); child.ProcessState.Exited() {
			t.Fatalf("the process of round %d ends by itself: %v", round, err)
		}
		outcomes[outcome(t, place, round, last)]++
	}
	t.Logf("the last rotation was undone %d times, and done unheard %d times", outcomes["old"], outcomes["new"])
}

// outcome returns which token of a round is valid when the process died while it rotated a generation: the "old" one or the "new" one.
// It removes the round's rows.
func outcome(t *testing.T, place Place, round, generation int) string {
	t.Helper()
	place.Settle()
	stored := place.Stored
	blacklisted := func(generation int) bool {
		is, err := stored.TokenBlacklisted(t.Context(), token(round, generation).JTI)
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	for before := range generation {
		if !blacklisted(before) {
			t.Errorf("round %d: generation %d of %d is valid still", round, before, generation)
		}
	}
	if blacklisted(generation + 1) {
		t.Errorf("round %d: generation %d is blacklisted, which nobody has had", round, generation+1)
	}
	old := !blacklisted(generation)
	rows, err := stored.FlushExpiredTokens(t.Context(), expiry(round))
	if err != nil {
		t.Fatal(err)
	}
	switch kept := int(rows) - generation; {
	case old && kept == 1:
		return "old"
	case !old && kept == 2:
		return "new"
	case old:
		t.Errorf("round %d: the old token is valid, and %d rows are there, want %d", round, rows, generation+1)
	default:
		t.Errorf("round %d: the old token is blacklisted, and %d rows are there, want %d", round, rows, generation+2)
	}
	return "wrong"
}
