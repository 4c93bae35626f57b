package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxThresholds is how many thresholds a document, and each entry, may have.
const maxThresholds = 100

// aThreshold is what a threshold has to be.
const aThreshold = `a condition such as "api.CreateRun.response.p99 < 500ms", "runs.success >= 99%" or "run.duration.p95 < 2m"`

// MarshalJSON writes the text of the file.
func (t Threshold) MarshalJSON() ([]byte, error) {
	text, err := marshal(t.Text) // json.Marshal would make "<" unreadable
	return []byte(text), err
}

// UnmarshalJSON reads the text of a file.
func (t *Threshold) UnmarshalJSON(text []byte) error {
	var written string
	if err := json.Unmarshal(text, &written); err != nil {
		return fmt.Errorf("decoding threshold: %w", err)
	}
	parsed, err := ParseThreshold(written)
	if err != nil {
		return fmt.Errorf("decoding threshold %s: %w", quote(written), err)
	}
	*t = parsed
	return nil
}

// thresholds reads a list of conditions, none as nil.
func (r *reader) thresholds(list *yaml.Node) []Threshold {
	var thresholds []Threshold
	for _, node := range r.list(fieldThresholds, list, maxThresholds, `["runs.success >= 99%"]`) {
		switch {
		case node.Kind == 0:
			continue
		case node.Kind != yaml.ScalarNode || node.Tag != tagString:
			r.fault(node, "this threshold is %s; expected %s", describe(node), aThreshold)
			continue
		}
		threshold, err := ParseThreshold(node.Value)
		if err != nil {
			r.fault(node, "threshold %s: %v", quote(node.Value), err)
		}
		thresholds = append(thresholds, threshold)
	}
	return thresholds
}

// checkTicks refuses conditions on a schedule where there is none.
func (r *reader) checkTicks(e Entry, list *yaml.Node) {
	if e.Mode == "" || e.Mode == PipelineScheduledRun || list == nil || len(list.Content) != len(e.Thresholds) {
		return
	}
	for i, threshold := range e.Thresholds {
		if threshold.Subject == subjectTicks {
			r.fault(list.Content[i], "a threshold on ticks belongs to mode %s only; remove it from this entry of mode %s",
				PipelineScheduledRun, e.Mode)
		}
	}
}

// ParseThreshold reads a condition on the result. The error says what was expected instead.
func ParseThreshold(text string) (Threshold, error) {
	parts := regexp.MustCompile(`^([^ <>=!]+) *([<>=!]+) *([^ <>=!]+)$`).FindStringSubmatch(text)
	if parts == nil {
		return Threshold{}, fmt.Errorf("this is no condition; expected %s", aThreshold)
	}
	t := Threshold{Text: text, Compare: parts[2]}
	if known := []string{"<", "<=", ">", ">=", "=="}; !slices.Contains(known, t.Compare) {
		return Threshold{}, fmt.Errorf("%s compares nothing; expected %s", quote(t.Compare), listed("or", known...))
	}
	judged, err := t.readSubject(strings.Split(parts[1], "."))
	if err != nil {
		return Threshold{}, err
	}
	return t, t.readValue(judged.kind, parts[3])
}

// readSubject reads what is judged, such as api.CreateRun.response.p99.
func (t *Threshold) readSubject(words []string) (measure, error) {
	t.Subject = words[0]
	known := measures(t.Subject)
	if known == nil {
		return measure{}, fmt.Errorf("nothing is called %s%s", quote(t.Subject),
			orSuggest(t.Subject, []string{subjectAPI, subjectRuns, subjectRun, subjectTicks}))
	}
	words = words[1:]
	if t.Subject == subjectAPI {
		if len(words) == 0 {
			return measure{}, errors.New("api needs an operation; expected such as api.CreateRun.response.p99")
		}
		if t.Operation, words = words[0], words[1:]; !slices.Contains(Operations(), t.Operation) {
			return measure{}, fmt.Errorf("unknown operation %s%s", quote(t.Operation), orSuggest(t.Operation, Operations()))
		}
	}
	names := make([]string, len(known))
	for i, m := range known {
		names[i] = m.name
	}
	if len(words) == 0 {
		return measure{}, fmt.Errorf("%s needs to be followed by what of it is judged; expected %s", t.Subject, listed("or", names...))
	}
	i := slices.Index(names, words[0])
	if i < 0 {
		return measure{}, fmt.Errorf("%s has no %s%s", t.Subject, quote(words[0]), orSuggest(words[0], names))
	}
	t.Measure = known[i].name
	return known[i], t.readStatistic(known[i], words[1:])
}

// readStatistic reads which figure of a distribution is judged.
func (t *Threshold) readStatistic(judged measure, words []string) error {
	expected := strings.Join(statistics(t.Subject), ", ") + " or a percentile such as p95 or p99.9"
	statistic := strings.Join(words, ".") // p99.9 has a point, too
	switch {
	case judged.kind != distribution && len(words) > 0:
		return fmt.Errorf("%s is a number, not a distribution; remove %s", judged.name, quote("."+statistic))
	case judged.kind != distribution:
		return nil
	case len(words) == 0:
		return fmt.Errorf("%s is a distribution; expected it to be followed by %s", judged.name, expected)
	case slices.Contains(statistics(t.Subject), statistic):
		t.Statistic = statistic
		return nil
	case regexp.MustCompile(`^p0*(\.0*)?$|^p0*100(\.0*)?$`).MatchString(statistic):
		return fmt.Errorf("%s is no percentile; expected one between 0 and 100, or min or max", statistic)
	case !regexp.MustCompile(`^p(0|[1-9][0-9]?)(\.[0-9]{1,3})?$`).MatchString(statistic):
		return fmt.Errorf("unknown statistic %s; expected %s", quote(statistic), expected)
	}
	quantile, err := strconv.ParseFloat(statistic[1:]+"e-2", 64) // exact: 99.9/100 is not 0.999
	t.Statistic, t.Quantile = statistic, quantile
	return err
}

// readValue reads what a figure is compared with.
func (t *Threshold) readValue(judged kind, text string) error {
	if judged == distribution {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 || d > maxTime {
			return fmt.Errorf("%s is compared with %s; expected a duration such as 500ms or 2m, 720h at the most", t.Measure, quote(text))
		}
		t.Value = d.Seconds()
		return nil
	}
	number, percent := strings.CutSuffix(text, "%")
	var err error
	switch {
	case percent && judged == share:
		if !regexp.MustCompile(`^(0|[1-9][0-9]?)(\.[0-9]{1,6})?$|^100(\.0{1,6})?$`).MatchString(number) {
			return fmt.Errorf("%s is no percentage; expected one from 0%% to 100%%", quote(text))
		}
		t.Percent = true
		t.Value, err = strconv.ParseFloat(number+"e-2", 64)
		return err
	case !regexp.MustCompile(`^(0|[1-9][0-9]{0,14})$`).MatchString(text):
		expected := "a whole number"
		if judged == share {
			expected += ", or a percentage such as 99%"
		}
		return fmt.Errorf("%s is compared with %s; expected %s", t.Measure, quote(text), expected)
	}
	t.Value, err = strconv.ParseFloat(text, 64)
	return err
}
