package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// leftLines tell what of the run is still in KFP and should not be, and how it is removed.
func leftLines(d *result.Document) []string {
	c := d.Cleanup
	if c.Complete() {
		return nil
	}
	text := "what the run made may still be in KFP: " + c.Reason
	if c.LeftTotal > 0 {
		text = fmt.Sprintf("%s of the run %s left in KFP: %s", plural(c.LeftTotal, "thing"), isOrAre(c.LeftTotal), c.Reason)
	}
	return []string{text, "remove it with: " + removalOf(d)}
}

// removalOf is the command that removes what a run left.
func removalOf(d *result.Document) string {
	command := "kubectl kfpperf cleanup " + d.RunID
	if d.Cleanup.Namespace != "" {
		command += " -n " + d.Cleanup.Namespace
	}
	if slices.Contains(d.Environment.Flags, "--local=true") {
		command += " --local --kfp-url " + d.Server.URL
	}
	return command
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return number(n) + " " + what + "s"
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// keptLine tells what stays in KFP because it is evidence; empty where nothing does.
func keptLine(d *result.Document) string {
	if d.Cleanup == nil || d.Cleanup.Kept == nil || d.Cleanup.Kept.Total() == 0 {
		return ""
	}
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{d.Cleanup.Kept.Runs, "run"}, {d.Cleanup.Kept.Experiments, "experiment"}, {d.Cleanup.Kept.Pipelines, "pipeline"}} {
		if part.n > 0 {
			parts = append(parts, plural(part.n, part.what))
		}
	}
	return fmt.Sprintf("kept in KFP: %s · to remove: %s", strings.Join(parts, ", "), removalOf(d))
}
