package process

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// KillAll kills the owner's processes until none is left, and returns how many it found.
func (o Owner) KillAll() (int, error) {
	return Kill(o.Pids, o.ownsPid)
}

// KillProgram kills those of the owner's processes that run a program.
func (o Owner) KillProgram(program string) error {
	_, err := Kill(o.list(program), func(pid int) bool { return o.runs(pid, program) })
	return err
}

// StopProgram asks those of the owner's processes that run a program to end, and kills what has not ended when
// the patience is over.
func (o Owner) StopProgram(program string, patience time.Duration) error {
	pids, err := o.PidsOf(program)
	if err != nil {
		return err
	}
	for _, pid := range pids {
		if _, err := signal(pid, syscall.SIGTERM, func(pid int) bool { return o.runs(pid, program) }); err != nil {
			return err
		}
	}
	for deadline := time.Now().Add(patience); len(pids) > 0 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if pids, err = o.PidsOf(program); err != nil {
			return err
		}
	}
	return o.KillProgram(program)
}

func (o Owner) list(program string) func() ([]int, error) {
	return func() ([]int, error) { return o.PidsOf(program) }
}

// Kill kills what list names until it names nothing twice in a row: the kernel shows a program's
// environment only a moment after the program was started.
func Kill(list func() ([]int, error), verify func(pid int) bool) (int, error) {
	killed := map[int]bool{}
	empty := 0
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		pids, err := list()
		if err != nil {
			return len(killed), err
		}
		if len(pids) > 0 {
			empty = 0
		} else if empty++; empty == 2 {
			return len(killed), nil
		}
		if time.Now().After(deadline) {
			return len(killed), fmt.Errorf("processes %v do not end", pids)
		}
		for _, pid := range pids {
			sent, err := signal(pid, syscall.SIGKILL, verify)
			if err != nil {
				return len(killed), err
			}
			if sent {
				killed[pid] = true
			}
		}
	}
}

// signal sends a signal to a process, and reports whether it was still the one that was meant. One that was listed
// may have ended and its id may already be another's, so it is held by a handle before it is verified again.
func signal(pid int, which syscall.Signal, verify func(pid int) bool) (sent bool, err error) {
	handle, err := os.FindProcess(pid)
	if err != nil {
		return false, err
	}
	defer func() { _ = handle.Release() }() // only a handle
	if !verify(pid) {
		return false, nil
	}
	if err := handle.Signal(which); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return false, fmt.Errorf("sending %v to process %d: %w", which, pid, err)
	}
	return true, nil
}
