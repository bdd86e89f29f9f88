//go:build linux || darwin

package main

import (
	"os"
	"os/signal"
	"sync"

	"golang.org/x/sys/unix"
)

// hideInput stops a terminal from showing what is typed until restore is called. It fails when file is not a terminal. An interrupt in
// between restores the terminal too, and ends the program.
func hideInput(file *os.File) (restore func(), err error) {
	descriptor := int(file.Fd())
	before, err := unix.IoctlGetTermios(descriptor, getTermios)
	if err != nil {
		return nil, err
	}
	hidden := *before
	hidden.Lflag &^= unix.ECHO
	hidden.Lflag |= unix.ICANON | unix.ISIG
	if err := unix.IoctlSetTermios(descriptor, setTermios, &hidden); err != nil {
		return nil, err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, unix.SIGTERM)
	restore = sync.OnceFunc(func() {
		signal.Stop(signals)
		_ = unix.IoctlSetTermios(descriptor, setTermios, before) // there is nothing to be done about a terminal that is gone
	})
	go func() {
		<-signals
		restore()
		os.Exit(statusRefused)
	}()
	return restore, nil
}
