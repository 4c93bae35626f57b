package sandbox

import (
	"net/http"
	"time"
)

// defaultExperiment takes the runs that name no other.
const defaultExperiment = "Default"

// available is the state of things that are not archived.
const available = "AVAILABLE"

type experiment struct {
	entry
	name, description, namespace string
}

// experimentMessage is v2beta1.Experiment.
type experimentMessage struct {
	ExperimentID string `json:"experiment_id,omitempty"`
	DisplayName  string `json:"display_name,omitempty"`
	Description  string `json:"description,omitempty"`
	CreatedAt    stamp  `json:"created_at"`
	Namespace    string `json:"namespace,omitempty"`
	StorageState string `json:"storage_state,omitempty"`
}

func (e *experiment) message() experimentMessage {
	return experimentMessage{
		ExperimentID: e.id, DisplayName: e.name, Description: e.description, CreatedAt: stamp(e.created),
		Namespace: e.namespace, StorageState: available,
	}
}

func (s *Server) newExperiment(name, namespace, description string) *experiment {
	return &experiment{
		entry: entry{
			id: s.ids.id(), created: s.Now(),
			groups: []string{inNamespace(namespace), called(name), calledIn(namespace, name)},
		},
		name: name, description: description, namespace: namespace,
	}
}

func (s *store) experimentListing() listing[*experiment] {
	return listing[*experiment]{table: &s.experiments, name: called, columns: map[string]column[*experiment]{
		"id":            {func(e *experiment, _ time.Time) value { return text(e.id) }, identifying},
		"experiment_id": {func(e *experiment, _ time.Time) value { return text(e.id) }, identifying},
		"name":          {func(e *experiment, _ time.Time) value { return text(e.name) }, naming},
		"display_name":  {func(e *experiment, _ time.Time) value { return text(e.name) }, naming},
		createdAt:       {func(e *experiment, _ time.Time) value { return moment(e.created) }, plain},
		"description":   {func(e *experiment, _ time.Time) value { return text(e.description) }, plain},
		"namespace":     {func(e *experiment, _ time.Time) value { return text(e.namespace) }, plain},
		"storage_state": {func(*experiment, time.Time) value { return text(available) }, plain},
	}}
}

func (s *Server) createExperiment(r *http.Request) (any, *refusal) {
	asked, refused := decode[experimentMessage](r)
	if refused != nil {
		return nil, refused
	}
	if asked.DisplayName == "" {
		return nil, internal("Invalid input error: Experiment must have a non-empty name")
	}
	namespace := s.namespaceOf(asked.Namespace)
	if refused := s.authorize(r, namespace); refused != nil {
		return nil, refused
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.store.experiments.has(calledIn(namespace, asked.DisplayName)) {
		return nil, exists("Failed to create a new experiment. The name %s already exists. Please specify a new name", asked.DisplayName)
	}
	made := s.newExperiment(asked.DisplayName, namespace, asked.Description)
	s.store.experiments.add(made)
	return made.message(), nil
}

// experimentFor returns an experiment that the caller may use.
func (s *Server) experimentFor(r *http.Request, id string) (*experiment, *refusal) {
	e, refused := find(s.store, &s.store.experiments, "Experiment", id)
	if refused == nil {
		refused = s.authorize(r, e.namespace)
	}
	return e, refused
}

func (s *Server) getExperiment(r *http.Request) (any, *refusal) {
	e, refused := s.experimentFor(r, r.PathValue("id"))
	if refused != nil {
		return nil, refused
	}
	return e.message(), nil
}

// deleteExperiment leaves the experiment's runs, which cannot be deleted any more.
func (s *Server) deleteExperiment(r *http.Request) (any, *refusal) {
	e, refused := s.experimentFor(r, r.PathValue("id"))
	if refused != nil {
		return nil, refused
	}
	if !s.options.MultiUser && e.name == defaultExperiment {
		return nil, &refusal{http.StatusConflict, codeAborted, "BadRequestError: The default experiment cannot be deleted"}
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.experiments.remove(e)
	return done{}, nil
}

func (s *Server) listExperiments(r *http.Request) (any, *refusal) {
	experiments, end, refused := list(s, r, s.lists.experiments, s.namespaceAsked(s.authorize), timeless((*experiment).message))
	return struct {
		Experiments []experimentMessage `json:"experiments,omitempty"`
		pageMessage
	}{experiments, end}, refused
}
