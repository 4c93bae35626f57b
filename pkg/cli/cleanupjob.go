package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
)

// inCluster removes what is left in the namespace, and has a Job clean KFP.
func (o *cleanupOptions) inCluster(ctx context.Context) error {
	connected, namespace, err := connect(o.kubernetes, "kubectl-kfpperf/"+o.version)
	if err != nil {
		return err
	}
	found, err := connected.Leftovers(ctx, o.runs...)
	if err != nil {
		return exitWith(exitNoStart, err)
	}
	clean := true
	var runs []string
	for _, id := range o.runs {
		if why := found.Present[id]; why != "" {
			clean = false
			o.console.fail(fmt.Sprintf("run %s was left alone: %s", id, why))
			continue
		}
		runs = append(runs, id)
	}
	for _, left := range found.Useless {
		gone, err := o.remove(ctx, connected, left)
		if err != nil {
			return err
		}
		clean = clean && gone
	}
	if len(runs) == 0 && len(o.runs) > 0 {
		return exitWith(exitLeft, nil)
	}
	return o.cleanByJob(ctx, connected, namespace, runs, slices.Sorted(maps.Keys(found.Present)), clean)
}

// cleanByJob has a Job clean KFP, and tells what became of that. Clean says whether all else is gone.
func (o *cleanupOptions) cleanByJob(
	ctx context.Context, in *cluster.Cluster, namespace string, runs, allBut []string, clean bool,
) error {
	cleaned, left, err := o.byJob(ctx, in, namespace, runs, allBut)
	if left != nil {
		clean = false
		o.console.fail(left.Error())
	}
	if err != nil {
		return exitWith(exitNoStart, err)
	}
	return o.conclude(cleaned, clean)
}

// remove removes what a run left in the namespace, and reports whether it is gone.
func (o *cleanupOptions) remove(ctx context.Context, from *cluster.Cluster, left cluster.Leftover) (gone bool, err error) {
	if !o.dryRun {
		if err := from.RemoveLeftover(context.WithoutCancel(ctx), left); err != nil {
			o.console.fail(err.Error())
			return false, nil
		}
	}
	if left.Job != "" {
		err = o.print("job", left.Job)
	}
	for _, name := range left.ConfigMaps {
		err = errors.Join(err, o.print("configmap", name))
	}
	return true, err
}

// byJob has a Job clean KFP: all runs but some, where none is named. The Job is removed again; left says why that
// failed.
func (o *cleanupOptions) byJob(
	ctx context.Context, in *cluster.Cluster, namespace string, runs, allBut []string,
) (cleaned []worker.Cleaned, left, err error) {
	document, err := loadScenario(defaultScenario, "") // a Job has one, whatever its worker does
	if err != nil {
		return nil, nil, err
	}
	p := &prober{cluster: in, document: document, timeout: o.timeout, patchFile: o.job.pod.patchFile}
	if p.options, err = launchOptions(&o.job, &o.kfp); err != nil {
		return nil, nil, err
	}
	p.options.Namespace, p.options.LogLevel = namespace, o.logs.level
	if p.options.ServiceAccount, err = o.job.account(ctx, in); err != nil {
		return nil, nil, err
	}
	objects, err := p.build(jobspec.VerbClean, cleanArgs(runs, allBut, o.dryRun)...)
	if err != nil {
		return nil, nil, err
	}
	if err := in.Launch(ctx, objects); err != nil {
		return nil, nil, err
	}
	cleaned, err = p.cleaned(ctx, o.console)
	return cleaned, in.Remove(context.WithoutCancel(ctx), p.options.RunID), err
}

// cleanArgs are what a worker that cleans is told.
func cleanArgs(runs, allBut []string, dryRun bool) []string {
	var args []string
	if len(runs) > 0 {
		args = append(args, "--"+flagRun+"="+strings.Join(runs, ","))
	} else if len(allBut) > 0 {
		args = append(args, "--"+flagAllBut+"="+strings.Join(allBut, ","))
	}
	if dryRun {
		args = append(args, "--"+flagDryRun)
	}
	return args
}

// cleaned follows the worker that cleans, and brings home what became of it.
func (p *prober) cleaned(ctx context.Context, console *console) ([]worker.Cleaned, error) {
	id := p.options.RunID
	if _, err := p.cluster.Start(ctx, id, cluster.Starting{Timeout: p.timeout, Tell: func(*handoff.Problem) {}}); err != nil {
		return nil, err
	}
	err := p.cluster.Follow(ctx, id, cluster.Listener{
		Event: func(e handoff.Event) error { console.event(e); return nil }, Line: func(string) {}, Gap: func(int) {},
	})
	if err != nil {
		return nil, err
	}
	collected, err := p.cluster.Collect(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case collected.Commit.Problem != nil:
		return nil, collected.Commit.Problem
	}
	var all []worker.Cleaned
	if err := json.Unmarshal(collected.Content, &all); err != nil {
		return nil, fmt.Errorf("reading what was cleaned: %w", err)
	}
	for _, c := range all {
		if c.Cleanup == nil && c.Spared == "" {
			return nil, fmt.Errorf("reading what was cleaned: nothing is said of run %s", c.RunID)
		}
	}
	return all, nil
}
