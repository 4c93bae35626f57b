package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// recurring makes a recurring run of a pipeline and returns its id. More are fields of its message, which come
// last and so win.
func (s subject) recurring(t *testing.T, pipeline, trigger string, more ...string) string {
	t.Helper()
	return post[listedRecurring](t, s, "/recurringruns", recurringBody(pipeline, trigger, more...)).ID
}

func recurringBody(pipeline, trigger string, more ...string) string {
	fields := append([]string{
		`"display_name":"Every minute"`, `"mode":"ENABLE"`, `"max_concurrency":"10"`, `"trigger":{` + trigger + `}`,
		`"pipeline_version_reference":{"pipeline_id":"` + pipeline + `"}`,
	}, more...)
	return "{" + strings.Join(fields, ",") + "}"
}

type listedRecurring struct {
	ID      string    `json:"recurring_run_id"`
	Mode    string    `json:"mode"`
	Status  string    `json:"status"`
	Updated time.Time `json:"updated_at"`
}

const everyMinute = `"cron_schedule":{"cron":"0 * * * * *"}`

// fired returns the ticks whose runs the server knows, and when each run was made, since its start.
func (s subject) fired(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, r := range get[listed](t, s, "/runs", url.Values{"page_size": {"200"}}).Runs {
		all = append(all, fmt.Sprintf("%s+%s", r.Scheduled.Format("04:05"), r.Created.Sub(r.Scheduled)))
	}
	return all
}

func TestRecurringRunMakesARunWhenTheControllerLooksAfterATick(t *testing.T) {
	s := newSubject(Options{})
	id := s.recurring(t, s.pipeline(t, waiting("duration: 1")), everyMinute)
	// The controller looks every ten seconds, counted from 03:04:05, and KFP learns of a run half a second later.
	s.clock.advance(60 * time.Second)
	if got := s.fired(t); got != nil {
		t.Errorf("before KFP can know of any, there are %q", got)
	}
	s.clock.advance(startTime)
	if got := s.fired(t); !slices.Equal(got, []string{"05:00+5s"}) {
		t.Errorf("at first there are %q", got)
	}
	s.clock.advance(10 * time.Minute)
	want := []string{"05:00+5s", "06:00+5s", "07:00+5s", "08:00+5s", "09:00+5s", "10:00+5s", "11:00+5s", "12:00+5s", "13:00+5s", "14:00+5s", "15:00+5s"}
	if got := s.fired(t); !slices.Equal(got, want) {
		t.Errorf("later there are %q, want %q", got, want)
	}
	run := get[map[string]any](t, s, "/runs", nil)["runs"].([]any)[0].(map[string]any)
	if run["recurring_run_id"] != id || run["service_account"] != nil || !regexp.MustCompile(`^everyminute[0-9a-f]{5}-1-\d+$`).MatchString(run["display_name"].(string)) {
		t.Errorf("the run is %v", run)
	}
	if got := s.state(t, run["run_id"].(string)); got != "SUCCEEDED after 2s RUNNING@1s SUCCEEDED@2s" {
		t.Errorf("a run that KFP did not make is %s", got)
	}
	if got := get[listedRecurring](t, s, "/recurringruns/"+id, nil); !got.Updated.Equal(begin().Truncate(time.Second).Add(11 * time.Minute)) {
		t.Errorf("it was updated at %s", got.Updated)
	}
}

func TestRunsOfARecurringRunBecomeKnownWithTheLag(t *testing.T) {
	s := newSubject(Options{PersistenceLag: time.Minute})
	s.recurring(t, s.pipeline(t, waiting("duration: 1")), everyMinute)
	s.clock.advance(2 * time.Minute)
	if got := s.fired(t); got != nil {
		t.Errorf("KFP knows too early: %q", got)
	}
	s.clock.advance(time.Second)
	if got := s.fired(t); !slices.Equal(got, []string{"05:00+5s"}) {
		t.Errorf("KFP knows %q", got)
	}
}

func TestRecurringRunWaitsForItsRunsToEnd(t *testing.T) {
	s := newSubject(Options{})
	s.recurring(t, s.pipeline(t, waiting("duration: 150")), everyMinute, `"max_concurrency":"1"`)
	s.clock.advance(10 * time.Minute)
	// One is made at most every ten seconds, and only when the one before has ended.
	want := []string{"05:00+5s", "06:00+1m45s", "07:00+3m25s", "08:00+5m5s"}
	if got := s.fired(t); !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
}

func TestRecurringRunThatWasHeldUpCatchesUpUnlessItIsToldNotTo(t *testing.T) {
	for more, want := range map[string][]string{
		`"no_catchup":false`: {"05:00+5s", "06:00+4m5s", "07:00+3m15s", "08:00+2m25s", "09:00+1m35s", "10:00+45s", "11:00+5s"},
		`"no_catchup":true`:  {"05:00+5s", "10:00+5s", "11:00+5s"},
	} {
		s := newSubject(Options{})
		id := s.recurring(t, s.pipeline(t, waiting("duration: 1")), everyMinute, more)
		s.clock.advance(90 * time.Second)
		s.expect(t, http.StatusOK, http.MethodPost, "/recurringruns/"+id+":disable", "")
		s.clock.advance(270*time.Second - startTime) // 03:10:05
		if got := s.fired(t); !slices.Equal(got, want[:1]) {
			t.Errorf("%s: disabled, it made %q", more, got)
		}
		s.expect(t, http.StatusOK, http.MethodPost, "/recurringruns/"+id+":enable", "")
		s.clock.advance(70 * time.Second)
		if got := s.fired(t); !slices.Equal(got, want) {
			t.Errorf("%s: enabled again, it made %q, want %q", more, got, want)
		}
	}
}

func TestRecurringRunIsSwitched(t *testing.T) {
	s := newSubject(Options{})
	id := s.recurring(t, s.pipeline(t, waiting("")), `"periodic_schedule":{"interval_second":86400}`)
	want := listedRecurring{id, modeEnable, statusEnabled, begin().Truncate(time.Second)}
	for i, verb := range []string{"enable", "disable", "disable", "enable"} {
		s.clock.advance(time.Second)
		s.expect(t, http.StatusOK, http.MethodPost, "/recurringruns/"+id+":"+verb, "")
		if i%2 == 1 { // the others change nothing
			want.Updated = s.clock.Now().Truncate(time.Second)
		}
		want.Mode, want.Status = modeEnable, statusEnabled
		if verb == "disable" {
			want.Mode, want.Status = modeDisable, statusDisabled
		}
		if got := get[listedRecurring](t, s, "/recurringruns/"+id, nil); got != want {
			t.Errorf("%d, %s: got %+v, want %+v", i, verb, got, want)
		}
	}
	for _, path := range []string{"/recurringruns/absent:enable", "/recurringruns/absent:disable"} {
		s.expect(t, http.StatusNotFound, http.MethodPost, path, "")
	}
}

func TestRunsOfADeletedRecurringRunNeverEnd(t *testing.T) {
	s := newSubject(Options{})
	id := s.recurring(t, s.pipeline(t, waiting("duration: 100")), everyMinute)
	s.clock.advance(60*time.Second + startTime)
	run := get[listed](t, s, "/runs", nil).Runs[0].ID
	s.expect(t, http.StatusOK, http.MethodDelete, "/recurringruns/"+id, "")
	s.expect(t, http.StatusNotFound, http.MethodGet, "/recurringruns/"+id, "")
	s.expect(t, http.StatusNotFound, http.MethodDelete, "/recurringruns/"+id, "")
	s.clock.advance(time.Hour)
	if got := s.state(t, run); got != "RUNNING RUNNING@1s" || len(s.fired(t)) != 1 {
		t.Errorf("its run is %s, of %q", got, s.fired(t))
	}
	// Terminating it reaches no workflow, and yet is noted.
	s.expect(t, http.StatusInternalServerError, http.MethodPost, "/runs/"+run+":terminate", "")
	if got := s.state(t, run); got != "CANCELING RUNNING@1s" {
		t.Errorf("terminated, its run is %s", got)
	}
	s.expect(t, http.StatusOK, http.MethodDelete, "/runs/"+run, "")
}

func TestRecurringRunIsToldAsItWasAskedFor(t *testing.T) {
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(""))
	other := defaultID(t, s)
	own := post[listedRun](t, s, "/experiments", `{"display_name":"own"}`).Experiment
	id := s.recurring(t, pipeline, `"periodic_schedule":{"interval_second":"90","start_time":"2026-02-01T00:00:00Z"}`,
		`"description":"a test"`, `"mode":"DISABLE"`, `"no_catchup":true`, `"experiment_id":"`+own+`"`, `"max_concurrency":2`,
		`"runtime_config":{"parameters":{"a":1}}`, `"service_account":"me"`)
	got := get[map[string]any](t, s, "/recurringruns/"+id, nil)
	version := got["pipeline_version_reference"].(map[string]any)["pipeline_version_id"]
	var want map[string]any
	if err := json.Unmarshal([]byte(`{"recurring_run_id":"`+id+`","display_name":"Every minute","description":"a test",
		"experiment_id":"`+own+`","namespace":"kubeflow","service_account":"me","mode":"DISABLE","status":"DISABLED",
		"max_concurrency":"2","no_catchup":true,"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z",
		"trigger":{"periodic_schedule":{"interval_second":"90","start_time":"2026-02-01T00:00:00Z"}},
		"runtime_config":{"parameters":{"a":1}},
		"pipeline_version_reference":{"pipeline_id":"`+pipeline+`","pipeline_version_id":"`+version.(string)+`"}}`), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for name, query := range map[string]url.Values{
		"all": nil, "those of its experiment": {"experiment_id": {own}}, "its name": {"filter": {equals("display_name", "every MINUTE")}},
		"its id": {"filter": {equals("id", id)}}, "its time": {"filter": {predicateOf("updated_at", "EQUALS", `"timestamp_value":"2026-01-02T03:04:05Z"`)}},
		"its text": {"filter": {predicateOf("description", "IS_SUBSTRING", `"string_value":"test"`)}, "sort_by": {"updated_at"}},
	} {
		page := get[struct {
			All   []map[string]any `json:"recurringRuns"`
			Total int              `json:"total_size"`
		}](t, s, "/recurringruns", query)
		if page.Total != 1 || len(page.All) != 1 || !reflect.DeepEqual(page.All[0], want) {
			t.Errorf("%s: listed %+v", name, page)
		}
	}
	if got := s.expect(t, http.StatusOK, http.MethodGet, "/recurringruns?experiment_id="+other, ""); got != "{}" {
		t.Errorf("the default experiment has %s", got)
	}
}

func TestRecurringRunsThatCannotBeAreRefused(t *testing.T) {
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(""))
	for name, c := range map[string]struct {
		status        int
		trigger, more string
	}{
		"a cron that is none":      {http.StatusBadRequest, `"cron_schedule":{"cron":"every minute"}`, ""},
		"no cron":                  {http.StatusBadRequest, `"cron_schedule":{}`, ""},
		"no interval":              {http.StatusBadRequest, `"periodic_schedule":{}`, ""},
		"a time that is none":      {http.StatusBadRequest, `"cron_schedule":{"cron":"0 * * * * *","start_time":"soon"}`, ""},
		"another mode":             {http.StatusBadRequest, everyMinute, `,"mode":"ON"`},
		"none at a time":           {http.StatusBadRequest, everyMinute, `,"max_concurrency":0`},
		"eleven at a time":         {http.StatusBadRequest, everyMinute, `,"max_concurrency":11`},
		"many at a time":           {http.StatusBadRequest, everyMinute, `,"max_concurrency":"many"`},
		"no name":                  {http.StatusInternalServerError, everyMinute, `,"display_name":""`},
		"an unknown field":         {http.StatusBadRequest, everyMinute, `,"colour":"red"`},
		"another experiment":       {http.StatusNotFound, everyMinute, `,"experiment_id":"absent"`},
		"another pipeline":         {http.StatusInternalServerError, everyMinute, `,"pipeline_version_reference":{"pipeline_id":"absent"}`},
		"a package that is broken": {http.StatusInternalServerError, everyMinute, `,"pipeline_version_reference":null,"pipeline_spec":{}`},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.TrimSuffix(recurringBody(pipeline, c.trigger), "}") + c.more + "}"
			s.expect(t, c.status, http.MethodPost, "/recurringruns", body)
		})
	}
	if got := s.expect(t, http.StatusOK, http.MethodGet, "/recurringruns", ""); got != "{}" {
		t.Errorf("there are %s", got)
	}
}

func TestRunsOfAPackageThatCannotRunFail(t *testing.T) {
	s := newSubject(Options{})
	pipeline := s.pipeline(t, "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {entrypoint: lost, templates: [{name: a, suspend: {}}]}\n")
	s.recurring(t, pipeline, everyMinute, `"display_name":"…"`)
	s.clock.advance(60*time.Second + startTime)
	run := get[listed](t, s, "/runs", nil).Runs[0]
	if got := s.state(t, run.ID); !strings.HasPrefix(got, "FAILED") || !strings.HasPrefix(run.Name, "job-") {
		t.Errorf("%s is %s", run.Name, got)
	}
}

func TestManySchedulesFireOnTheirOwn(t *testing.T) {
	const n = 50
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting("duration: 1"))
	for range n {
		s.recurring(t, pipeline, everyMinute)
		s.clock.advance(100 * time.Millisecond)
	}
	s.clock.advance(3 * time.Minute)
	counts := map[string]int{}
	for _, r := range get[listed](t, s, "/runs", url.Values{"page_size": {"200"}}).Runs {
		counts[r.Scheduled.Format("04:05")]++
	}
	if want := map[string]int{"05:00": n, "06:00": n, "07:00": n}; !reflect.DeepEqual(counts, want) {
		t.Errorf("there are runs of %v, want %v", counts, want)
	}
}
