// Package progress tells a person what is going on and since when.
package progress

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Printer writes lines that begin with the seconds since it was made.
type Printer struct {
	out   io.Writer
	start time.Time
	lock  *sync.Mutex
}

// New starts the clock.
func New(out io.Writer) Printer {
	return Printer{out: out, start: time.Now(), lock: &sync.Mutex{}}
}

// Printf writes one line. One that cannot be written is no reason to stop.
func (p Printer) Printf(format string, args ...any) {
	p.lock.Lock()
	defer p.lock.Unlock()
	_, _ = fmt.Fprintf(p.out, "[%6.1fs] %s\n", time.Since(p.start).Seconds(), fmt.Sprintf(format, args...))
}

// Begin announces a longer step; the function it returns announces its end and how long it took.
func (p Printer) Begin(what string) func() {
	start := time.Now()
	p.Printf("%s …", what)
	return func() { p.Printf("%s: %.1fs", what, time.Since(start).Seconds()) }
}
