package sandbox

import (
	"encoding/json"
	"testing"
	"time"
)

func at(clock string) time.Time {
	t, err := time.Parse("15:04:05", clock)
	if err != nil {
		panic(err) // a mistake in the test
	}
	return t.AddDate(2026, 0, 1)
}

func TestNextTickOfASchedule(t *testing.T) {
	const (
		everyMinute = `{"cron_schedule":{"cron":"0 * * * * *"}}`
		interval    = `{"periodic_schedule":{"interval_second":"90"}}`
		until       = `{"cron_schedule":{"cron":"0 * * * * *","end_time":"2026-01-02T10:02:00Z"}}`
		from        = `{"cron_schedule":{"cron":"0 * * * * *","start_time":"2026-01-02T11:00:30Z"}}`
		intervalTo  = `{"periodic_schedule":{"interval_second":90,"start_time":"2026-01-02T10:30:00Z","end_time":"2026-01-02T10:33:00Z"}}`
	)
	for name, c := range map[string]struct {
		trigger string
		// last is empty before the first tick, want when there is no other.
		last, created, now string
		noCatchup          bool
		want               string
	}{
		"the first of a cron":           {everyMinute, "", "10:00:30", "10:00:30", false, "10:01:00"},
		"created on a tick":             {everyMinute, "", "10:01:00", "10:01:00", false, "10:02:00"},
		"the one after the last":        {everyMinute, "10:01:00", "10:00:30", "10:05:00", false, "10:02:00"},
		"only the last of those due":    {everyMinute, "10:01:00", "10:00:30", "10:05:00", true, "10:05:00"},
		"none due yet":                  {everyMinute, "10:01:00", "10:00:30", "10:01:30", true, "10:02:00"},
		"after the start":               {from, "", "10:00:00", "10:00:00", false, "11:01:00"},
		"a start that is over":          {from, "11:05:00", "10:00:00", "10:00:00", false, "11:06:00"},
		"the last before the end":       {until, "10:01:00", "10:00:00", "12:00:00", false, "10:02:00"},
		"none after the end":            {until, "10:02:00", "10:00:00", "12:00:00", false, ""},
		"no later than the end":         {until, "10:00:00", "09:59:30", "12:00:00", true, "10:02:00"},
		"the first of an interval":      {interval, "", "10:00:30", "10:00:30", false, "10:02:00"},
		"the next of an interval":       {interval, "10:02:00", "10:00:30", "12:00:00", false, "10:03:30"},
		"an interval that is behind":    {interval, "10:02:00", "10:00:30", "12:00:00", true, "12:00:00"},
		"an interval that is not":       {interval, "10:02:00", "10:00:30", "10:03:30", true, "10:03:30"},
		"an interval that starts later": {intervalTo, "", "10:00:00", "10:00:00", false, "10:31:30"},
		"an interval that has begun":    {intervalTo, "10:29:00", "10:00:00", "10:00:00", false, "10:30:00"},
		"an interval that is over":      {intervalTo, "10:31:31", "10:00:00", "12:00:00", false, ""},
		"an interval behind its end":    {intervalTo, "10:30:00", "10:00:00", "12:00:00", true, "10:33:00"},
		"once":                          {`{}`, "", "10:00:30", "10:00:30", false, "10:00:30"},
		"once and never again":          {`{}`, "10:00:30", "10:00:30", "12:00:00", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var trigger triggerMessage
			if err := json.Unmarshal([]byte(c.trigger), &trigger); err != nil {
				t.Fatal(err)
			}
			parsed, refused := trigger.parse(c.noCatchup)
			if refused != nil {
				t.Fatal(refused)
			}
			var last time.Time
			if c.last != "" {
				last = at(c.last)
			}
			// The fractions of seconds that a server's own times have are of no account.
			tick, ok := parsed.next(last, at(c.created).Add(300*time.Millisecond), at(c.now).Add(900*time.Millisecond))
			if ok != (c.want != "") || ok && !tick.Equal(at(c.want)) {
				t.Errorf("%s, %t; want %s", tick, ok, c.want)
			}
		})
	}
}
