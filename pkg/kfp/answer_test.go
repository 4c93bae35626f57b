package kfp

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestSuccessThatIsNoAnswerOfKFP(t *testing.T) {
	const page = "<!DOCTYPE html><title>Log in</title>"
	for name, body := range map[string]string{
		"page": page, "empty": "", "blank": " \n", "half": `{"run_id":`, "list": `[]`, "text": `"ok"`, "number": `1`,
		"other types": `{"run_id":7,"experiment_id":7,"runs":7,"experiments":7,"multi_user":7}`,
		"broken time": `{"runs":[{"created_at":"yesterday"}],"experiments":[{"created_at":"yesterday"}],` +
			`"created_at":"yesterday","multi_user":"yesterday"}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range calls() {
				var told witness
				s := serve(t, ok(body))
				failed := check(t, c.call(t.Context(), to(t, s, Config{Observe: told.observe})), &told, ClassDecode, 200, nil)
				if want := failed.Operation + ": the answer is not what KFP answers: "; !strings.HasPrefix(failed.Error(), want) {
					t.Errorf("says %q", failed)
				}
				if got := told.only(t).BytesIn; got != int64(len(body)) {
					t.Errorf("%d bytes were counted of %d", got, len(body))
				}
			}
		})
	}
}

func TestNewThingWithoutAnIDIsNoAnswerOfKFP(t *testing.T) {
	for _, c := range calls() {
		if c.method != http.MethodPost {
			continue
		}
		for _, body := range []string{`{}`, `null`} {
			var told witness
			err := c.call(t.Context(), to(t, serve(t, ok(body)), Config{Observe: told.observe}))
			check(t, err, &told, ClassDecode, 200, nil)
		}
	}
}

func TestFieldsOfLaterVersionsAreIgnored(t *testing.T) {
	for _, c := range calls() {
		answer := strings.Replace(c.answer, "{", `{"new_in_2_18":{"a":[1]},`, 1)
		answer = strings.Replace(answer, ",}", "}", 1)
		if err := c.call(t.Context(), to(t, serve(t, ok(answer)), Config{})); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestHealthTellsVersionAndMode(t *testing.T) {
	for body, want := range map[string]Health{
		`{"commit_sha":"abc","tag_name":"2.0.5","multi_user":true}`:          {MultiUser: true, Version: "2.0.5"},
		`{"commit_sha":"unknown", "tag_name":"unknown", "multi_user":false}`: {},
		`{"multi_user":true,"pipeline_store":"database"}`:                    {MultiUser: true, Store: "database"},
		`{}`:                                {},
		`{"tag_name":"2.17\u001b[31m"}`:     {Version: "2.17 [31m"},
		`{"tag_name":17,"multi_user":true}`: {MultiUser: true},
		`{"multi_user":true,"tag_name":"2.17.0","padding":"` + strings.Repeat("x", 9*1024) + `"}`: {MultiUser: true},
	} {
		got, err := to(t, serve(t, ok(body)), Config{}).Health(t.Context())
		if err != nil || got != want {
			t.Errorf("%.60s: %+v, %v; want %+v", body, got, err, want)
		}
	}
}

func TestRunIsReadAsBothVersionsWriteIt(t *testing.T) {
	at := func(second int) time.Time { return time.Date(2026, 1, 2, 3, 4, second, 0, time.UTC) }
	for body, want := range map[string]Run{
		`{"run_id":"r","display_name":"one","experiment_id":"e","state":"SUCCEEDED","created_at":"2026-01-02T03:04:05Z",` +
			`"scheduled_at":"2026-01-02T03:04:05Z","finished_at":"2026-01-02T03:04:09Z"}`: {
			ID: "r", Name: "one", ExperimentID: "e", State: "SUCCEEDED", Created: at(5), Scheduled: at(5), Finished: at(9),
		},
		`{"run_id":"r","created_at":"2026-01-02T05:04:05+02:00","finished_at":"1970-01-01T00:00:00Z"}`: {
			ID: "r", Created: at(5),
		},
		`{"run_id":"r","created_at":"0001-01-01T00:00:00Z","finished_at":"0001-01-01T00:00:00.000Z"}`: {ID: "r"},
		`{"run_id":"r","state":"RUNTIME_STATE_UNSPECIFIED","finished_at":null}`: {
			ID: "r", State: "RUNTIME_STATE_UNSPECIFIED",
		},
		`{"run_id":"r","state":"FAILED","error":{"code":13,"message":"no\npod","details":[{"@type":"x","more":1}]}}`: {
			ID: "r", State: "FAILED", StateError: "no pod",
		},
		`{"run_id":"r","run_details":{"task_details":[{"run_id":"r","task_id":"t","execution_id":"7",` +
			`"display_name":"add\n-driver","pod_name":"n","state":"RUNNING","start_time":"1970-01-01T00:00:00Z",` +
			`"child_tasks":[{"pod_name":"p"},null]},null]},` +
			`"state_history":[{"update_time":"2026-01-02T03:04:05Z","state":"PENDING"}]}`: {
			ID: "r", Tasks: []Task{{Name: "add -driver", Node: "n", Children: []string{"p"}, State: "RUNNING"}},
		},
		`{"run_id":"r","state":"FAILED","state_history":[{"update_time":"2026-01-02T03:04:05Z","state":"RUNNING"},null,` +
			`{"update_time":"2026-01-02T03:04:09Z","state":"FAILED"}],"run_details":{"task_details":[` +
			`{"start_time":"2026-01-02T03:04:05Z","end_time":"2026-01-02T03:04:08Z"}]}}`: {
			ID: "r", State: "FAILED", Persisted: at(9), Tasks: []Task{{Start: at(5), End: at(8)}},
		},
	} {
		got, err := to(t, serve(t, ok(body)), Config{}).CreateRun(t.Context(), NewRun{Name: "one"})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nis %+v, %v\nwant %+v", body, got, err, want)
		}
	}
}

func TestTerminalStates(t *testing.T) {
	for state, want := range map[string]bool{
		"SUCCEEDED": true, "FAILED": true, "SKIPPED": true, "CANCELED": true,
		"": false, "RUNTIME_STATE_UNSPECIFIED": false, "PENDING": false, "RUNNING": false, "CANCELING": false,
		"PAUSED": false, "succeeded": false, "A_STATE_OF_2_18": false,
	} {
		if got := Terminal(state); got != want {
			t.Errorf("Terminal(%q) is %t", state, got)
		}
	}
}

func TestListOfRunsIsOneCallOfAtMostMaxBatch(t *testing.T) {
	s := serve(t, ok(`{"runs":[{"run_id":"b","state":"RUNNING"},null,{"run_id":"a"}],"total_size":2}`))
	var told witness
	client := to(t, s, Config{Observe: told.observe})
	if got, err := client.ListRunsByID(t.Context(), "", nil); got != nil || err != nil {
		t.Errorf("a list of nothing is %v, %v", got, err)
	}
	ids := make([]string, MaxBatch+1)
	for i := range ids {
		ids[i] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	if _, err := client.ListRunsByID(t.Context(), "", ids); err == nil {
		t.Errorf("%d ids were taken", len(ids))
	}
	if len(s.requests()) > 0 || len(told.calls) > 0 {
		t.Fatalf("sent %d requests, told of %d calls", len(s.requests()), len(told.calls))
	}
	got, err := client.ListRunsByID(t.Context(), "", ids[:MaxBatch])
	if want := []Run{{ID: "b", State: "RUNNING"}, {ID: "a"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	// nginx takes a line of 8 KB; the path in front of /apis is for the longest of proxies.
	if line := len(s.only(t).query.Encode()); line > 6<<10 {
		t.Errorf("the query of %d ids has %d bytes", MaxBatch, line)
	}
}

func TestRunIsFoundByExactlyItsName(t *testing.T) {
	// The server's database takes all of these for equal.
	s := serve(t, ok(`{"runs":[{"run_id":"1","display_name":"ONE"},{"run_id":"2","display_name":"one "},`+
		`{"run_id":"3","display_name":"one"},{"run_id":"4","display_name":"one"}],"total_size":4}`))
	client := to(t, s, Config{})
	for name, want := range map[string]string{"one": "3", "ONE": "1", "One": "", "one\x20": "2"} {
		run, found, err := client.FindRunByName(t.Context(), "", name)
		if err != nil || found != (want != "") || run.ID != want {
			t.Errorf("%q is run %+v, %t, %v; want %q", name, run, found, err, want)
		}
	}
}

func TestExperimentIsFoundAsTheServerComparesNames(t *testing.T) {
	for body, want := range map[string]string{
		`{"experiments":[{"experiment_id":"1","display_name":"LOAD"}],"total_size":1}`: "1",
		`{"experiments":[null,{},{"experiment_id":"2"}],"total_size":3}`:               "2",
		`{"experiments":[]}`: "", `{}`: "",
	} {
		id, found, err := to(t, serve(t, ok(body)), Config{}).FindExperiment(t.Context(), "load", "")
		if err != nil || id != want || found != (want != "") {
			t.Errorf("%s: %q, %t, %v; want %q", body, id, found, err, want)
		}
	}
}

func TestFailedSearchFindsNothing(t *testing.T) {
	client := to(t, serve(t, answers(http.StatusInternalServerError, "", "")), Config{})
	if id, found, err := client.FindExperiment(context.Background(), "load", ""); id != "" || found || err == nil {
		t.Errorf("found %q, %t, %v", id, found, err)
	}
	if run, found, err := client.FindRunByName(context.Background(), "", "one"); run.ID != "" || found || err == nil {
		t.Errorf("found %+v, %t, %v", run, found, err)
	}
}
