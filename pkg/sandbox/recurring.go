package sandbox

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// installation is the namespace of the workflows of a server without users.
const installation = "kubeflow"

// recurringRun is a recurring run. What the controller keeps of it changes under the store's lock, the
// rest never.
type recurringRun struct {
	entry
	source
	asked                   recurringMessage
	experimentID, namespace string
	serviceAccount          string
	schedule                schedule
	controlled
}

func (s *store) recurringListing() listing[*recurringRun] {
	id := func(j *recurringRun, _ time.Time) value { return text(j.id) }
	name := func(j *recurringRun, _ time.Time) value { return text(j.asked.DisplayName) }
	return listing[*recurringRun]{table: &s.recurring, name: called, columns: map[string]column[*recurringRun]{
		"recurring_run_id": {id, identifying}, "id": {id, identifying},
		"display_name": {name, naming}, "name": {name, naming},
		createdAt:     {func(j *recurringRun, _ time.Time) value { return moment(j.created) }, plain},
		"updated_at":  {func(j *recurringRun, _ time.Time) value { return moment(j.updated) }, plain},
		"description": {func(j *recurringRun, _ time.Time) value { return text(j.asked.Description) }, plain},
	}}
}

func (s *Server) createRecurringRun(r *http.Request) (any, *refusal) {
	asked, refused := decode[recurringMessage](r)
	if refused != nil {
		return nil, refused
	}
	parsed, refused := asked.check()
	if refused != nil {
		return nil, refused
	}
	e, refused := s.experimentOrDefault(r, asked.ExperimentID)
	if refused != nil {
		return nil, refused
	}
	from, refused := s.sourceOf(asked.PipelineVersion, asked.PipelineSpec)
	if refused != nil {
		return nil, refused
	}
	if refused := from.spec.accept(asked.RuntimeConfig); refused != nil {
		return nil, refused
	}
	if refused := s.schedules.pass(r.Context()); refused != nil {
		return nil, refused
	}
	made := &recurringRun{
		source: from, asked: asked, experimentID: e.id, namespace: e.namespace, schedule: parsed,
		serviceAccount: cmp.Or(asked.ServiceAccount, defaultAccount),
	}
	if !s.options.MultiUser {
		made.namespace = installation
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	now := s.Now()
	made.entry = entry{id: s.ids.id(), created: now, groups: []string{
		called(asked.DisplayName), inExperiment(e.id), inNamespace(made.namespace),
	}}
	made.control(asked.DisplayName, s.ids.id()[:5], now)
	s.store.recurring.add(made)
	made.turn(asked.Mode == modeEnable, now)
	s.store.schedule()
	return made.message(), nil
}

// check refuses what is wrong with a recurring run whatever the server has.
func (m recurringMessage) check() (schedule, *refusal) {
	if m.DisplayName == "" {
		return schedule{}, internal("Invalid input error: Recurring run's name cannot be empty")
	}
	if !slices.Contains([]string{"", "MODE_UNSPECIFIED", "ENABLE", "DISABLE"}, m.Mode) {
		return schedule{}, invalid("unknown value %q for enum RecurringRun.Mode", m.Mode)
	}
	if m.MaxConcurrency < 1 || m.MaxConcurrency > 10 {
		return schedule{}, invalid("Max concurrency of a recurring run must be at leas 1 and at most 10. Received %d", m.MaxConcurrency)
	}
	return m.Trigger.parse(m.NoCatchup)
}

// recurringFor returns a recurring run that the caller may use.
func (s *Server) recurringFor(r *http.Request) (*recurringRun, *refusal) {
	j, refused := find(s.store, &s.store.recurring, "Job", r.PathValue("id"))
	if refused == nil {
		refused = s.authorize(r, j.namespace)
	}
	return j, refused
}

func (s *Server) getRecurringRun(r *http.Request) (any, *refusal) {
	j, refused := s.recurringFor(r)
	if refused != nil {
		return nil, refused
	}
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	return j.message(), nil
}

func (s *Server) listRecurringRuns(r *http.Request) (any, *refusal) {
	recurring, end, refused := list(s, r, s.lists.recurring, s.groupOf, timeless((*recurringRun).message))
	return struct {
		RecurringRuns []recurringMessage `json:"recurringRuns,omitempty"`
		pageMessage
	}{recurring, end}, refused
}
