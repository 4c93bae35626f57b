package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"
)

// latencyLog is a CSV file of what the sandbox injects into each call. It grows by about 25 bytes a call for as
// long as the sandbox serves.
type latencyLog struct {
	file *os.File

	mu    sync.Mutex
	lines *bufio.Writer
}

func newLatencyLog(name string) (*latencyLog, error) {
	file, err := os.Create(name) //nolint:gosec // its place is the user's choice
	if err != nil {
		return nil, fmt.Errorf("opening the latency log: %w", err)
	}
	l := &latencyLog{file: file, lines: bufio.NewWriterSize(file, 64<<10)}
	_, _ = l.lines.WriteString("operation,latency_us\n") // a failure stays until it is flushed
	return l, nil
}

// add writes a line, in the order in which the answers leave. Names of operations need no quotes.
func (l *latencyLog) add(operation string, latency time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := append(l.lines.AvailableBuffer(), operation...)
	line = append(line, ',')
	line = strconv.AppendInt(line, latency.Microseconds(), 10)
	_, _ = l.lines.Write(append(line, '\n'))
}

// close completes the file. Of calls that are under way it says nothing more.
func (l *latencyLog) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := errors.Join(l.lines.Flush(), l.file.Close())
	l.lines.Reset(io.Discard)
	if err != nil {
		return fmt.Errorf("writing the latency log: %w", err)
	}
	return nil
}
