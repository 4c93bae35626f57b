package sandbox

import (
	"encoding/json"
)

// source is what runs are made of.
type source struct {
	spec      *spec
	reference *versionReference
	inline    json.RawMessage
}

// sourceOf returns what a run refers to: a version, the latest of a pipeline, or a package that it brings.
// One that there is not is the server's fault (500) in KFP.
func (s *Server) sourceOf(asked *versionReference, inline json.RawMessage) (source, *refusal) {
	switch {
	case asked != nil && (asked.PipelineID != "" || asked.PipelineVersionID != ""):
		return s.versionOf(asked)
	case len(inline) == 0 || string(inline) == "null":
		return source{}, internal("Invalid input error: Failed to fetch a template with an empty pipeline spec manifest")
	}
	content := []byte(inline)
	var wrapped struct {
		PipelineSpec json.RawMessage `json:"pipeline_spec"`
	}
	if err := json.Unmarshal(inline, &wrapped); err == nil && len(wrapped.PipelineSpec) > 0 {
		content = wrapped.PipelineSpec
	}
	parsed, err := parseSpec(content)
	if err != nil {
		return source{}, internal("Failed to fetch a template with an invalid pipeline spec manifest: %v", err)
	}
	return source{spec: &parsed, inline: inline}, nil
}

func (s *Server) versionOf(asked *versionReference) (source, *refusal) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	found, known := s.store.versions.get(asked.PipelineVersionID)
	if asked.PipelineVersionID == "" {
		if all := s.store.versions.within(ofPipeline(asked.PipelineID)); len(all) > 0 {
			found, known = all[len(all)-1], true // the latest, or any of the latest second
		}
	}
	switch {
	case !known:
		return source{}, internal("Failed to create a run due to error fetching manifest: ResourceNotFoundError: PipelineVersion %s not found",
			asked.PipelineVersionID)
	case asked.PipelineID != "" && asked.PipelineID != found.pipelineID:
		return source{}, internal("Failed to create a run due to error fetching manifest: Pipeline version %s belongs to pipeline %s (not %s)",
			found.id, found.pipelineID, asked.PipelineID)
	}
	return source{spec: found.spec, reference: &versionReference{found.pipelineID, found.id}}, nil
}
