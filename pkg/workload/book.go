package workload

import (
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// stage is how far a run got. Each stage belongs to one of the result's counts.
type stage int

const (
	// creating waits for the answer to the create call.
	creating stage = iota
	// seeking waits to be found by name, because there was no answer.
	seeking
	// following waits for a terminal state.
	following
	// succeeded and failed have reached one.
	succeeded
	failed
	// refused never came to be.
	refused
	// vanished came to be, and then the server did not know it any more.
	vanished

	stages = iota
)

// run is one slot of an entry that makes runs.
type run struct {
	result.Run
	stage stage
	// settle is called when the run's end is known; nil from then on.
	settle func()
	// looks counts those at a run that has ended, for what the server told late; detailed says that there will
	// be no more.
	looks    int
	detailed bool
}

// book keeps the runs of an entry. It is not safe for concurrent use.
type book struct {
	// runs are those that were begun, by slot. One that is gathered and not kept is gone.
	runs map[int]*run
	// figures gather the runs that are detailed.
	figures result.Figures
	// kept and keptFaults count the runs that stay, leftOut those that do not.
	kept, keptFaults, leftOut int
	// detailing counts the runs that have ended and are looked at once more.
	detailing int
	// letGo says that nobody waits for ends any more.
	letGo bool
	// counted and warmUp count them by stage, so that a look at how a soak stands costs no look at each.
	counted, warmUp [stages]int
}

// release ends the waiting for all runs.
func (b *book) release() {
	b.letGo = true
	for _, r := range b.runs {
		if r.settle != nil {
			r.settle()
		}
	}
}

// add takes a run on, in one of the stages from which there is more to learn.
func (b *book) add(r *run) {
	if b.letGo {
		r.settle()
	}
	b.runs[r.Slot] = r
	b.of(r)[r.stage]++
}

// move puts a run into another stage.
func (b *book) move(slot int, next stage) {
	r := b.runs[slot]
	census := b.of(r)
	census[r.stage]--
	census[next]++
	r.stage = next
	switch next {
	case succeeded, failed, refused, vanished:
		if !b.letGo {
			r.settle()
		}
		r.settle = nil
	}
}

func (b *book) of(r *run) *[stages]int {
	if r.WarmUp {
		return &b.warmUp
	}
	return &b.counted
}

// in counts the runs of a stage, those of the warm-up included.
func (b *book) in(s stage) int { return b.counted[s] + b.warmUp[s] }

// inFlight counts the runs whose end is awaited.
func (b *book) inFlight() int { return b.in(creating) + b.in(seeking) + b.in(following) }

// countsOf returns what a census says in the result's words.
func countsOf(census [stages]int) result.Counts {
	c := result.Counts{
		Errors: census[refused] + census[seeking], Succeeded: census[succeeded], Failed: census[failed],
		Unfinished: census[creating] + census[following] + census[vanished],
	}
	c.Planned = c.Errors + c.Succeeded + c.Failed + c.Unfinished
	return c
}
