package scenario

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestTheCanonicalFormOfTheWholeLanguage(t *testing.T) {
	canonical, err := load(t, "testdata/valid-language.yaml").Canonical()
	want := `{"name":"Nightly / Überlast",
"seed":9223372036854775808,
"thresholds":["runs.success >= 99%","api.CreateRun.response.p99.9<500ms"],
"scenarios":[
{"mode":"PIPELINE_RUN","startTime":"0s","runTime":"3m30s","pipelineFileName":"add_numbers.yaml","params":{"a":1},` +
		`"name":"ramp","labels":{"empty":"","team":"a"},"load":{"stages":[{"for":"2m0s","rate":"5/s"},{"for":"1m0s","rate":"0/s"},` +
		`{"for":"30s","rate":"2.5/s"}],"arrivals":"poisson","maxInFlight":200},"warmUp":"30s","drain":"0s","terminate":true,` +
		`"caching":false,"seed":0,"thresholds":["run.duration.p95 < 2m","runs.dropped == 0"]},
{"mode":"EXPERIMENT","startTime":"0s","runTime":"10m0s","numTimes":100,"pipelineFileName":"add_numbers.yaml","load":{"inFlight":20},"warmUp":10,"caching":true},
{"mode":"PIPELINE_RUN","startTime":"0s","runTime":"10m0s","pipelineFileName":"add_numbers.yaml",` +
		`"load":{"stages":[{"for":"5m0s","inFlight":10},{"for":"5m0s","inFlight":0}]}},
{"mode":"PIPELINE_RUN","startTime":"0s","runTime":"10m0s","pipelineFileName":"add_numbers.yaml","load":{"rate":"1.6666666666666667/s","arrivals":"constant"}},
{"mode":"RANDOM_GETS","startTime":"0s","runTime":"10m0s","numTimes":4,"warmUp":100,` +
		`"reads":{"weights":{"GetRun":0.5,"ListRecurringRuns":0,"ListRuns":3},"pageSizes":[20,200],"pageDepths":[1,3]}},
{"mode":"RANDOM_GETS","startTime":"0s","runTime":"10m0s","load":{"rate":"50/s","arrivals":"constant"},"reads":{}},
{"mode":"PIPELINE_UPLOAD","startTime":"0s","runTime":"10m0s","numTimes":5,"pipelineFileName":"add_numbers.yaml","as":"pipelines"},
{"mode":"PIPELINE_UPLOAD","startTime":"0s","runTime":"10m0s","pipelineFileName":"noop.yaml","load":{"rate":"1/s","arrivals":"constant"},"as":"versions","padTo":524288},
{"mode":"PIPELINE_UPLOAD","startTime":"0s","runTime":"10m0s","numTimes":1,"pipelineFileName":"add_numbers.yaml","as":"pipelines","padTo":33554432},
{"mode":"PIPELINE_SCHEDULED_RUN","startTime":"0s","runTime":"10m0s","numTimes":1,"pipelineFileName":"add_numbers.yaml","cron":"*/1 * * * *",` +
		`"thresholds":["ticks.missed == 0","ticks.lag.p95 < 30s"],"maxConcurrency":10},
{"mode":"PIPELINE_RUN","startTime":"0s","runTime":"10m0s","numTimes":3,"pipelineFileName":"add_numbers.yaml","namespaces":["team-a","team-b"]},
{"mode":"RANDOM_GETS","startTime":"0s","runTime":"10m0s","load":{"rate":"1/s","arrivals":"constant"},"namespaces":["team-1","team-2","team-3"]},
{"mode":"PIPELINE_SCHEDULED_RUN","startTime":"0s","runTime":"10m0s","numTimes":3,"pipelineFileName":"add_numbers.yaml","cron":"@every 30s","maxConcurrency":2}
]}
`
	if err != nil || string(canonical) != want {
		t.Errorf("%v\n%s", err, canonical)
	}
}

func TestAnObjectThatSaysNothingMoreIsAPlainScenario(t *testing.T) {
	object, array := load(t, "testdata/valid-plain-object.json"), load(t, "testdata/valid-smoke.json")
	array.Name, array.Entries[0].NumTimes = object.Name, 1
	if !reflect.DeepEqual(object, array) || object.Seed != 1 || object.Name != "valid-plain-object" {
		t.Errorf("%+v", object)
	}
}

func TestAnEntrySurvivesItsEncoding(t *testing.T) {
	for i, entry := range load(t, "testdata/valid-language.yaml").Entries {
		entry.Params = nil // numbers are read as they are written only by Load
		text, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		var again Entry
		if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(entry, again) {
			t.Errorf("entry %d: %v, %+v became %s and %+v", i+1, err, entry, text, again)
		}
	}
	for text, into := range map[string]any{`"5/d"`: new(Rate), `{}`: new(Rate), `"soon"`: new(WarmUp), `"x < 1"`: new(Threshold), `5`: new(Threshold)} {
		if err := json.Unmarshal([]byte(text), into); err == nil {
			t.Errorf("%s is taken for a %T", text, into)
		}
	}
}

func TestNamesAndThresholdsDoNotChangeTheHash(t *testing.T) {
	d := load(t, "testdata/valid-language.yaml")
	hash := d.Hash()
	d.Name, d.named, d.Thresholds = "other", false, nil
	d.Entries[0].Name, d.Entries[0].Labels, d.Entries[0].Thresholds = "", nil, nil
	if d.Hash() != hash {
		t.Error("what asks nothing of KFP changes the hash")
	}
	for i, change := range []func(*Document){
		func(d *Document) { d.Seed = 2 },
		func(d *Document) { d.Entries[0].Load.MaxInFlight = 1 },
		func(d *Document) { d.Entries[7].PadTo = 1 },
		func(d *Document) { d.Entries[1].WarmUp.Count = 2 },
	} {
		d := load(t, "testdata/valid-language.yaml")
		change(d)
		if d.Hash() == hash {
			t.Errorf("change %d does not change the hash", i)
		}
	}
}

func TestAFileNameIsFitForAnyFileSystem(t *testing.T) {
	for name, want := range map[string]string{"smoke": "smoke.json", "Nightly / Überlast": "Nightly---Überlast.json", "../..": "-...json", "": "scenario.json"} {
		d := Document{Name: name}
		if got := d.FileName(); got != want || strings.ContainsAny(got, `/\`) {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func TestStagesSayHowLongAnEntryRuns(t *testing.T) {
	d := load(t, "testdata/valid-language.yaml")
	if got := time.Duration(d.Entries[0].RunTime); got != 3*time.Minute+30*time.Second {
		t.Errorf("%v", got)
	}
}
