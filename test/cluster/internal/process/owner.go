// Package process starts programs that outlive us and finds them again. What is ours is decided by
// a variable in a process's environment and by nothing else: it is there from the first instant, it
// is inherited, and it cannot go stale as a recorded process id can.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const variable = "KFPPERF_CLUSTER_OWNER="

// Owner is the folder of the cluster that a process belongs to.
type Owner string

func (o Owner) mark() string { return variable + string(o) }

// owns reports whether an environment, as /proc shows it, bears the owner's mark.
func (o Owner) owns(environ []byte) bool {
	for entry := range bytes.SplitSeq(environ, []byte{0}) {
		if string(entry) == o.mark() {
			return true
		}
	}
	return false
}

// Pids lists the owner's processes, ourselves excluded.
func (o Owner) Pids() ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == os.Getpid() || !o.ownsPid(pid) {
			continue
		}
		pids = append(pids, pid)
	}
	return pids, nil
}

// Programs lists the programs that the owner's processes run.
func (o Owner) Programs() ([]string, error) {
	pids, err := o.Pids()
	if err != nil {
		return nil, err
	}
	var programs []string
	for _, pid := range pids {
		if program, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "exe")); err == nil {
			programs = append(programs, program)
		}
	}
	return programs, nil
}

func (o Owner) ownsPid(pid int) bool {
	environ, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "environ"))
	return err == nil && o.owns(environ)
}

// KillAll kills the owner's processes until none is left, and returns how many it found.
func (o Owner) KillAll() (int, error) {
	return Kill(o.Pids, o.ownsPid)
}

// Kill kills what list names until it names nothing twice in a row: the kernel shows a program's
// environment only a moment after the program was started. A process that was listed may have ended and
// its id may already be another's, so each is held by a handle before it is verified again.
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
			handle, err := os.FindProcess(pid)
			if err != nil {
				return len(killed), err
			}
			if verify(pid) {
				if err := handle.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
					return len(killed), fmt.Errorf("killing process %d: %w", pid, err)
				}
				killed[pid] = true
			}
			_ = handle.Release() // only a handle
		}
	}
}
