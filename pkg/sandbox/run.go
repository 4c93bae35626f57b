package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"
)

// defaultAccount is the service account of runs that name no other.
const defaultAccount = "pipeline-runner"

// run is a run. Its life changes under the store's lock, the rest never.
type run struct {
	entry
	life
	name, description       string
	experimentID, namespace string
	recurringID             string
	serviceAccount          string
	// scheduled is when the run was due.
	scheduled time.Time
	// workflow is the name of its workflow.
	workflow string
	// reference is the version that it is made of, inline the package when it was made of none.
	reference *versionReference
	inline    json.RawMessage
	config    *runtimeConfig
}

// head implements row: life has a time of creation, too.
func (r *run) head() *entry { return &r.entry }

// newRun fills in what all runs have.
func (s *Server) newRun(r *run, created time.Time) *run {
	r.entry = entry{id: s.ids.id(), created: created, groups: []string{called(r.name), inExperiment(r.experimentID)}}
	if s.options.MultiUser {
		r.groups = append(r.groups, inNamespace(r.namespace))
	}
	r.life.created, r.lag = created, s.options.PersistenceLag
	return r
}

// dueAt returns when the run was due, which KFP forgets of runs that no recurring run made as soon as it learns
// more of them.
func (r *run) dueAt(stands standing) time.Time {
	if !r.triggered && len(stands.history) > 1 {
		return time.Time{}
	}
	return r.scheduled
}

func (s *Server) createRun(r *http.Request) (any, *refusal) {
	asked, refused := decode[runMessage](r)
	if refused != nil {
		return nil, refused
	}
	if asked.DisplayName == "" {
		return nil, internal("Invalid input error: Run name cannot be empty")
	}
	e, refused := s.experimentOrDefault(r, asked.ExperimentID)
	if refused != nil {
		return nil, refused
	}
	source, refused := s.sourceOf(asked.PipelineVersion, asked.PipelineSpec)
	if refused != nil {
		return nil, refused
	}
	if refused := source.spec.accept(asked.RuntimeConfig); refused != nil {
		return nil, refused
	}
	if source.spec.flaw != "" {
		return nil, internal("Failed to validate workflow: %s", source.spec.flaw)
	}
	if refused := s.workflows.pass(r.Context()); refused != nil {
		return nil, refused
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	now := s.Now()
	made := s.newRun(&run{
		name: asked.DisplayName, description: asked.Description, experimentID: e.id, namespace: e.namespace,
		serviceAccount: cmp.Or(asked.ServiceAccount, defaultAccount), reference: source.reference, inline: source.inline,
		config: asked.RuntimeConfig, scheduled: now, life: life{spec: source.spec},
	}, now)
	made.workflow = source.spec.name + "-" + made.id[:5]
	s.store.runs.add(made)
	return made.message(now), nil
}

// experimentOrDefault returns the experiment that a run is asked for in.
func (s *Server) experimentOrDefault(r *http.Request, id string) (*experiment, *refusal) {
	switch {
	case id != "":
		return s.experimentFor(r, id)
	case s.options.MultiUser:
		return nil, invalid("Experiment id can not be empty in multi-user mode")
	}
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	return s.store.experiments.within(called(defaultExperiment))[0], nil // it cannot be deleted
}

// runFor returns a run that the caller may use.
func (s *Server) runFor(r *http.Request, id string) (*run, *refusal) {
	found, refused := find(s.store, &s.store.runs, "Run", id)
	if refused == nil {
		refused = s.authorize(r, found.namespace)
	}
	return found, refused
}

func (s *Server) getRun(r *http.Request) (any, *refusal) {
	found, refused := s.runFor(r, r.PathValue("id"))
	if refused != nil {
		return nil, refused
	}
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	return found.message(s.Now()), nil
}

// deleteRun removes a run, unless its experiment was removed before: KFP looks there for its namespace.
func (s *Server) deleteRun(r *http.Request) (any, *refusal) {
	found, refused := s.runFor(r, r.PathValue("id"))
	if refused == nil && found.namespace == "" {
		_, refused = find(s.store, &s.store.experiments, "Experiment", found.experimentID)
	}
	if refused == nil {
		refused = s.workflows.pass(r.Context())
	}
	if refused != nil {
		return nil, refused
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	found.lost = s.Now()
	s.store.runs.remove(found)
	return done{}, nil
}

// terminateRun stops a run that has not ended, as far as KFP knows.
func (s *Server) terminateRun(r *http.Request) (any, *refusal) {
	found, refused := s.runFor(r, r.PathValue("id"))
	if refused == nil {
		_, refused = find(s.store, &s.store.experiments, "Experiment", found.experimentID)
	}
	if refused != nil {
		return nil, refused
	}
	if refused := s.terminate(found); refused != nil {
		return nil, refused
	}
	return done{}, s.workflows.pass(r.Context())
}

func (s *Server) terminate(found *run) *refusal {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	now := s.Now()
	if state := found.standing(now).state; state != pending && state != running && state != "" {
		return invalid("Failed to terminate a run %s. Row not found", found.id)
	}
	found.terminated = now
	if !found.lost.IsZero() {
		return internal("Failed to terminate run %s due to error terminating its workflow: workflows.argoproj.io %q not found",
			found.id, found.workflow)
	}
	return nil
}
