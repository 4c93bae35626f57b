package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"k8s.io/apimachinery/pkg/util/duration"
)

// card is what is told of one thing: a title, and lines with names before them.
type card struct {
	title string
	lines []cardLine
}

type cardLine struct {
	name, text string
	// whole lines are not broken: commands to copy.
	whole bool
}

func (c *card) add(name, text string) {
	if text != "" {
		c.lines = append(c.lines, cardLine{name: name, text: printable(text)})
	}
}

// text is the card for people; lines are broken at columns, and 0 leaves them whole.
func (c *card) text(columns int) string {
	const names = 12
	indent := strings.Repeat(" ", names)
	var text strings.Builder
	text.WriteString(fold(c.title, columns) + "\n")
	for _, line := range c.lines {
		broken := line.text
		if !line.whole {
			broken = fold(line.text, columns-names)
		}
		for i, part := range strings.Split(broken, "\n") {
			lead := indent
			if i == 0 {
				lead = fmt.Sprintf("  %-*s", names-2, line.name)
			}
			text.WriteString(lead + part + "\n")
		}
	}
	return text.String()
}

// statusCard tells of a run what is known, and what to do next with kubectl's flags.
func statusCard(run cluster.Run, now time.Time, flags []string) *card {
	c := &card{title: printable(fmt.Sprintf("run %s in %s", run.ID, run.Namespace))}
	c.add("scenario", run.Scenario)
	c.add("group", run.Group)
	c.add("phase", phaseWords(run, now))
	c.add("created", moment(&run.Created, now))
	c.add("started", moment(run.Started, now))
	c.add("ended", moment(run.Ended, now))
	if run.Pod != "" {
		c.add("pod", run.Pod)
		c.add("node", run.Node)
	}
	for i, e := range run.Progress {
		name := ""
		if i == 0 {
			name = "progress"
		}
		c.add(name, entryName(e, true)+"  "+strings.Join(standing(e), "  "))
	}
	c.add("result", recordWords(run))
	if p := run.Problem; p != nil {
		c.add("problem", p.Cause)
		for _, more := range []string{p.Evidence, p.Remedy} {
			if more != "" {
				c.add("", more)
			}
		}
	}
	if verb := nextVerb(run); verb != "" {
		c.lines = append(c.lines, cardLine{name: "next", text: printable(commandFor(verb, run.ID, append([]string{"-n", run.Namespace}, flags...)...)), whole: true})
	}
	return c
}

// phaseWords says what a phase means for this run.
func phaseWords(run cluster.Run, now time.Time) string {
	words := string(run.Phase)
	switch run.Phase {
	case cluster.PhaseRunning, cluster.PhaseStopping:
		if run.Started != nil {
			words += ", for " + ago(*run.Started, now)
		}
	case cluster.PhaseEnded:
		words += ", its result was not collected yet"
	case cluster.PhaseCollected:
		words += ", Kubernetes removes it soon"
	}
	return words
}

// moment is a time, and how long ago it was; empty for one that nobody knows.
func moment(at *time.Time, now time.Time) string {
	if at == nil || at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339) + ", " + ago(*at, now) + " ago"
}

// ago is rough, as kubectl's ages are. A clock that is behind the cluster's makes no time negative.
func ago(at, now time.Time) string { return duration.HumanDuration(max(0, now.Sub(at))) }

// recordWords says of the result what its record says.
func recordWords(run cluster.Run) string {
	verdict := run.Verdict()
	if verdict == "" {
		return ""
	}
	return fmt.Sprintf("%s, %d bytes, sha256 %s", verdict, run.Commit.Bytes, run.Commit.SHA256)
}

// nextVerb is what to do next with a run; empty where there is nothing to do.
func nextVerb(run cluster.Run) string {
	switch run.Phase {
	case cluster.PhasePending, cluster.PhaseRunning, cluster.PhaseStopping:
		return "attach"
	case cluster.PhaseEnded:
		return "collect"
	case cluster.PhaseFailed:
		return "delete"
	}
	return ""
}
