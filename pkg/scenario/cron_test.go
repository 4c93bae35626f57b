package scenario

import (
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron"
)

// KFP takes five fields for seconds, minutes, hours, day and month; people mean minutes first.
func TestACronIsSentAsPeopleMeanIt(t *testing.T) {
	start := time.Date(2026, time.January, 5, 6, 30, 30, 0, time.UTC) // a Monday
	for _, test := range []struct {
		text, sent string
		next       string
	}{
		{"0 */2 * * *", "0 0 */2 * * *", "01-05 08:00:00"},
		{"*/5 * * * *", "0 */5 * * * *", "01-05 06:35:00"},
		{"*/1 * * * *", "0 */1 * * * *", "01-05 06:31:00"},
		{"0 6 * * mon-fri", "0 0 6 * * mon-fri", "01-06 06:00:00"},
		{" 0\t6 * *  SUN ", "0 0 6 * * SUN", "01-11 06:00:00"},
		{"0 0 29 2 ?", "0 0 0 29 2 ?", "02-29 00:00:00"}, // in 2028
		{"0 */5 * * * *", "0 */5 * * * *", "01-05 06:35:00"},
		{"*/5 * * * * *", "*/5 * * * * *", "01-05 06:30:35"},
		{"@hourly", "@hourly", "01-05 07:00:00"},
		{"@every 30s", "@every 30s", "01-05 06:31:00"},
		{"@every   1h30m", "@every 1h30m", "01-05 08:00:30"},
	} {
		sent, err := CronForKFP(test.text)
		if err != nil || sent != test.sent {
			t.Errorf("%q: %q, %v", test.text, sent, err)
			continue
		}
		schedule, err := cron.Parse(sent)
		if err != nil {
			t.Errorf("%q: %v", sent, err)
			continue
		}
		if got := schedule.Next(start).Format("01-02 15:04:05"); got != test.next {
			t.Errorf("%q fires at %s", test.text, got)
		}
	}
}

func TestWhatKFPWouldNotFireIsNoCron(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "is empty",
		" \t":                 "is empty",
		"TZ=0":                "names a time zone",
		"TZ=":                 "names a time zone",
		"CRON_TZ=UTC * * * *": "names a time zone",
		"* * * *":             "is no schedule: expected 5 to 6 fields, found 4",
		"* * * * * * *":       "is no schedule: expected 5 to 6 fields, found 7",
		"60 * * * *":          "is no schedule: end of range (60) above maximum (59)",
		"* * * * 7":           "is no schedule: end of range (7) above maximum (6)",
		"*/0 * * * *":         "is no schedule: step of range should be a positive number",
		"5-1 * * * *":         "is no schedule: beginning of range (5) beyond",
		"a * * * *":           "is no schedule: failed to parse int from a",
		"@":                   "is no schedule: unrecognized descriptor",
		"@reboot":             "is no schedule: unrecognized descriptor",
		"@every":              "is no schedule: unrecognized descriptor",
		"@every x":            "is no schedule: failed to parse duration",
		"@every -30s":         "is not a whole number of seconds",
		"@every 0s":           "is not a whole number of seconds",
		"@every 1500ms":       "is not a whole number of seconds",
		"@every 9999999h":     "is no schedule: failed to parse duration",
		"0 0 31 2 *":          "never fires",
		", * * * *":           "never fires",
		", , , , , ,":         "never fires",
		"* * * ,, *":          "never fires",
	} {
		sent, err := CronForKFP(text)
		if err == nil || sent != "" || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %q, %v", text, sent, err)
		}
	}
}

// FuzzCron checks that no text panics, or hangs, and that what is accepted fires, and stays as it is when
// it is read again.
func FuzzCron(f *testing.F) {
	for _, text := range []string{"", "TZ=0", "*/5 * * * *", "0 0 31 2 *", ", , , , , ,", "@every 30s", "1-5/2,7 * ? jan-dec mon", "@hourly"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sent, err := CronForKFP(text)
		if err != nil {
			return
		}
		again, err := CronForKFP(sent)
		if err != nil || again != sent {
			t.Fatalf("%q became %q and then %q, %v", text, sent, again, err)
		}
		schedule, err := cron.Parse(sent)
		if err != nil || schedule.Next(time.Unix(0, 0).UTC()).IsZero() {
			t.Errorf("%q never fires: %v", sent, err)
		}
	})
}
