package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

func (s *store) runListing() listing[*run] {
	id := func(r *run, _ time.Time) value { return text(r.id) }
	name := func(r *run, _ time.Time) value { return text(r.name) }
	return listing[*run]{table: &s.runs, name: called, columns: map[string]column[*run]{
		"run_id": {id, identifying}, "id": {id, identifying},
		"display_name": {name, naming}, "name": {name, naming},
		createdAt:      {func(r *run, _ time.Time) value { return moment(r.entry.created) }, plain},
		"scheduled_at": {func(r *run, now time.Time) value { return moment(r.dueAt(r.standing(now))) }, plain},
		"finished_at":  {finishedAt, plain},
		"description":  {func(r *run, _ time.Time) value { return text(r.description) }, plain},
		"namespace":    {func(r *run, _ time.Time) value { return text(r.namespace) }, plain},
		"state":        {func(r *run, now time.Time) value { return text(r.standing(now).state) }, plain},
		"status":       {func(r *run, now time.Time) value { return text(oldState(r.standing(now).state)) }, plain},
		"state_history": {func(r *run, now time.Time) value {
			var states []string
			for _, c := range r.standing(now).history {
				states = append(states, c.state)
			}
			return text(strings.Join(states, " "))
		}, plain},
		"storage_state":   {func(*run, time.Time) value { return text(available) }, plain},
		"runtime_details": {func(*run, time.Time) value { return text("") }, plain},
		// KFP's API has these, and takes them for columns that its database does not have.
		"experiment_id": {}, "recurring_run_id": {},
	}}
}

func finishedAt(r *run, now time.Time) value {
	if at := r.standing(now).finished; !at.IsZero() {
		return moment(at)
	}
	return moment(time.Unix(0, 0))
}

// oldState returns what the v1 API calls a state.
func oldState(state string) string {
	if state == canceling {
		return "Terminating"
	}
	return state[:min(1, len(state))] + strings.ToLower(state[min(1, len(state)):])
}

func (s *Server) listRuns(r *http.Request) (any, *refusal) {
	runs, end, refused := list(s, r, s.lists.runs, s.groupOf, (*run).message)
	return struct {
		Runs []runMessage `json:"runs,omitempty"`
		pageMessage
	}{runs, end}, refused
}

// groupOf returns the group of the runs or recurring runs that a caller lists: those of an experiment, of a
// namespace, or all.
func (s *Server) groupOf(r *http.Request, values url.Values) (string, *refusal) {
	if id := values.Get("experiment_id"); id != "" {
		e, refused := s.experimentFor(r, id)
		if refused != nil {
			return "", refused
		}
		return inExperiment(e.id), nil
	}
	if !s.options.MultiUser {
		return "", nil
	}
	namespace := values.Get("namespace")
	return inNamespace(namespace), s.authorize(r, namespace)
}
