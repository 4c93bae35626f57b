// Package os_specific holds what argoexec wants of Linux and its module does not have: there the file is
// a symbolic link, which modules leave out.
package os_specific //nolint:revive,staticcheck // the name is Argo's

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

// look is how often the released argoexec looks whether its child has ended. Runs here are to take as
// long as they take there.
const look = time.Second

// IsSIGCHLD tells the signal that says that a child has ended.
func IsSIGCHLD(s os.Signal) bool { return s == syscall.SIGCHLD }

// Kill sends a signal to a process and to all that it started.
func Kill(pid int, s syscall.Signal) error {
	if group, err := syscall.Getpgid(pid); err == nil {
		return syscall.Kill(-group, s)
	}
	return syscall.Kill(pid, s)
}

// Setpgid makes a process lead a group of its own, for Kill.
func Setpgid(attributes *syscall.SysProcAttr) { attributes.Setpgid = true }

// Wait waits for a child. One that did not end well is an error that knows its exit code, by which argoexec
// fails the task.
func Wait(child *os.Process) error {
	began := time.Now()
	state, err := child.Wait()
	if err != nil {
		return err
	}
	took := time.Since(began)
	time.Sleep(took.Truncate(look) + look - took)
	if state.Success() {
		return nil
	}
	return &exec.ExitError{ProcessState: state}
}
