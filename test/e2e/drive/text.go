package drive

import (
	"strings"
	"sync"
)

// text is what a program has printed up to now: it is read while the program prints.
type text struct {
	mu      sync.Mutex
	printed strings.Builder
}

func (t *text) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.printed.Write(p)
}

func (t *text) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.printed.String()
}
