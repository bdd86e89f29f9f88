package interop

import (
	"os/exec"
	"syscall"
)

// endWithParent has the kernel end a program when the test ends without doing so.
func endWithParent(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
