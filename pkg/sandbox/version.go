package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

// version is a version of a pipeline.
type version struct {
	entry
	pipelineID, name, description string
	spec                          *spec
}

// versionMessage is v2beta1.PipelineVersion.
type versionMessage struct {
	PipelineID        string          `json:"pipeline_id"`
	PipelineVersionID string          `json:"pipeline_version_id"`
	DisplayName       string          `json:"display_name"`
	Description       string          `json:"description,omitempty"`
	CreatedAt         stamp           `json:"created_at"`
	PipelineSpec      json.RawMessage `json:"pipeline_spec"`
}

func (v *version) message() versionMessage {
	return versionMessage{v.pipelineID, v.id, v.name, v.description, stamp(v.created), v.spec.echo}
}

func (s *Server) newVersion(p *pipeline, name, description string, parsed *spec) *version {
	return &version{
		entry: entry{
			id: s.ids.id(), created: s.Now(),
			groups: []string{ofPipeline(p.id), called(name), calledIn(p.id, name)},
		},
		pipelineID: p.id, name: name, description: description, spec: parsed,
	}
}

func (s *store) versionListing() listing[*version] {
	return listing[*version]{table: &s.versions, name: called, columns: map[string]column[*version]{
		"id":                  {func(v *version, _ time.Time) value { return text(v.id) }, identifying},
		"pipeline_version_id": {func(v *version, _ time.Time) value { return text(v.id) }, identifying},
		"name":                {func(v *version, _ time.Time) value { return text(v.name) }, naming},
		"display_name":        {func(v *version, _ time.Time) value { return text(v.name) }, naming},
		createdAt:             {func(v *version, _ time.Time) value { return moment(v.created) }, plain},
		"description":         {func(v *version, _ time.Time) value { return text(v.description) }, plain},
		"status":              {func(*version, time.Time) value { return text("READY") }, plain},
		"pipeline_spec":       {func(v *version, _ time.Time) value { return text(string(v.spec.echo)) }, plain},
	}}
}

// versionFor returns a version that the caller may use. Like KFP it takes no notice of the pipeline in the
// path.
func (s *Server) versionFor(r *http.Request) (*version, *refusal) {
	v, refused := find(s.store, &s.store.versions, "PipelineVersion", r.PathValue("version"))
	if refused == nil {
		_, refused = s.pipelineFor(r, v.pipelineID)
	}
	return v, refused
}

func (s *Server) getPipelineVersion(r *http.Request) (any, *refusal) {
	v, refused := s.versionFor(r)
	if refused != nil {
		return nil, refused
	}
	return v.message(), nil
}

func (s *Server) deletePipelineVersion(r *http.Request) (any, *refusal) {
	v, refused := s.versionFor(r)
	if refused != nil {
		return nil, refused
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.versions.remove(v)
	return done{}, nil
}

func (s *Server) listPipelineVersions(r *http.Request) (any, *refusal) {
	within := func(r *http.Request, _ url.Values) (string, *refusal) {
		p, refused := s.pipelineFor(r, r.PathValue("id"))
		if refused != nil {
			return "", refused
		}
		return ofPipeline(p.id), nil
	}
	versions, end, refused := list(s, r, s.lists.versions, within, timeless((*version).message))
	return struct {
		PipelineVersions []versionMessage `json:"pipeline_versions,omitempty"`
		pageMessage
	}{versions, end}, refused
}
