package scenario

import (
	"math"
	"strings"
	"testing"
)

func TestThresholds(t *testing.T) {
	for _, want := range []Threshold{
		{Text: "api.CreateRun.response.p99 < 500ms", Subject: "api", Operation: "CreateRun", Measure: "response", Statistic: "p99", Quantile: 0.99, Compare: "<", Value: 0.5},
		{Text: "api.ListRuns.lag.mean<=1m", Subject: "api", Operation: "ListRuns", Measure: "lag", Statistic: "mean", Compare: "<=", Value: 60},
		{Text: "api.GetRun.service.min >= 0s", Subject: "api", Operation: "GetRun", Measure: "service", Statistic: "min", Compare: ">="},
		{Text: "api.GetRun.errors < 0.5%", Subject: "api", Operation: "GetRun", Measure: "errors", Compare: "<", Value: 0.005, Percent: true},
		{Text: "api.GetRun.errors == 0", Subject: "api", Operation: "GetRun", Measure: "errors", Compare: "=="},
		{Text: "api.GetRun.calls > 1000", Subject: "api", Operation: "GetRun", Measure: "calls", Compare: ">", Value: 1000},
		{Text: "runs.success >= 99.9%", Subject: "runs", Measure: "success", Compare: ">=", Value: 0.999, Percent: true},
		{Text: "runs.success >= 100%", Subject: "runs", Measure: "success", Compare: ">=", Value: 1, Percent: true},
		{Text: "runs.dropped   ==   1", Subject: "runs", Measure: "dropped", Compare: "==", Value: 1},
		{Text: "run.duration.p99.9 < 2m", Subject: "run", Measure: "duration", Statistic: "p99.9", Quantile: 0.999, Compare: "<", Value: 120},
		{Text: "run.duration.p0.1 > 1ms", Subject: "run", Measure: "duration", Statistic: "p0.1", Quantile: 0.001, Compare: ">", Value: 0.001},
		{Text: "run.duration.max < 2m", Subject: "run", Measure: "duration", Statistic: "max", Compare: "<", Value: 120},
		{Text: "ticks.missed == 0", Subject: "ticks", Measure: "missed", Compare: "=="},
		{Text: "ticks.lag.p50 < 30s", Subject: "ticks", Measure: "lag", Statistic: "p50", Quantile: 0.5, Compare: "<", Value: 30},
	} {
		if got, err := ParseThreshold(want.Text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", want.Text, got, err)
		}
	}
}

func TestWhatIsNoThreshold(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "this is no condition; expected a condition such as",
		"runs.success":                        "this is no condition",
		"runs.success >= 99% or so":           "this is no condition",
		"runs.success >= NaN":                 `success is compared with "NaN"; expected a whole number, or a percentage`,
		"runs.success >= -1":                  `success is compared with "-1"`,
		"runs.success >= NaN%":                `"NaN%" is no percentage; expected one from 0% to 100%`,
		"runs.success >= -5%":                 `"-5%" is no percentage`,
		"runs.success != 5":                   `"!=" compares nothing; expected <, <=, >, >= or ==`,
		"runs.succes >= 5":                    `runs has no "succes"; did you mean "success"?`,
		"run.success >= 5":                    `run has no "success"; expected duration`,
		"tick.missed == 0":                    `nothing is called "tick"; did you mean "ticks"?`,
		"api.createrun.errors == 0":           `unknown operation "createrun"; did you mean "CreateRun"?`,
		"api.CreateRun.response.p0 < 1s":      "p0 is no percentile; expected one between 0 and 100, or min or max",
		"api.CreateRun.response.p100 < 1s":    "p100 is no percentile; expected one between 0 and 100, or min or max",
		"api.CreateRun.response.p0.00 < 1s":   "p0.00 is no percentile",
		"api.CreateRun.response.p100.0 < 1s":  "p100.0 is no percentile",
		"api.CreateRun.response.p101 < 1s":    `unknown statistic "p101"; expected min, mean, max or a percentile`,
		"api.CreateRun.response.p99.9.9 < 1s": `unknown statistic "p99.9.9"`,
		"api.CreateRun.response.pNaN < 1s":    `unknown statistic "pNaN"`,
		"api.CreateRun.response.p99 < -1s":    `response is compared with "-1s"; expected a duration`,
		"api.CreateRun.response.p99 < 500":    `response is compared with "500"; expected a duration`,
		"api.CreateRun.response.p99 < 721h":   `response is compared with "721h"; expected a duration such as 500ms or 2m, 720h at the most`,
		"api.CreateRun.calls > 5%":            `calls is compared with "5%"; expected a whole number`,
		"ticks.lag.mean < 1s":                 `unknown statistic "mean"; expected max or a percentile`,
		"runs..success > 1":                   `runs has no ""`,
		". < 1":                               `nothing is called ""`,
	} {
		if _, err := ParseThreshold(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzThreshold checks that no text panics, and that what is accepted can be judged.
func FuzzThreshold(f *testing.F) {
	for _, text := range []string{"", "api.CreateRun.response.p99 < 500ms", "runs.success >= 99%", "ticks.lag.max<1s", "run.duration.p0.5 > 1", "api.GetRun.calls == 5"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		threshold, err := ParseThreshold(text)
		if err != nil {
			return
		}
		v, q := threshold.Value, threshold.Quantile
		if math.IsNaN(v) || v < 0 || math.IsInf(v, 0) || q < 0 || q >= 1 || threshold.Percent && v > 1 || v > math.Max(1e15, maxTime.Seconds()) || threshold.Text != text {
			t.Errorf("%q: %+v", text, threshold)
		}
		if (q > 0) != strings.HasPrefix(threshold.Statistic, "p") {
			t.Errorf("%q: %+v", text, threshold)
		}
	})
}
