package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// state returns where a run stands, in a few words: its state, how long after its creation it ended, if it did,
// and the states that it had.
func (s subject) state(t *testing.T, id string) string {
	t.Helper()
	r := get[listedRun](t, s, "/runs/"+id, nil)
	words := []string{r.State}
	if r.Finished.Unix() > 0 {
		words = append(words, "after "+r.Finished.Sub(r.Created).String())
	}
	for _, h := range r.StateHistory {
		words = append(words, fmt.Sprint(h.State, "@", h.UpdateTime.Sub(r.Created)))
	}
	return strings.Join(words, " ")
}

func TestRunThatIsTerminatedFailsALittleLater(t *testing.T) {
	const pods = representationHead + "root: {dag: {tasks: {a: {componentRef: {name: x}}}}}\n" +
		"components: {x: {executorLabel: x}}\n" +
		`deploymentSpec: {executors: {x: {container: {command: [sh, -c, "sleep 60"]}}}}` + "\n"
	for name, c := range map[string]struct {
		content string
		// after is when it is terminated; stopping and stopped are what it is just before and at its end.
		after, took       time.Duration
		stopping, stopped string
	}{
		"it would never end": {waiting(""), 5 * time.Second, suspendedStopTime,
			"CANCELING PENDING@0s RUNNING@1s", "FAILED after 6s PENDING@0s RUNNING@1s FAILED@6s"},
		"it is pending": {waiting(""), 0, suspendedStopTime,
			"CANCELING PENDING@0s RUNNING@1s", "FAILED after 1s PENDING@0s RUNNING@1s FAILED@1s"},
		"it has pods": {pods, 5 * time.Second, stopTime,
			"CANCELING PENDING@0s RUNNING@1s", "FAILED after 15s PENDING@0s RUNNING@1s FAILED@15s"},
		"it is nearly done": {waiting("duration: 5"), 5 * time.Second, 500 * time.Millisecond,
			"CANCELING PENDING@0s RUNNING@1s", "SUCCEEDED after 6s PENDING@0s RUNNING@1s SUCCEEDED@6s"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSubject(Options{})
			id := s.run(t, "one", s.pipeline(t, c.content)).ID
			s.clock.advance(c.after)
			s.expect(t, http.StatusOK, http.MethodPost, "/runs/"+id+":terminate", "")
			s.clock.advance(c.took - time.Millisecond)
			if got := s.state(t, id); got != c.stopping {
				t.Errorf("terminated, it is %s, want %s", got, c.stopping)
			}
			s.expect(t, http.StatusBadRequest, http.MethodPost, "/runs/"+id+":terminate", "")
			s.clock.advance(time.Millisecond)
			if got := s.state(t, id); got != c.stopped {
				t.Errorf("in the end it is %s, want %s", got, c.stopped)
			}
			s.expect(t, http.StatusBadRequest, http.MethodPost, "/runs/"+id+":terminate", "")
			s.clock.advance(time.Hour)
			if got := s.state(t, id); got != c.stopped {
				t.Errorf("it does not stay that way: %s", got)
			}
		})
	}
}

func TestOnlyTheVerbsOfARunAreKnown(t *testing.T) {
	s := newSubject(Options{})
	id := s.run(t, "one", s.pipeline(t, waiting(""))).ID
	for path, want := range map[string]int{
		"/runs/" + id: http.StatusMethodNotAllowed, "/runs/" + id + ":stop": http.StatusNotFound,
		"/runs/" + id + ":": http.StatusNotFound, "/runs/absent:terminate": http.StatusNotFound,
		"/runs/:terminate": http.StatusNotFound,
	} {
		s.expect(t, want, http.MethodPost, path, "")
	}
	if got := s.state(t, id); got != "PENDING PENDING@0s" {
		t.Errorf("it is %s", got)
	}
}

func TestDeletedRunIsGone(t *testing.T) {
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(""))
	kept, deleted := s.run(t, "twin", pipeline), s.run(t, "twin", pipeline)
	s.clock.advance(time.Minute)
	s.expect(t, http.StatusOK, http.MethodDelete, "/runs/"+deleted.ID, "")
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		s.expect(t, http.StatusNotFound, method, "/runs/"+deleted.ID, "")
	}
	s.expect(t, http.StatusNotFound, http.MethodPost, "/runs/"+deleted.ID+":terminate", "")
	for _, query := range []url.Values{
		nil, {"experiment_id": {defaultID(t, s)}}, {"filter": {equals("display_name", "twin")}},
		{"filter": {in("run_id", kept.ID, deleted.ID)}},
	} {
		page := get[listed](t, s, "/runs", query)
		if page.TotalSize != 1 || len(page.Runs) != 1 || page.Runs[0].ID != kept.ID {
			t.Errorf("%v lists %+v, want the other one", query, page)
		}
	}
	s.expect(t, http.StatusOK, http.MethodDelete, "/runs/"+kept.ID, "")
	if _, _, answer := s.ask(http.MethodGet, "/runs", nil, nil); answer != "{}" {
		t.Errorf("no runs are told as %s", answer)
	}
}

// An experiment is where KFP looks for a run's namespace.
func TestRunCannotBeEndedWithoutItsExperiment(t *testing.T) {
	s := newSubject(Options{})
	own := post[listedRun](t, s, "/experiments", `{"display_name":"own"}`).Experiment
	run := post[listedRun](t, s, "/runs", `{"display_name":"one","experiment_id":"`+own+
		`","pipeline_version_reference":{"pipeline_id":"`+s.pipeline(t, waiting(""))+`"}}`)
	s.expect(t, http.StatusOK, http.MethodDelete, "/experiments/"+own, "")
	s.expect(t, http.StatusNotFound, http.MethodPost, "/runs/"+run.ID+":terminate", "")
	s.expect(t, http.StatusNotFound, http.MethodDelete, "/runs/"+run.ID, "")
	if page := get[listed](t, s, "/runs", nil); page.TotalSize != 1 {
		t.Errorf("the run is not listed any more: %+v", page)
	}
	s.clock.advance(time.Second)
	if got := s.state(t, run.ID); got != "RUNNING PENDING@0s RUNNING@1s" {
		t.Errorf("it is %s", got)
	}
}
