package cli

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestOnlyLaterInterruptsAreHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var listening chan<- os.Signal
		released := false
		p := program{notify: func(c chan<- os.Signal) func() {
			listening = c
			return func() { released = true }
		}}
		ctx, first := context.WithCancel(t.Context())
		later := p.later(ctx)
		synctest.Wait()
		if listening != nil {
			t.Error("the first interrupt would be heard, and taken for the second")
		}
		first()
		synctest.Wait()
		began := time.Now()
		if later.within(3*time.Second) || time.Since(began) != 3*time.Second {
			t.Errorf("silence is an interrupt, after %s", time.Since(began))
		}
		go func() {
			time.Sleep(time.Second)
			listening <- os.Interrupt
		}()
		if !later.within(3 * time.Second) {
			t.Error("an interrupt within the time is none")
		}
		again, stop := later.context(ctx)
		defer stop()
		if again.Err() != nil {
			t.Error("what goes on has ended already")
		}
		listening <- os.Interrupt
		synctest.Wait()
		if again.Err() == nil {
			t.Error("a third interrupt ends nothing")
		}
		if !released {
			t.Error("a fourth interrupt would not end the process")
		}
		later.done()
	})
}

func TestNobodyListensWhereNothingWasInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		later := program{notify: func(chan<- os.Signal) func() {
			t.Error("it listens")
			return func() {}
		}}.later(ctx)
		later.done()
		cancel()
		synctest.Wait()
	})
}
