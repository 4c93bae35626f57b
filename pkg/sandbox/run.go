package sandbox

import (
	"net/http"
	"time"
)

// The states of a run and of things that are not archived.
const (
	pending   = "PENDING"
	running   = "RUNNING"
	succeeded = "SUCCEEDED"
	failed    = "FAILED"
	available = "AVAILABLE"
)

// startTime is how long a run is pending.
const startTime = 500 * time.Millisecond

// run is what never changes of a run: where it stands follows from the clock.
type run struct {
	id, name       string
	experimentID   string
	pipeline       *pipeline
	serviceAccount string
	runtimeConfig  *runtimeConfig
	created        time.Time
}

// runMessage is v2beta1.Run. Fields that only clients of the real server need are known, so that they are
// not refused.
type runMessage struct {
	ExperimentID    string            `json:"experiment_id,omitempty"`
	RunID           string            `json:"run_id,omitempty"`
	DisplayName     string            `json:"display_name,omitempty"`
	StorageState    string            `json:"storage_state,omitempty"`
	Description     string            `json:"description,omitempty"`
	PipelineVersion *versionReference `json:"pipeline_version_reference,omitempty"`
	RuntimeConfig   *runtimeConfig    `json:"runtime_config,omitempty"`
	ServiceAccount  string            `json:"service_account,omitempty"`
	CreatedAt       stamp             `json:"created_at"`
	ScheduledAt     stamp             `json:"scheduled_at"`
	FinishedAt      stamp             `json:"finished_at"`
	State           string            `json:"state,omitempty"`
	StateHistory    []stateMessage    `json:"state_history,omitempty"`
}

type versionReference struct {
	PipelineID        string `json:"pipeline_id,omitempty"`
	PipelineVersionID string `json:"pipeline_version_id,omitempty"`
}

type runtimeConfig struct {
	Parameters   map[string]any `json:"parameters,omitempty"`
	PipelineRoot string         `json:"pipeline_root,omitempty"`
}

type stateMessage struct {
	UpdateTime stamp  `json:"update_time"`
	State      string `json:"state"`
}

// message tells of the run as it stands at a moment.
func (r *run) message(now time.Time) runMessage {
	m := runMessage{
		ExperimentID: r.experimentID, RunID: r.id, DisplayName: r.name, StorageState: available,
		PipelineVersion: &versionReference{r.pipeline.id, r.pipeline.versionID},
		RuntimeConfig:   r.runtimeConfig, ServiceAccount: r.serviceAccount,
		CreatedAt: stamp(r.created), ScheduledAt: stamp(r.created), FinishedAt: unset(),
	}
	m.enter(pending, r.created)
	started := r.created.Add(startTime)
	if now.Before(started) {
		return m
	}
	m.enter(running, started)
	ended := started.Add(r.pipeline.spec.duration)
	if r.pipeline.spec.endless || now.Before(ended) {
		return m
	}
	last := succeeded
	if r.pipeline.spec.fails {
		last = failed
	}
	m.enter(last, ended)
	m.FinishedAt = stamp(ended)
	return m
}

// enter notes that a run is in a state since a moment.
func (m *runMessage) enter(state string, since time.Time) {
	m.State = state
	m.StateHistory = append(m.StateHistory, stateMessage{stamp(since), state})
}

// field returns what filters see of a run.
func (r *run) field(key string) (string, bool) {
	switch key {
	case "run_id", "id":
		return r.id, true
	case "display_name", "name":
		return r.name, true
	case "experiment_id":
		return r.experimentID, true
	}
	return "", false
}

func (s *Server) createRun(r *http.Request) (any, *refusal) {
	asked, refused := decode[runMessage](r)
	if refused != nil {
		return nil, refused
	}
	if asked.DisplayName == "" {
		return nil, internal("Invalid input error: Run name cannot be empty")
	}
	e := s.store.experimentWith(func(e *experiment) bool {
		return e.id == asked.ExperimentID || asked.ExperimentID == "" && e.name == defaultExperiment
	})
	if e == nil {
		return nil, notFound("Experiment %s not found", asked.ExperimentID)
	}
	p, refused := s.pipelineOf(asked.PipelineVersion)
	if refused != nil {
		return nil, refused
	}
	if refused := p.spec.accept(asked.RuntimeConfig); refused != nil {
		return nil, refused
	}
	made := &run{
		id: newID(), name: asked.DisplayName, experimentID: e.id, pipeline: p,
		serviceAccount: asked.ServiceAccount, runtimeConfig: asked.RuntimeConfig, created: s.options.Now(),
	}
	if made.serviceAccount == "" {
		made.serviceAccount = "pipeline-runner"
	}
	s.store.addRun(made)
	return made.message(made.created), nil
}

// pipelineOf returns what a run refers to. A pipeline that cannot run is the server's fault (500) in KFP.
func (s *Server) pipelineOf(asked *versionReference) (*pipeline, *refusal) {
	if asked == nil {
		return nil, internal("Invalid input error: Failed to fetch a template with an empty pipeline spec manifest")
	}
	p := s.store.pipelineWith(func(p *pipeline) bool {
		if asked.PipelineVersionID != "" {
			return p.versionID == asked.PipelineVersionID
		}
		return p.id == asked.PipelineID
	})
	switch {
	case p == nil:
		return nil, internal("Failed to create a run due to error fetching manifest: ResourceNotFoundError: PipelineVersion %s not found",
			asked.PipelineVersionID)
	case asked.PipelineID != "" && asked.PipelineID != p.id:
		return nil, internal("Failed to create a run due to error fetching manifest: Pipeline version %s belongs to pipeline %s (not %s)",
			p.versionID, p.id, asked.PipelineID)
	case p.spec.flaw != "":
		return nil, internal("Failed to validate workflow: %s", p.spec.flaw)
	}
	return p, nil
}

func (s *Server) listRuns(r *http.Request) (any, *refusal) {
	query := r.URL.Query()
	options, refused := listOptionsOf(query)
	if refused != nil {
		return nil, refused
	}
	runs := s.store.allRuns()
	if id := query.Get("experiment_id"); id != "" {
		if s.store.experimentWith(func(e *experiment) bool { return e.id == id }) == nil {
			return nil, notFound("Experiment %s not found", id)
		}
		runs = runsOf(runs, id)
	}
	page, refused := list(options, runs, func(r *run) item { return item{r.id, r.created, r.field} })
	if refused != nil {
		return nil, refused
	}
	answer := struct {
		Runs []runMessage `json:"runs,omitempty"`
		pageMessage
	}{pageMessage: page.message}
	now := s.options.Now()
	for _, r := range page.items {
		answer.Runs = append(answer.Runs, r.message(now))
	}
	return answer, nil
}

// runsOf returns an experiment's runs.
func runsOf(all []*run, experimentID string) []*run {
	var found []*run
	for _, r := range all {
		if r.experimentID == experimentID {
			found = append(found, r)
		}
	}
	return found
}
