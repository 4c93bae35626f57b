package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

const cgroupMount = "/sys/fs/cgroup"

// Cgroup is a control group that holds all pods. One of our own, below the root of every hierarchy,
// tells their processes from those of another kubelet on the machine.
type Cgroup string

// hierarchies lists the folders that the group lives in: one per controller with cgroup v1, one with v2.
func hierarchies() []string {
	if _, err := os.Stat(filepath.Join(cgroupMount, "cgroup.controllers")); err == nil {
		return []string{cgroupMount}
	}
	folders, _ := filepath.Glob(filepath.Join(cgroupMount, "*", "cgroup.procs"))
	for i, file := range folders {
		folders[i] = filepath.Dir(file)
	}
	return folders
}

// Create makes the group in every hierarchy, with all controllers at its disposal.
func (g Cgroup) Create() error {
	for _, root := range hierarchies() {
		group := filepath.Join(root, string(g))
		if err := os.MkdirAll(group, 0o755); err != nil {
			return err
		}
		if err := delegate(root, group); err != nil {
			return fmt.Errorf("preparing %s: %w", group, err)
		}
	}
	return nil
}

// delegate passes a parent's resources on: with v1 a new cpuset is empty, with v2 a new group has
// only the controllers that its parent enables.
func delegate(parent, group string) error {
	for _, name := range []string{"cpuset.cpus", "cpuset.mems"} {
		value, err := os.ReadFile(filepath.Join(parent, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(group, name), value, 0o644); err != nil {
			return err
		}
	}
	controllers, _ := os.ReadFile(filepath.Join(parent, "cgroup.controllers")) // v1 has no such file
	for _, controller := range strings.Fields(string(controllers)) {
		for _, folder := range []string{parent, group} {
			err := os.WriteFile(filepath.Join(folder, "cgroup.subtree_control"), []byte("+"+controller), 0o644)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// folders lists the group and all below it, the innermost first.
func (g Cgroup) folders() []string {
	var folders []string
	for _, root := range hierarchies() {
		_ = filepath.WalkDir(filepath.Join(root, string(g)), func(path string, entry os.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				folders = append(folders, path)
			}
			return nil
		})
	}
	slices.Reverse(folders)
	return folders
}

// Pids lists the processes of all pods.
func (g Cgroup) Pids() ([]int, error) {
	var pids []int
	for _, folder := range g.folders() {
		list, err := os.ReadFile(filepath.Join(folder, "cgroup.procs"))
		if err != nil {
			continue
		}
		for _, field := range strings.Fields(string(list)) {
			if pid, err := strconv.Atoi(field); err == nil && pid != 0 {
				pids = append(pids, pid)
			}
		}
	}
	slices.Sort(pids)
	return slices.Compact(pids), nil
}

// Remove kills the group's processes and removes it everywhere.
func (g Cgroup) Remove() error {
	member := func(pid int) bool {
		groups, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
		return err == nil && strings.Contains(string(groups), ":/"+string(g)+"/")
	}
	if _, err := process.Kill(g.Pids, member); err != nil {
		return err
	}
	for _, folder := range g.folders() {
		if err := os.Remove(folder); err != nil {
			return err
		}
	}
	return nil
}
