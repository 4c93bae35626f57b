package scenario

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron"
	"go.yaml.in/yaml/v3"
)

var (
	errCronEmpty = errors.New("is empty")
	errCronZone  = errors.New("names a time zone, which KFP cannot read; write the schedule in UTC")
	errCronNever = errors.New("never fires")
	errCronEvery = errors.New("is not a whole number of seconds, which is all that KFP can wait for")
)

// CronForKFP returns a schedule as KFP has to get it: with seconds first. The five fields that people know
// begin with minutes, and KFP would take them for seconds; so "0" is put before them. Six fields, and
// descriptors such as "@every 30s" and "@hourly", stay as they are. The error is the rest of a sentence
// that begins with the schedule.
func CronForKFP(text string) (string, error) {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return "", errCronEmpty
	}
	first := fields[0]
	if strings.HasPrefix(first, "TZ=") || strings.HasPrefix(first, "CRON_TZ=") {
		return "", errCronZone
	}
	if len(fields) == 5 && !strings.HasPrefix(first, "@") {
		fields = append([]string{"0"}, fields...)
	}
	sent := strings.Join(fields, " ")
	schedule, err := cron.Parse(sent)
	if err != nil {
		return "", fmt.Errorf("is no schedule: %s", lowerFirst(err.Error()))
	}
	if err := checkSchedule(first, schedule, sent); err != nil {
		return "", err
	}
	return sent, nil
}

// checkSchedule refuses what the parser takes, and then never or more often than asked for fires.
func checkSchedule(first string, schedule cron.Schedule, sent string) error {
	if first == "@every" {
		every, err := time.ParseDuration(strings.TrimPrefix(sent, "@every "))
		if err != nil || every < time.Second || every%time.Second != 0 {
			return errCronEvery
		}
		return nil
	}
	spec, ok := schedule.(*cron.SpecSchedule)
	if !ok {
		return nil
	}
	// A field of commas alone is empty, and the search for its next instant takes minutes.
	for _, bits := range []uint64{spec.Second, spec.Minute, spec.Hour, spec.Dom, spec.Month, spec.Dow} {
		if bits == 0 {
			return errCronNever
		}
	}
	if spec.Next(time.Date(2001, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero() { // such as 31 February
		return errCronNever
	}
	return nil
}

// lowerFirst makes the message of another package fit for the middle of a sentence.
func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }

// cron reads the schedule.
func (r *reader) cron(entry, node *yaml.Node) string {
	const expected = `a schedule in quotes, such as "*/5 * * * *", with seconds "0 */5 * * * *", or "@every 30s"`
	switch {
	case node == nil:
		r.fault(entry, "cron is missing; mode %s expects %s", PipelineScheduledRun, expected)
		return ""
	case node.Kind == 0:
		return ""
	case node.Kind != yaml.ScalarNode || node.Tag != tagString || node.Value == "":
		r.fault(node, "cron is %s; expected %s", describe(node), expected)
		return ""
	}
	if _, err := CronForKFP(node.Value); err != nil {
		r.fault(node, "cron %s %v; expected %s", quote(node.Value), err, expected)
	}
	return node.Value
}
