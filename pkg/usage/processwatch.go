package usage

import (
	"context"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

const (
	// ownInterval is the least time between two looks at this process, and mostLooks how many of them a run's
	// time is worth: looks of a long run are as far apart as the windows that they go into are wide.
	ownInterval = time.Second
	mostLooks   = 600
	// shortest is the least time over which a rate is worked out: kernels count processor time in hundredths
	// of a second.
	shortest = ownInterval / 2
)

// processWatch puts looks at a process together.
type processWatch struct {
	started time.Time

	own
	use   *result.WorkerUse
	first reading
	// last is the look, at a time since the start, from which the next rate counts.
	last          reading
	at            time.Duration
	looks, failed int
	// failure is the first.
	failure error
}

// follow looks at the process until ctx is done.
func (p *processWatch) follow(ctx context.Context, self func() (own, error)) {
	if self == nil {
		self = thisProcess
	}
	process, err := self()
	p.own = process
	if err == nil {
		err = p.begin()
	}
	if err != nil {
		p.failure = err
		return
	}
	next := time.NewTimer(ownInterval)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			p.again()
			return
		case <-next.C:
			p.again()
			next.Reset(max(ownInterval, time.Since(p.started)/mostLooks))
		}
	}
}

// begin takes the first look.
func (p *processWatch) begin() error {
	now, err := p.look()
	if err != nil {
		return err
	}
	p.first, p.last, p.at = now, now, time.Since(p.started)
	p.use = &result.WorkerUse{CPULimitMilli: p.cpuLimitMilli, MemoryLimitBytes: p.memoryLimitBytes, CPUs: p.cpus}
	p.use.MemoryBytes.Set(p.at, now.memoryBytes)
	return nil
}

// again takes a further look.
func (p *processWatch) again() {
	at := time.Since(p.started)
	now, err := p.look()
	p.looks++
	if err != nil {
		p.failed++
		if p.failure == nil {
			p.failure = err
		}
		return
	}
	p.use.CPUSeconds = less(now.cpu.Seconds(), p.first.cpu.Seconds())
	p.use.MemoryBytes.Set(at, now.memoryBytes)
	if now.throttled != nil && p.first.throttled != nil {
		held := less(now.throttled.Seconds(), p.first.throttled.Seconds())
		p.use.ThrottledSeconds = &held
	}
	if passed := at - p.at; passed >= shortest {
		p.use.CPUMilli.Set(at, max(int64((now.cpu-p.last.cpu)*1000/passed), 0))
		p.last, p.at = now, at
	}
}

// tell adds what was seen.
func (p *processWatch) tell(seen *Seen) {
	seen.Resources.Worker = p.use
	switch {
	case p.failure == nil:
	case p.use == nil:
		seen.miss(result.Gap{What: whatWorker, Why: p.failure.Error()})
	default:
		seen.miss(result.Gap{What: whatWorker, Why: someFailed(p.failed, p.looks, p.failure.Error())})
	}
}

// someFailed is why a series has holes.
func someFailed(failed, looks int, first string) string {
	if failed == looks {
		return first
	}
	return fmt.Sprintf("%d of %d looks failed, the first because %s", failed, looks, first)
}
