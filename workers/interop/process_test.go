package interop

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// process is a program that a test has started. What it writes to standard error is kept for when something fails.
type process struct {
	command  *exec.Cmd
	input    io.WriteCloser
	lines    chan string // of standard output
	problems lockedBuffer
}

// startProcess starts a program.
func startProcess(folder string, arguments ...string) (*process, error) {
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Dir = folder
	endWithParent(command)
	p := &process{command: command, lines: make(chan string, 1000)}
	command.Stderr = &p.problems
	var err error
	if p.input, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.lines)
		scanner := bufio.NewScanner(output)
		scanner.Buffer(nil, 16<<20)
		for scanner.Scan() {
			p.lines <- scanner.Text()
		}
	}()
	return p, nil
}

// line returns the next line of standard output.
func (p *process) line(t *testing.T) string {
	t.Helper()
	select {
	case line, open := <-p.lines:
		if !open {
			t.Fatalf("%s ended:\n%s", p.command, p.problems.String())
		}
		return line
	case <-time.After(2 * time.Minute):
		t.Fatalf("%s says nothing:\n%s", p.command, p.problems.String())
	}
	return ""
}

// stop ends the program: by its standard input, and when that is not enough, by force.
func (p *process) stop() {
	p.input.Close()
	timer := time.AfterFunc(15*time.Second, func() { p.command.Process.Kill() })
	defer timer.Stop()
	go func() {
		for range p.lines { // so that it can end
		}
	}()
	p.command.Wait()
}

// lockedBuffer is a buffer that a program's output goes to while a test reads it.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

// String returns the last of what was written.
func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	text := b.buffer.Bytes()
	return string(text[max(0, len(text)-4000):])
}

// interrupt asks the program to end.
func (p *process) interrupt() { p.command.Process.Signal(os.Interrupt) }
