package scenario

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// pool are values that some field or other takes, and values that none does.
func pool() []string {
	return []string{
		`null`, `true`, `false`, `0`, `-0`, `1`, `-1`, `1.5`, `10`, `11`, `200`, `201`, `1000`, `1001`, `10000`, `10001`, `43200`, `43201`,
		`100000`, `100001`, `33554432`, `33554433`, `9223372036854775808`, `9223372036854775809`, `1e3`, `1e300`,
		`""`, `" "`, `"a"`, `"é"`, `"\n"`, `"a\u00a0b"`, `"5"`, `"-1"`, `"0"`, `"0s"`, `"-0s"`, `"+5s"`, `"-5s"`, `"90s"`, `"1h30m"`, `"1.5h"`, `".5s"`,
		`"5 s"`, `"5x"`, `"1µs"`, `"0.0h"`, `"pipelines"`, `"versions"`, `"constant"`, `"noop.yaml"`, `"./noop.yaml"`, `"noop.yaml/"`, `"../noop.yaml"`,
		`"a/../noop.yaml"`, `"/noop.yaml"`, `"noop.py"`, `"a\\noop.yaml"`,
		`"1KiB"`, `"32768KiB"`, `"32769KiB"`, `"32MiB"`, `"33MiB"`, `"1.5MiB"`, `"1MB"`, `"5/s"`, `"0/s"`, `"05/s"`, `"5/d"`, `"0.5/s"`, `"0.00/m"`, `".5/s"`,
		`"100000/s"`, `"100000.5/s"`, `"100000.0/s"`, `"6000000/m"`, `"6000001/m"`, `"360000000/h"`, `"360000001/h"`, `"5999999.5/m"`,
		`"* * * * *"`, `"*/5 * * * * *"`, `"* * * *"`, `"* * * * * * *"`, `"@hourly"`, `"@every 30s"`, `"@reboot"`, `" 0 6 * * mon-fri "`, `"0 0 1,15 * ?"`,
		`{}`, `{"a": 1}`, `{"a": "b"}`, `{"": "b"}`, `[]`, `[1]`, `[0]`, `[200]`, `[201]`, `["a"]`, `[null]`,
		`{"inFlight": 5}`, `{"inFlight": 0}`, `{"rate": 5}`, `{"rate": "5/s"}`, `{"rate": 0}`, `{"rate": "0.0/s"}`, `{"rate": 100000.5}`, `{"rate": -1}`,
		`{"rate": 5, "inFlight": 5}`, `{"rate": 5, "arrivals": "poisson", "maxInFlight": 5}`, `{"inFlight": 5, "maxInFlight": 5}`,
		`{"inFlight": 5, "arrivals": "poisson"}`, `{"arrivals": "poisson"}`, `{"stages": []}`, `{"stages": [{"for": "1m", "rate": 5}]}`,
		`{"stages": [{"for": "1m", "rate": 0}]}`, `{"stages": [{"for": "1m", "rate": "0/m"}, {"for": 1, "rate": "5/m"}], "arrivals": "constant"}`,
		`{"stages": [{"for": "1m", "inFlight": 0}]}`, `{"stages": [{"for": "1m", "inFlight": 0}, {"for": "1m", "inFlight": 3}]}`,
		`{"stages": [{"for": "1m", "inFlight": 3}], "maxInFlight": 5}`, `{"stages": [{"for": "1m", "inFlight": 3, "rate": 5}]}`,
		`{"stages": [{"for": "1m", "inFlight": 3}, {"for": "1m", "rate": 5}]}`, `{"stages": [{"for": "1m"}]}`, `{"stages": [{"rate": 5}]}`, `{"stages": [{"for": 0, "rate": 5}]}`,
		`["a", "b"]`, `["a", "a"]`, `["A"]`, `["a-"]`, `["a.b"]`, `{"prefix": "a", "count": 200}`, `{"prefix": "a", "count": 201}`,
		`{"prefix": "a", "count": 0}`, `{"prefix": "a-", "count": 1, "b": 2}`, `{"prefix": "a"}`, `{"count": 2}`, `{"prefix": "", "count": 2}`,
		`{"prefix": "A", "count": 2}`, `{"prefix": null, "count": 2}`, `{"prefix": "a", "count": "2"}`,
		`{"weights": {}}`, `{"weights": {"ListRuns": 1}}`, `{"weights": {"ListRuns": 0}}`, `{"weights": {"CreateRun": 1}}`, `{"weights": {"GetRun": "1"}}`,
		`{"pageSizes": [1, 200]}`, `{"pageSizes": []}`, `{"pageDepths": [1000]}`, `{"pageDepths": [1001]}`, `{"pages": [1]}`,
	}
}

// conditions are thresholds, most of which are none.
func conditions() []string {
	var all []string
	for _, value := range []string{"500ms", "-1s", "0s", "99%", "100%", "100.5%", "101%", "0.5%", "-1%", "5", "05", "1.5", "NaN", "5%%", "", "1000h"} {
		for _, judged := range []string{
			"api.CreateRun.response.p99", "api.CreateRun.lag.min", "api.Create.response.p99", "api.CreateRun.response", "api.CreateRun.errors",
			"api.CreateRun.calls", "api.errors", "runs.success", "runs.done", "run.duration.p95", "run.duration.p0", "run.duration.p0.5", "run.duration.p0.0",
			"run.duration.p100", "run.duration.p99.9", "run.duration.p99.", "run.duration.p05", "runs.success.p99", "ticks.missed", "ticks.lag.max", "ticks.lag.mean",
			"ticks.lag.p99.99", "ticks", "",
		} {
			all = append(all, judged+" < "+value)
		}
	}
	return append(all, "runs.success>=99%", "runs.success == 5", "runs.success != 5", " runs.success > 5", "runs.success > 5 ", "runs.success => 5")
}

// TestTheParserAndTheSchemaAgree puts every value of the pool into every field, and one into those of
// other modes.
func TestTheParserAndTheSchemaAgree(t *testing.T) {
	t.Parallel()
	schema, pipelines := compiled(t), shipped().library(t)
	// What only the parser can know, see beyondSchema.
	spelt := []string{`1e3`, `-0`}
	accepted := 0
	check := func(document any, excuse bool) {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		_, faults := decode("a.json", text, pipelines)
		seen, ok := tree("a.json", text)
		if !ok {
			t.Fatalf("%s", text)
		}
		refused := schema.Validate(seen)
		if faults == nil {
			accepted++
		}
		if (faults == nil) != (refused == nil) && (!excuse || faults == nil) {
			t.Errorf("%s: the parser says %v, the schema %v", text, faults, refused)
		}
	}
	for _, mode := range Modes() {
		for _, field := range entryFields() {
			values := pool()
			if modes := append(modesOf(field), PipelineRun); modes[0] != mode {
				values = []string{`1`}
			}
			for _, value := range values {
				entry := valid(mode)
				if value == `null` && field != fieldMode {
					delete(entry, field)
				} else {
					entry[field] = json.RawMessage(value)
				}
				whole := slices.Contains([]string{fieldNumTimes, fieldWarmUp, fieldPadTo, fieldSeed, fieldMaxConcurrency}, field)
				small := field == fieldPadTo // than the pipeline
				all := field == fieldWarmUp && value == `100000`
				check([]any{entry}, whole && slices.Contains(spelt, value) || small || all)
			}
			check([]any{valid(mode), map[string]any{field: 1}}, false)
		}
		for i, condition := range conditions() {
			if mode != PipelineScheduledRun && i%7 > 0 {
				continue
			}
			entry := valid(mode)
			entry[fieldThresholds] = []string{condition}
			check([]any{entry}, strings.HasSuffix(condition, "1000h"))
		}
	}
	for _, field := range append(documentFields(), "other") {
		for _, value := range pool() {
			document := map[string]any{fieldScenarios: []any{valid(PipelineRun)}}
			if value == `null` {
				delete(document, field)
			} else {
				document[field] = json.RawMessage(value)
			}
			check(document, field == fieldSeed && slices.Contains(spelt, value))
			check([]any{json.RawMessage(value)}, false)
			check(json.RawMessage(value), false)
		}
	}
	if accepted < 250 {
		t.Errorf("only %d documents were valid", accepted)
	}
}

// valid is an entry of a mode that both accept.
func valid(mode Mode) map[string]any {
	entry := map[string]any{fieldMode: mode, fieldRunTime: 43200, fieldNumTimes: maxTimes}
	if mode == PipelineScheduledRun {
		entry[fieldCron] = "* * * * *"
	}
	return entry
}
