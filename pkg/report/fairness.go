package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// fairnessLines say how evenly an entry's namespaces were served; nothing of an entry that has only one.
func fairnessLines(l *result.List, e result.Entry) []string {
	for _, f := range l.Fairness {
		if f.Entry == e.Index+1 {
			return append(shareLines(f, e.Work()), paceLines(f, e.Work())...)
		}
	}
	return nil
}

// shareLines say what each got.
func shareLines(f result.Fairness, work string) []string {
	known := f.Namespaces
	switch {
	case len(known) < 2:
		return []string{"fairness is not known: it takes the results of two namespaces"}
	case slices.ContainsFunc(known, func(s result.Served) bool { return s.PerSecond == nil }):
		return []string{fmt.Sprintf("fairness is not known: the %s were not active in each", work)}
	case f.JainIndex == nil:
		return []string{fmt.Sprintf("fairness is not known: no %s succeeded", work)}
	}
	most, least := 0, 0
	for i, s := range known {
		if *s.PerSecond > *known[most].PerSecond {
			most = i
		}
		if *s.PerSecond < *known[least].PerSecond {
			least = i
		}
	}
	line := fmt.Sprintf("fairness %s, where 1 is the same for each and %.2g is all for one:", index(*f.JainIndex), 1/float64(len(known)))
	if perSecondOf(known[most]) == perSecondOf(known[least]) {
		return []string{line, fmt.Sprintf("  %s succeeded in each", perSecondOf(known[most]))}
	}
	return []string{line, fmt.Sprintf("  most in %s with %s, least in %s with %s", known[most].Namespace, perSecondOf(known[most]),
		known[least].Namespace, perSecondOf(known[least]))}
}

// index has as many digits as tell it from 1.
func index(jain float64) string {
	for digits := 2; digits < 6; digits++ {
		text := strconv.FormatFloat(jain, 'f', digits, 64)
		if !strings.HasPrefix(text, "1.") {
			return text
		}
	}
	return strconv.FormatFloat(jain, 'f', 2, 64)
}

func perSecondOf(s result.Served) string { return fmt.Sprintf("%.3g/s", *s.PerSecond) }

// paceLines say how much longer the slowest waited than the fastest.
func paceLines(f result.Fairness, work string) []string {
	if f.SlowestToFastest == nil {
		return nil
	}
	slow, fast := 0, 0
	for i, s := range f.Namespaces {
		if *s.MeanSeconds > *f.Namespaces[slow].MeanSeconds {
			slow = i
		}
		if *s.MeanSeconds < *f.Namespaces[fast].MeanSeconds {
			fast = i
		}
	}
	if slow == fast {
		return []string{fmt.Sprintf("  %s took the same in each on average", work)}
	}
	return []string{fmt.Sprintf("  %s in %s took %.2f times as long on average as in %s", work, f.Namespaces[slow].Namespace,
		*f.SlowestToFastest, f.Namespaces[fast].Namespace)}
}

// since makes a time of seconds.
func since(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
