package host

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

// Snapshot describes all of the machine that a cluster changes, as sorted lines that are equal
// before a cluster came up and after it went down.
func Snapshot(ctx context.Context, owner process.Owner) ([]string, error) {
	var lines []string
	processes, err := processLines()
	if err != nil {
		return nil, err
	}
	mounts, err := Mounts()
	if err != nil {
		return nil, err
	}
	links, err := linkLines()
	if err != nil {
		return nil, err
	}
	lines = append(lines, processes...)
	lines = append(lines, links...)
	for _, mount := range mounts {
		lines = append(lines, fmt.Sprintf("mount %s %s %s", mount.Point, mount.Type, mount.Source))
	}
	for _, family := range families() {
		if _, err := exec.LookPath(family + "-save"); err != nil {
			continue
		}
		saved, err := process.Output(ctx, owner, process.Command{Path: family + "-save"})
		if err != nil {
			return nil, err
		}
		lines = append(lines, ruleLines(family, string(saved))...)
	}
	settings := Settings()
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		// Loading a module brings its settings along; modules stay loaded.
		if !strings.HasPrefix(name, "net/netfilter/") && !strings.HasPrefix(name, "net/bridge/") {
			lines = append(lines, "setting "+name+" = "+settings[name])
		}
	}
	slices.Sort(lines)
	return lines, nil
}

// processLines lists command lines, without kernel threads, shells, ourselves and what started us.
func processLines() ([]string, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	ours := ancestors(os.Getpid())
	var lines []string
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || slices.Contains(ours, pid) {
			continue
		}
		raw, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "cmdline"))
		if err != nil {
			continue
		}
		if line := commandLine(string(raw)); line != "" {
			lines = append(lines, "process "+line)
		}
	}
	return lines, nil
}

// commandLine is empty for what does not count: kernel threads, which have none, and shells.
func commandLine(raw string) string {
	line := strings.Join(strings.Fields(strings.ReplaceAll(raw, "\x00", " ")), " ")
	program, _, _ := strings.Cut(line, " ")
	switch strings.TrimPrefix(filepath.Base(program), "-") {
	case "sh", "bash", "dash", "zsh":
		return ""
	}
	return line
}

// ancestors lists a process and those that started it, up to the first.
func ancestors(pid int) []int {
	var line []int
	for pid > 1 {
		line = append(line, pid)
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			break
		}
		_, after, _ := strings.Cut(string(status), "\nPPid:\t")
		value, _, _ := strings.Cut(after, "\n")
		if pid, err = strconv.Atoi(value); err != nil {
			break
		}
	}
	return line
}

func linkLines() ([]string, error) {
	links, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, link := range links {
		lines = append(lines, fmt.Sprintf("link %s mtu %d %s", link.Name, link.MTU, link.Flags))
		addresses, err := link.Addrs()
		if err != nil {
			return nil, err
		}
		for _, address := range addresses {
			lines = append(lines, fmt.Sprintf("link %s address %s", link.Name, address))
		}
	}
	return lines, nil
}

// ruleLines strips what a rule set without rules still prints, so that it equals an absent one:
// comments, counters, and built-in chains that accept.
func ruleLines(family, saved string) []string {
	var lines []string
	var table string
	for line := range strings.Lines(saved) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "*"):
			table = line[1:]
		case strings.HasPrefix(line, ":"):
			chain := strings.Fields(line[1:])
			if len(chain) > 1 && chain[1] != "ACCEPT" {
				lines = append(lines, fmt.Sprintf("%s %s chain %s %s", family, table, chain[0], chain[1]))
			}
		case strings.HasPrefix(line, "-A "):
			lines = append(lines, fmt.Sprintf("%s %s %s", family, table, line))
		}
	}
	return lines
}
