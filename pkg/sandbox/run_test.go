package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRunLivesByTheClock(t *testing.T) {
	whole := begin().Truncate(time.Second)
	unknown := time.Unix(0, 0)
	for name, c := range map[string]struct {
		duration string
		// stations are the states at moments after the run's creation.
		stations []station
		history  string
	}{
		"two seconds": {`duration: "2"`, []station{
			{0, "PENDING", unknown},
			{499 * time.Millisecond, "PENDING", unknown},
			{500 * time.Millisecond, "RUNNING", unknown},
			{2499 * time.Millisecond, "RUNNING", unknown},
			{2500 * time.Millisecond, "SUCCEEDED", whole.Add(3 * time.Second)}, // 5.7 s and 2.5 s are 8.2 s
			{48 * time.Hour, "SUCCEEDED", whole.Add(3 * time.Second)},
		}, "PENDING 0s, RUNNING 1s, SUCCEEDED 3s"},
		"no time": {`duration: "0"`, []station{
			{499 * time.Millisecond, "PENDING", unknown},
			{500 * time.Millisecond, "SUCCEEDED", whole.Add(time.Second)},
		}, "PENDING 0s, RUNNING 1s, SUCCEEDED 1s"},
		"until somebody comes": {``, []station{
			{500 * time.Millisecond, "RUNNING", unknown},
			{1000 * time.Hour, "RUNNING", unknown},
		}, "PENDING 0s, RUNNING 1s"},
		"a time that is none": {`duration: soon`, []station{
			{499 * time.Millisecond, "PENDING", unknown},
			{500 * time.Millisecond, "FAILED", whole.Add(time.Second)},
		}, "PENDING 0s, RUNNING 1s, FAILED 1s"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSubject(Options{})
			made := s.run(t, "one", s.pipeline(t, waiting(c.duration)))
			if made.State != "PENDING" || !made.Created.Equal(whole) || !made.Scheduled.Equal(whole) || !made.Finished.Equal(unknown) {
				t.Errorf("made %+v", made)
			}
			var last listedRun
			for _, want := range c.stations {
				s.clock.advance(begin().Add(want.after).Sub(s.clock.Now()))
				last = get[listed](t, s, "/runs", nil).Runs[0]
				if last.State != want.state || !last.Finished.Equal(want.finished) || !last.Created.Equal(whole) {
					t.Errorf("after %s it is %+v, want %s", want.after, last, want.state)
				}
			}
			var history []string
			for _, h := range last.StateHistory {
				history = append(history, fmt.Sprint(h.State, " ", h.UpdateTime.Sub(whole)))
			}
			if got := strings.Join(history, ", "); got != c.history {
				t.Errorf("its history is %s, want %s", got, c.history)
			}
		})
	}
}

type station struct {
	after    time.Duration
	state    string
	finished time.Time
}

func TestRunsThatAreAskedForIncompletelyAreRefused(t *testing.T) {
	s := newSubject(Options{})
	id := s.pipeline(t, waiting(`duration: "1"`))
	reference := `"pipeline_version_reference":{"pipeline_id":"` + id + `"}`
	for body, want := range map[string]int{
		`{"display_name":"one",` + reference + `}`:                           http.StatusOK,
		`{` + reference + `}`:                                                http.StatusInternalServerError,
		`{"display_name":"one"}`:                                             http.StatusInternalServerError,
		`{"display_name":"one","experiment_id":"absent",` + reference + `}`:  http.StatusNotFound,
		`{"display_name":"one",` + reference + `,"new_in_2_18":1}`:           http.StatusBadRequest,
		`{"display_name":"one",` + reference + `,"created_at":"yesterday"}`:  http.StatusBadRequest,
		`{"display_name":"one",` + reference + `,"runtime_config":{"x":{}}}`: http.StatusBadRequest,
		`{"display_name":"one",` + reference + `,"state_history":null}`:      http.StatusOK,
		`{"display_name":"one",` + reference + `,"runtime_config":{}}`:       http.StatusOK,
		`[]`:          http.StatusBadRequest,
		`{"display_n`: http.StatusBadRequest,
		``:            http.StatusBadRequest,
	} {
		if status, _, answer := s.ask(http.MethodPost, "/runs", nil, strings.NewReader(body)); status != want {
			t.Errorf("%s: answered %d %s, want %d", body, status, answer, want)
		}
	}
	if got := get[listed](t, s, "/runs", nil).TotalSize; got != 3 {
		t.Errorf("there are %d runs, want those that were not refused", got)
	}
}

func TestRunsOfAnExperiment(t *testing.T) {
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(`duration: "1"`))
	own := post[listedRun](t, s, "/experiments", `{"display_name":"own"}`).Experiment
	s.run(t, "elsewhere", pipeline)
	post[listedRun](t, s, "/runs", `{"display_name":"one","experiment_id":"`+own+
		`","pipeline_version_reference":{"pipeline_id":"`+pipeline+`"}}`)
	page := get[listed](t, s, "/runs", map[string][]string{"experiment_id": {own}})
	if page.TotalSize != 1 || page.Runs[0].Name != "one" || page.Runs[0].Experiment != own {
		t.Errorf("the experiment has %+v", page)
	}
	if status, _, answer := s.ask(http.MethodGet, "/runs?experiment_id=absent", nil, nil); status != http.StatusNotFound {
		t.Errorf("runs of no experiment: %d %s", status, answer)
	}
}
