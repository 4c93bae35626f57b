package workload

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// remover carries a removal out, and notes what came of it.
type remover struct {
	*Cleaner
	goes    removal
	deleted *result.Things

	mu   sync.Mutex
	left []result.Thing
	// refusal is why the first of these is left.
	refusal error
	// busy are ids of experiments and numbers of entries that have something left.
	busy map[string]bool
}

// remove deletes in the order that KFP needs: what makes runs, the runs, their experiments. The pipelines come last:
// by them it is found again what is left. It returns that, and why the first of it is.
func (c *Cleaner) remove(ctx context.Context, goes removal, deleted *result.Things) ([]result.Thing, error) {
	r := &remover{Cleaner: c, goes: goes, deleted: deleted, busy: map[string]bool{}}
	r.each(ctx, goes.recurring, r.deleteRecurring)
	r.each(ctx, goes.runs, r.deleteRun)
	r.each(ctx, r.free(goes.experiments, func(t result.Thing) string { return t.ID }), func(ctx context.Context, t result.Thing) error {
		return c.Client.DeleteExperiment(ctx, t.ID)
	})
	r.each(ctx, r.free(goes.pipelines, func(t result.Thing) string { return c.entryOf(t.Name) }), r.deletePipeline)
	return r.left, r.refusal
}

// free returns the things in which nothing is left; the others are left, too.
func (r *remover) free(things []result.Thing, place func(result.Thing) string) []result.Thing {
	return slices.DeleteFunc(slices.Clone(things), func(t result.Thing) bool {
		busy := r.busy[place(t)]
		if busy {
			r.keep(t)
		}
		return busy
	})
}

// each deletes things, several at once.
func (r *remover) each(ctx context.Context, things []result.Thing, do func(context.Context, result.Thing) error) {
	var calls sync.WaitGroup
	places := make(chan struct{}, atOnceMost)
	for _, t := range things {
		places <- struct{}{}
		calls.Go(func() {
			defer func() { <-places }()
			err := ctx.Err()
			if err == nil {
				err = gone(do(ctx, t))
			}
			r.note(t, err)
		})
	}
	calls.Wait()
}

// gone overlooks that something is not there any more.
func gone(err error) error {
	if kfp.StatusOf(err) == http.StatusNotFound {
		return nil
	}
	return err
}

// note notes what came of a thing.
func (r *remover) note(t result.Thing, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.done.Add(1)
		*r.deleted.Of(t.Kind)++
		return
	}
	if r.refusal == nil {
		r.refusal = fmt.Errorf("%s %s could not be deleted: %w", t.Kind, t.Name, err)
	}
	r.keep(t)
}

// keep has a thing stay, and with it what it is in and the pipeline that it is of.
func (r *remover) keep(t result.Thing) {
	r.left = append(r.left, t)
	if t.Kind == result.RunThing {
		r.busy[r.goes.experimentOf[t.ID]] = true
	}
	r.busy[r.entryOf(t.Name)] = true
}

// deleteRecurring stops a recurring run before it deletes it: one that cannot be deleted makes no more runs then.
func (r *remover) deleteRecurring(ctx context.Context, t result.Thing) error {
	_ = r.Client.DisableRecurringRun(ctx, t.ID) // what counts is the deletion
	return r.Client.DeleteRecurringRun(ctx, t.ID)
}

// deleteRun ends a run before it deletes it, because KFP overlooks when it fails to delete the run's workflow.
func (r *remover) deleteRun(ctx context.Context, t result.Thing) error {
	if r.goes.underway[t.ID] && !r.hurried() {
		switch err := r.Client.TerminateRun(ctx, t.ID); kfp.StatusOf(err) {
		case http.StatusBadRequest, http.StatusNotFound, http.StatusInternalServerError:
			// It has ended meanwhile, or its workflow is gone.
		default:
			if err != nil {
				return err
			}
		}
	}
	return r.Client.DeleteRun(ctx, t.ID)
}

func (c *Cleaner) hurried() bool {
	select {
	case <-c.Hurried:
		return true
	default:
		return false
	}
}

// deletePipeline deletes a pipeline and, before it, its versions. One to which somebody has added a version is refused
// by the server then.
func (r *remover) deletePipeline(ctx context.Context, t result.Thing) error {
	versions, err := r.Client.Every(ctx, kfp.PipelineVersions, kfp.Query{PipelineID: t.ID})
	if err != nil {
		return err
	}
	versions = slices.DeleteFunc(versions, func(v kfp.Item) bool { return !r.isOurs(v.Name, v.Description) })
	r.of.Add(int64(len(versions)))
	for _, v := range versions {
		if err := gone(r.Client.DeletePipelineVersion(ctx, t.ID, v.ID)); err != nil {
			return err
		}
		r.note(result.Thing{Kind: result.VersionThing, ID: v.ID, Name: v.Name}, nil)
	}
	return r.Client.DeletePipeline(ctx, t.ID)
}
