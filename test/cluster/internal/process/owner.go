// Package process starts programs that outlive us and finds them again. What is ours is decided by
// a variable in a process's environment and by nothing else: it is there from the first instant, it
// is inherited, and it cannot go stale as a recorded process id can.
package process

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
		if program, err := programOf(pid); err == nil {
			programs = append(programs, program)
		}
	}
	return programs, nil
}

// PidsOf lists those of the owner's processes that run a program.
func (o Owner) PidsOf(program string) ([]int, error) {
	pids, err := o.Pids()
	return slices.DeleteFunc(pids, func(pid int) bool { return !o.runs(pid, program) }), err
}

func (o Owner) runs(pid int, program string) bool {
	running, err := programOf(pid)
	return err == nil && running == program && o.ownsPid(pid)
}

func programOf(pid int) (string, error) {
	return os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "exe"))
}

func (o Owner) ownsPid(pid int) bool {
	environ, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "environ"))
	return err == nil && o.owns(environ)
}
