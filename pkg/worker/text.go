package worker

import (
	"fmt"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// serverEvent tells which KFP answered.
func serverEvent(s result.Server) handoff.Event {
	name := "KFP"
	if s.Version != "" {
		name += " " + s.Version
	}
	mode := "single-user"
	if s.MultiUser {
		mode = "multi-user, in namespace " + s.Namespace + " as " + s.Identity
	}
	return handoff.Event{
		Type: handoff.EventServer, Time: time.Now().UTC(),
		Text:   fmt.Sprintf("%s at %s, %s", name, s.URL, mode),
		Server: &handoff.Server{URL: s.URL, Version: s.Version, MultiUser: s.MultiUser},
	}
}

// finishedEvent tells the verdict.
func finishedEvent(d *result.Document) handoff.Event {
	text := fmt.Sprintf("finished after %s: %s", clock(d.Finished.Sub(d.Started)), d.Verdict.Status)
	if len(d.Verdict.Reasons) > 0 {
		text += ": " + strings.Join(d.Verdict.Reasons, "; ")
	}
	return handoff.Event{Type: handoff.EventFinished, Time: time.Now().UTC(), Text: text}
}

// progressText is a progress event for people.
func progressText(elapsed time.Duration, entries []handoff.EntryProgress) string {
	parts := make([]string, len(entries))
	for i, e := range entries {
		parts[i] = fmt.Sprintf("#%d %s %s", e.Entry+1, e.Mode, standingText(e))
	}
	return clock(elapsed) + " " + strings.Join(parts, "; ")
}

// standingText says where one entry stands.
func standingText(e handoff.EntryProgress) string {
	if e.Failure != "" {
		return "failed"
	}
	if phase := workload.Phase(e.Phase); phase == workload.Waiting || phase == workload.Preparing {
		return e.Phase
	}
	return strings.Join(e.Standing(latency), ", ")
}

// clock writes a time span as minutes and seconds, with hours where there are any.
func clock(d time.Duration) string {
	seconds := int(d.Seconds())
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%02d:%02d", seconds/60, seconds%60)
}

// latency writes a call's time with the figures that matter to a reader.
func latency(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
