package report

import (
	"cmp"
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
	byRate := func(a, b result.Served) int { return cmp.Compare(*a.PerSecond, *b.PerSecond) }
	most, least := slices.MaxFunc(known, byRate), slices.MinFunc(known, byRate)
	line := fmt.Sprintf("fairness %s, where 1 is the same for each and %.2g is all for one:", index(*f.JainIndex), 1/float64(len(known)))
	if perSecondOf(most) == perSecondOf(least) {
		return []string{line, fmt.Sprintf("  %s succeeded in each", perSecondOf(most))}
	}
	return []string{line, fmt.Sprintf("  most in %s with %s, least in %s with %s", most.Namespace, perSecondOf(most),
		least.Namespace, perSecondOf(least))}
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
	byPace := func(a, b result.Served) int { return cmp.Compare(*a.MeanSeconds, *b.MeanSeconds) }
	slow, fast := slices.MaxFunc(f.Namespaces, byPace), slices.MinFunc(f.Namespaces, byPace)
	if byPace(slow, fast) == 0 {
		return []string{fmt.Sprintf("  %s took the same in each on average", work)}
	}
	return []string{fmt.Sprintf("  %s in %s took %.2f times as long on average as in %s", work, slow.Namespace,
		*f.SlowestToFastest, fast.Namespace)}
}

// since makes a time of seconds.
func since(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
