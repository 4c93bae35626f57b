package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// tick is the time between two looks at the clock of the progress.
const tick = time.Second

// during shows how time passes while work runs, and where the entries stand in the end.
func (c *console) during(work func() error) error {
	finished, ticking := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ticking)
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				c.refresh(false)
			case <-finished:
				return
			}
		}
	}()
	err := work()
	close(finished)
	<-ticking
	c.refresh(true)
	c.settle()
	return err
}

// progress shows where the entries stand now.
func (c *console) progress(entries []handoff.EntryProgress) {
	c.mu.Lock()
	if c.started.IsZero() {
		c.started = time.Now()
	}
	c.entries = c.standings.take(entries)
	c.mu.Unlock()
	c.refresh(false)
}

// began says that the progress began earlier than it was first heard of.
func (c *console) began(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started.IsZero() || at.Before(c.started) {
		c.started = at
	}
}

// refresh draws again, or prints the plain lines that are due; with last, all that say something new.
func (c *console) refresh(last bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draw()
	c.tell(time.Now(), last)
}

// settle lets the redrawn lines stand for ever.
func (c *console) settle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries, c.drawn, c.told = nil, nil, nil
	c.standings = standings{namespaces: c.standings.namespaces}
}

// erase removes the redrawn lines from the terminal. The lock is held.
func (c *console) erase() {
	if len(c.drawn) > 0 {
		_, _ = fmt.Fprintf(c.out, "\r"+ansiUp+ansiEraseDown, c.rows())
		c.drawn = nil
	}
}

// draw writes the entries' lines over those that stand there. All goes out at once, so that nothing
// flickers. The lock is held.
func (c *console) draw() {
	if c.width == nil || len(c.entries) == 0 {
		return
	}
	var frame strings.Builder
	if len(c.drawn) > 0 {
		fmt.Fprintf(&frame, "\r"+ansiUp, c.rows())
	}
	lines := liveLines(time.Since(c.started), c.entries, c.width()-1)
	c.drawn = c.drawn[:0]
	for _, line := range lines {
		frame.WriteString(line + ansiEraseLine + "\n")
		c.drawn = append(c.drawn, columnsOf(line))
	}
	frame.WriteString(ansiEraseDown)
	_, _ = c.out.Write([]byte(frame.String()))
}

// rows counts the rows that the drawn lines take, also when the terminal has become narrower since and
// wraps them. The lock is held.
func (c *console) rows() int {
	columns, rows := max(c.width(), 1), 0
	for _, length := range c.drawn {
		rows += max(1, (length+columns-1)/columns)
	}
	return rows
}
