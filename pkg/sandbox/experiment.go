package sandbox

import "net/http"

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
		StorageState: available,
	}
}

// field returns what filters see of an experiment.
func (e *experiment) field(key string) (string, bool) {
	switch key {
	case "experiment_id", "id":
		return e.id, true
	case "display_name", "name":
		return e.name, true
	}
	return "", false
}

func (s *Server) createExperiment(r *http.Request) (any, *refusal) {
	asked, refused := decode[experimentMessage](r)
	if refused != nil {
		return nil, refused
	}
	if asked.DisplayName == "" {
		return nil, internal("Invalid input error: Experiment must have a non-empty name")
	}
	e := &experiment{id: newID(), name: asked.DisplayName, description: asked.Description, created: s.options.Now()}
	if !s.store.addExperiment(e) {
		return nil, exists("Failed to create a new experiment. The name %s already exists. Please specify a new name", e.name)
	}
	return e.message(), nil
}

func (s *Server) listExperiments(r *http.Request) (any, *refusal) {
	options, refused := listOptionsOf(r.URL.Query())
	if refused != nil {
		return nil, refused
	}
	page, refused := list(options, s.store.allExperiments(), func(e *experiment) item {
		return item{e.id, e.created, e.field}
	})
	if refused != nil {
		return nil, refused
	}
	answer := struct {
		Experiments []experimentMessage `json:"experiments,omitempty"`
		pageMessage
	}{pageMessage: page.message}
	for _, e := range page.items {
		answer.Experiments = append(answer.Experiments, e.message())
	}
	return answer, nil
}
