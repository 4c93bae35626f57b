package process

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Info is what the kernel tells of a running process.
type Info struct {
	PID int
	// Program is the base name of what it runs.
	Program string
	// Resident is its memory in KiB, pages that it shares with others included.
	Resident int
}

// Inspect describes those of the processes that still run.
func Inspect(pids []int) []Info {
	var infos []Info
	for _, pid := range pids {
		folder := filepath.Join("/proc", strconv.Itoa(pid))
		program, err := os.Readlink(filepath.Join(folder, "exe"))
		if err != nil {
			continue
		}
		status, err := os.ReadFile(filepath.Join(folder, "status"))
		if err != nil {
			continue
		}
		infos = append(infos, Info{PID: pid, Program: filepath.Base(program), Resident: resident(string(status))})
	}
	return infos
}

// resident finds the memory in a process's status; one that is ending holds none.
func resident(status string) int {
	_, after, _ := strings.Cut(status, "\nVmRSS:")
	line, _, _ := strings.Cut(after, "\n")
	size, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(line, "kB")))
	if err != nil {
		return 0
	}
	return size
}
