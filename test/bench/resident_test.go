package bench

import (
	"os"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// glance is how often memory is looked at: often enough to see what lasts as short as the encoding of a result.
const glance = 50 * time.Millisecond

// level is how much memory this process had after a while.
type level struct {
	after time.Duration
	bytes float64
}

// memoryWatch looks at the memory of this process until it ends.
type memoryWatch struct {
	started time.Time
	status  *regexp.Regexp
	done    chan struct{}
	looking sync.WaitGroup
	levels  []level
}

func watchMemory() *memoryWatch {
	w := &memoryWatch{started: time.Now(), status: regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`), done: make(chan struct{})}
	w.looking.Go(func() {
		ticker := time.NewTicker(glance)
		defer ticker.Stop()
		for {
			w.levels = append(w.levels, level{time.Since(w.started), w.now()})
			select {
			case <-ticker.C:
			case <-w.done:
				w.levels = append(w.levels, level{time.Since(w.started), w.now()})
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

// now returns the resident memory, or what Go's runtime has of it where the kernel tells nothing.
func (w *memoryWatch) now() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if found := w.status.FindSubmatch(status); err == nil && found != nil {
		if kilobytes, err := strconv.ParseFloat(string(found[1]), 64); err == nil {
			return kilobytes * 1024
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys - m.HeapReleased)
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
