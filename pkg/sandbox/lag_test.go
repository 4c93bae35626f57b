package sandbox

import (
	"net/http"
	"testing"
	"time"
)

func TestPersistenceLagShowsStatesLate(t *testing.T) {
	s := newSubject(Options{PersistenceLag: 30 * time.Second})
	id := s.run(t, "one", s.pipeline(t, waiting("duration: 10"))).ID
	const whole = "PENDING@0s RUNNING@31s SUCCEEDED@41s"
	at := time.Duration(0)
	for _, c := range []struct {
		after time.Duration
		want  string
	}{
		{20 * time.Second, "PENDING PENDING@0s"}, // it is done, and nobody knows of it
		{30499 * time.Millisecond, "PENDING PENDING@0s"},
		{30500 * time.Millisecond, "RUNNING PENDING@0s RUNNING@31s"},
		{40499 * time.Millisecond, "RUNNING PENDING@0s RUNNING@31s"},
		{40500 * time.Millisecond, "SUCCEEDED after 11s " + whole},
	} {
		s.clock.advance(c.after - at)
		at = c.after
		if got := s.state(t, id); got != c.want {
			t.Errorf("after %s it is %s, want %s", c.after, got, c.want)
		}
	}
}

func TestRunThatHasEndedUnknownToKFPCanBeTerminated(t *testing.T) {
	s := newSubject(Options{PersistenceLag: 30 * time.Second})
	id := s.run(t, "one", s.pipeline(t, waiting("duration: 10"))).ID
	s.clock.advance(20 * time.Second)
	s.expect(t, http.StatusOK, http.MethodPost, "/runs/"+id+":terminate", "")
	if got := s.state(t, id); got != "CANCELING PENDING@0s" {
		t.Errorf("it is %s", got)
	}
	s.clock.advance(time.Minute)
	if got := s.state(t, id); got != "SUCCEEDED after 11s PENDING@0s RUNNING@31s SUCCEEDED@41s" {
		t.Errorf("in the end it is %s", got)
	}
}

// KFP says when a run was due only until it learns more of it.
func TestTimeThatARunWasDueAtIsForgotten(t *testing.T) {
	s := newSubject(Options{PersistenceLag: time.Second})
	made := s.run(t, "one", s.pipeline(t, waiting("")))
	s.clock.advance(1499 * time.Millisecond)
	if got := get[listedRun](t, s, "/runs/"+made.ID, nil); !got.Scheduled.Equal(made.Created) {
		t.Errorf("before, it was due at %s", got.Scheduled)
	}
	s.clock.advance(time.Millisecond)
	if got := get[listedRun](t, s, "/runs/"+made.ID, nil); !got.Scheduled.IsZero() {
		t.Errorf("then, it was due at %s", got.Scheduled)
	}
}

func TestTimeRunsAtTheServersSpeed(t *testing.T) {
	s := newSubject(Options{Speed: 60})
	id := s.run(t, "one", s.pipeline(t, waiting("duration: 59.5s"))).ID
	s.clock.advance(999 * time.Millisecond)
	if got := s.state(t, id); got != "RUNNING PENDING@0s RUNNING@1s" {
		t.Errorf("within a second it is %s", got)
	}
	s.clock.advance(time.Millisecond)
	if got := s.state(t, id); got != "SUCCEEDED after 1m0s PENDING@0s RUNNING@1s SUCCEEDED@1m0s" {
		t.Errorf("after a second it is %s", got)
	}
	if got := get[map[string]any](t, s, "/healthz", nil)["tag_name"]; got != "sandbox (simulated, 60x)" {
		t.Errorf("its version is %q", got)
	}
}
