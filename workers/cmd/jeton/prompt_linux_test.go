package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is the end of a pseudo-terminal that a person would sit at.
type terminal struct {
	*os.File
	shown bytes.Buffer
}

// openTerminal returns a terminal and the device a program runs on.
func openTerminal(t *testing.T) (*terminal, *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("this system gives no pseudo-terminal: ", err)
	}
	t.Cleanup(func() { person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	device, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { device.Close() })
	return &terminal{File: person}, device
}

// expect reads what is shown until it ends with text.
func (p *terminal) expect(t *testing.T, text string) {
	t.Helper()
	chunk := make([]byte, 1024)
	for !strings.HasSuffix(p.shown.String(), text) {
		n, err := p.Read(chunk)
		p.shown.Write(chunk[:n])
		if err != nil {
			t.Fatalf("shown is %q, want %q at the end: %v", p.shown.String(), text, err)
		}
	}
}

// promptOn runs user add on a terminal, answers the two prompts, and returns the exit status with all that was shown.
func promptOn(t *testing.T, directory, first, second string) (status int, shown string) {
	t.Helper()
	person, device := openTerminal(t)
	cmd := exec.CommandContext(t.Context(), program, "user", "add", "alice", "--iterations", "1000")
	cmd.Dir = directory
	cmd.Stdin, cmd.Stdout, cmd.Stderr = device, device, device
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	person.expect(t, "Password: ")
	fmt.Fprintln(person, first)
	person.expect(t, "Password again: ")
	fmt.Fprintln(person, second)
	_ = cmd.Wait() // the status tells
	settings, err := unix.IoctlGetTermios(int(device.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	if settings.Lflag&unix.ECHO == 0 {
		t.Error("the terminal does not show what is typed afterwards")
	}
	fmt.Fprint(device, "[end]")
	person.expect(t, "[end]")
	return cmd.ProcessState.ExitCode(), person.shown.String()
}

func TestPasswordPrompt(t *testing.T) {
	directory := t.TempDir()
	status, shown := promptOn(t, directory, "hunter2", "hunter3")
	if status != statusUsage || !strings.Contains(shown, "the two passwords differ") {
		t.Errorf("two different passwords give status %d and %q", status, shown)
	}
	status, shown = promptOn(t, directory, "hunter2", "hunter2")
	if status != 0 || !strings.Contains(shown, "added user alice") || strings.Contains(shown, "hunter") {
		t.Errorf("two equal passwords give status %d and %q", status, shown)
	}
	if alice := storedUser(t, directory, "alice"); !matches(t, "hunter2", alice.Password) {
		t.Error("the stored password is another one")
	}
}

// TestPromptInterrupted checks that the terminal shows what is typed again after an interrupt.
func TestPromptInterrupted(t *testing.T) {
	person, device := openTerminal(t)
	cmd := exec.CommandContext(t.Context(), program, "user", "add", "alice")
	cmd.Dir = t.TempDir()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = device, device, device
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	person.expect(t, "Password: ")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the status tells
	settings, err := unix.IoctlGetTermios(int(device.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	if cmd.ProcessState.ExitCode() == 0 || settings.Lflag&unix.ECHO == 0 {
		t.Errorf("status %d, echo %v; want a failure and a terminal as before", cmd.ProcessState.ExitCode(), settings.Lflag&unix.ECHO != 0)
	}
}
