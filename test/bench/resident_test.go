package bench

import (
	"sync"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// glance is how often memory is looked at: often enough to see what lasts as short as the encoding of a result.
const glance = 50 * time.Millisecond

// level is how much memory this process had after a while.
type level struct {
	after time.Duration
	bytes float64
}

// memoryWatch looks at the resident memory of a process, as the kernel has it.
type memoryWatch struct {
	started time.Time
	process *process.Process
	done    chan struct{}
	looking sync.WaitGroup
	levels  []level
}

func watchMemory(b *testing.B, pid int) *memoryWatch {
	b.Helper()
	watched, err := process.NewProcess(int32(pid)) //nolint:gosec // an id of the kernel's
	if err != nil {
		b.Fatal(err)
	}
	w := &memoryWatch{started: time.Now(), process: watched, done: make(chan struct{})}
	w.looking.Go(func() {
		ticker := time.NewTicker(glance)
		defer ticker.Stop()
		for {
			w.levels = append(w.levels, level{time.Since(w.started), w.now()})
			select {
			case <-ticker.C:
			case <-w.done:
				return
			}
		}
	})
	return w
}

// end returns the most that there was, and all that was seen.
func (w *memoryWatch) end() (peak float64, levels []level) {
	close(w.done)
	w.looking.Wait()
	for _, l := range w.levels {
		peak = max(peak, l.bytes)
	}
	return peak, w.levels
}

// now returns the resident memory, 0 when the process has ended.
func (w *memoryWatch) now() float64 {
	memory, err := w.process.MemoryInfo()
	if err != nil {
		return 0
	}
	return float64(memory.RSS)
}

// growth is the slope, in bytes a minute, of the straight line that fits the last two thirds of so much time
// best.
func growth(levels []level, of time.Duration) float64 {
	var n, x, y, xx, xy float64
	for _, l := range levels {
		if l.after < of/3 || l.after > of {
			continue
		}
		minutes := l.after.Minutes()
		n, x, y, xx, xy = n+1, x+minutes, y+l.bytes, xx+minutes*minutes, xy+minutes*l.bytes
	}
	return (n*xy - x*y) / (n*xx - x*x)
}
