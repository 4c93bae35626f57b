package usage

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// reading is what a process used up to a moment.
type reading struct {
	cpu         time.Duration
	memoryBytes int64
	// throttled is how long its control group was held back; nil where nothing counts that.
	throttled *time.Duration
}

// own is this process: how it is looked at, and what it may use.
type own struct {
	look func() (reading, error)
	// cpuLimitMilli is never more than the machine has.
	cpuLimitMilli    int64
	memoryLimitBytes *int64
	cpus             int
}

// thisProcess returns this one in its control group.
func thisProcess() (own, error) {
	p, err := process.NewProcess(int32(os.Getpid())) //nolint:gosec // ids of processes have 31 bits at the most
	if err != nil {
		return own{}, fmt.Errorf("finding this process: %w", err)
	}
	group := readGroup(os.DirFS("/"))
	return own{
		look: func() (reading, error) {
			times, err := p.Times()
			if err != nil {
				return reading{}, fmt.Errorf("reading the processor time of this process: %w", err)
			}
			memory, err := p.MemoryInfo()
			if err != nil {
				return reading{}, fmt.Errorf("reading the memory of this process: %w", err)
			}
			return reading{
				cpu:         time.Duration((times.User + times.System) * float64(time.Second)),
				memoryBytes: int64(memory.RSS), //nolint:gosec // no machine has 2^63 bytes
				throttled:   group.throttled(),
			}, nil
		},
		cpuLimitMilli:    min(group.cpuMilli, int64(runtime.NumCPU())*1000),
		memoryLimitBytes: group.memoryBytes,
		cpus:             runtime.GOMAXPROCS(0),
	}, nil
}
