package usage

import (
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// unlimited is above every limit. Version 1 of control groups says no limit with a number close to it.
const unlimited = math.MaxInt64 >> 2

// group is the Linux control groups that limit this process: its container's in a pod. Elsewhere, and
// where they cannot be read, it is one without limits.
type group struct {
	// cpuMilli is unlimited without a limit, memoryBytes nil.
	cpuMilli    int64
	memoryBytes *int64
	throttled   func() *time.Duration
}

// readGroup reads the limits below the root of a file system. A group is limited by all that it is in, so
// the least counts; and a container sees of its own group no more than the root.
func readGroup(root fs.FS) group {
	g := group{cpuMilli: unlimited, throttled: func() *time.Duration { return nil }}
	processors := controllerOf(root, "cpu")
	held := ""
	for _, level := range processors.levels {
		limit, stat := processors.cpuMilli(level), level+"/cpu.stat"
		if _, counted := number(root, stat, processors.throttledKey); counted && (held == "" || limit < g.cpuMilli) {
			held = stat
		}
		g.cpuMilli = min(g.cpuMilli, limit)
	}
	if held != "" {
		g.throttled = func() *time.Duration {
			n, counted := number(root, held, processors.throttledKey)
			if !counted {
				return nil
			}
			d := time.Duration(n) * processors.throttledUnit
			return &d
		}
	}
	memory := controllerOf(root, "memory")
	for _, level := range memory.levels {
		limit, found := number(root, level+"/"+memory.memoryFile, "")
		if found && limit < unlimited && (g.memoryBytes == nil || limit < *g.memoryBytes) {
			g.memoryBytes = &limit
		}
	}
	return g
}

// controller is where one resource is controlled, and how its files are called.
type controller struct {
	root fs.FS
	// levels are folders, the innermost first.
	levels        []string
	v1            bool
	memoryFile    string
	throttledKey  string
	throttledUnit time.Duration
}

const groups = "sys/fs/cgroup"

// controllerOf finds the groups of this process that control a resource. Version 1 has a tree for each, and
// names it in the process's list; version 2 has one for all, whose line names none.
func controllerOf(root fs.FS, name string) controller {
	c := controller{root: root, memoryFile: "memory.max", throttledKey: "throttled_usec", throttledUnit: time.Microsecond}
	list, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return c
	}
	for line := range strings.Lines(string(list)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		switch {
		case slices.Contains(strings.Split(parts[1], ","), name):
			c.v1, c.memoryFile, c.throttledKey, c.throttledUnit = true, "memory.limit_in_bytes", "throttled_time", time.Nanosecond
			c.levels = levels(groups+"/"+name, parts[2])
			return c
		case parts[1] == "":
			c.levels = levels(groups, parts[2])
		}
	}
	return c
}

// levels returns a group's folder and all that it is in.
func levels(root, group string) []string {
	var all []string
	for group = path.Clean("/" + group); group != "/"; group = path.Dir(group) {
		all = append(all, root+group)
	}
	return append(all, root)
}

// cpuMilli returns the limit of a level, unlimited without one.
func (c controller) cpuMilli(level string) int64 {
	var quota, period int64
	var limited bool
	if c.v1 {
		quota, limited = number(c.root, level+"/cpu.cfs_quota_us", "")
		period, _ = number(c.root, level+"/cpu.cfs_period_us", "")
	} else if text, err := fs.ReadFile(c.root, level+"/cpu.max"); err == nil {
		if words := strings.Fields(string(text)); len(words) == 2 {
			quota, limited = parse(words[0])
			period, _ = parse(words[1])
		}
	}
	if !limited || quota < 0 || period <= 0 || quota > unlimited/1000 {
		return unlimited
	}
	return quota * 1000 / period
}

// number reads the number that follows a key in a file, or the only one with an empty key.
func number(root fs.FS, file, key string) (int64, bool) {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case key == "" && len(words) == 1:
			return parse(words[0])
		case len(words) == 2 && words[0] == key:
			return parse(words[1])
		}
	}
	return 0, false
}

// parse reads a number; "max" is none.
func parse(word string) (int64, bool) {
	n, err := strconv.ParseInt(word, 10, 64)
	return n, err == nil
}
