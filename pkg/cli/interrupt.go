package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/pflag"
)

// onInterrupt is what Ctrl-C and SIGTERM mean to who follows a run in the cluster.
type onInterrupt string

const (
	// interruptAsk detaches, unless a second interrupt comes within secondInterrupt: that one cancels the run.
	interruptAsk onInterrupt = "ask"
	// interruptDetach leaves the run alone at once.
	interruptDetach onInterrupt = "detach"
	// interruptCancel cancels the run at once, and waits for its result.
	interruptCancel onInterrupt = "cancel"
)

// secondInterrupt is how long a second interrupt may take: enough for a person to read what it does.
const secondInterrupt = 3 * time.Second

func (o *onInterrupt) addFlag(flags *pflag.FlagSet) {
	flags.StringVar((*string)(o), "on-interrupt", string(*o),
		"what Ctrl-C and SIGTERM do: detach, cancel (stop the run and wait for its partial result) or ask (detach, unless a second one cancels)")
}

func (o onInterrupt) validate() error {
	switch o {
	case interruptAsk, interruptDetach, interruptCancel:
		return nil
	}
	return fmt.Errorf("--on-interrupt is %q; choose ask, detach or cancel", string(o))
}

// notify has signals sent to a channel until they are released.
type notify func(chan<- os.Signal) (release func())

// interrupts has the signals sent that ask a process to stop.
func interrupts(c chan<- os.Signal) (release func()) {
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	return func() { signal.Stop(c) }
}

// laterInterrupts are those that come after the first one, which ended a context. A process that does not listen for
// them is ended by them.
type laterInterrupts struct {
	signals chan os.Signal
	notify  notify

	mu       sync.Mutex
	released bool
	// release ends the listening; nil before it has begun.
	release func()
}

// later listens for interrupts from the end of ctx on, until it is done. Not earlier, or it could hear the first
// one, too, and take it for the second.
func (p program) later(ctx context.Context) *laterInterrupts {
	l := &laterInterrupts{signals: make(chan os.Signal, 1), notify: p.notify}
	context.AfterFunc(ctx, l.listen)
	return l
}

// listen begins to listen, if nothing has yet: who tells people what the next interrupt does must hear it.
func (l *laterInterrupts) listen() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.released && l.release == nil {
		l.release = l.notify(l.signals)
	}
}

// done ends the listening: the next interrupt ends the process. It may be called again.
func (l *laterInterrupts) done() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.released && l.release != nil {
		l.release()
	}
	l.released = true
}

// within reports whether an interrupt comes within some time.
func (l *laterInterrupts) within(limit time.Duration) bool {
	select {
	case <-l.signals:
		return true
	case <-time.After(limit):
		return false
	}
}

// context returns a context with the values of another, which has ended, that the next interrupt ends. The one after
// that ends the process.
func (l *laterInterrupts) context(ended context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ended))
	go func() {
		select {
		case <-l.signals:
			l.done()
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
