package sandbox

import (
	"net/http"
	"time"
)

type pipeline struct {
	entry
	name, description, namespace string
}

// pipelineMessage is v2beta1.Pipeline.
type pipelineMessage struct {
	PipelineID  string `json:"pipeline_id"`
	DisplayName string `json:"display_name"`
	Description string `json:"description,omitempty"`
	CreatedAt   stamp  `json:"created_at"`
	Namespace   string `json:"namespace,omitempty"`
}

func (p *pipeline) message() pipelineMessage {
	return pipelineMessage{p.id, p.name, p.description, stamp(p.created), p.namespace}
}

func (s *Server) newPipeline(name, namespace, description string) *pipeline {
	return &pipeline{
		entry: entry{
			id: s.ids.id(), created: s.Now(),
			groups: []string{inNamespace(namespace), called(name), calledIn(namespace, name)},
		},
		name: name, description: description, namespace: namespace,
	}
}

func (s *store) pipelineListing() listing[*pipeline] {
	return listing[*pipeline]{table: &s.pipelines, name: called, columns: map[string]column[*pipeline]{
		"id":           {func(p *pipeline, _ time.Time) value { return text(p.id) }, identifying},
		"pipeline_id":  {func(p *pipeline, _ time.Time) value { return text(p.id) }, identifying},
		"name":         {func(p *pipeline, _ time.Time) value { return text(p.name) }, naming},
		"display_name": {func(p *pipeline, _ time.Time) value { return text(p.name) }, naming},
		createdAt:      {func(p *pipeline, _ time.Time) value { return moment(p.created) }, plain},
		"description":  {func(p *pipeline, _ time.Time) value { return text(p.description) }, plain},
		"namespace":    {func(p *pipeline, _ time.Time) value { return text(p.namespace) }, plain},
	}}
}

// authorizeShared is authorize for pipelines: those without a namespace are everybody's.
func (s *Server) authorizeShared(r *http.Request, namespace string) *refusal {
	if namespace == "" {
		return nil
	}
	return s.authorize(r, namespace)
}

// pipelineFor returns a pipeline that the caller may use.
func (s *Server) pipelineFor(r *http.Request, id string) (*pipeline, *refusal) {
	p, refused := find(s.store, &s.store.pipelines, "Pipeline", id)
	if refused == nil {
		refused = s.authorizeShared(r, p.namespace)
	}
	return p, refused
}

func (s *Server) getPipeline(r *http.Request) (any, *refusal) {
	p, refused := s.pipelineFor(r, r.PathValue("id"))
	if refused != nil {
		return nil, refused
	}
	return p.message(), nil
}

func (s *Server) deletePipeline(r *http.Request) (any, *refusal) {
	p, refused := s.pipelineFor(r, r.PathValue("id"))
	if refused != nil {
		return nil, refused
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if versions := s.store.versions.within(ofPipeline(p.id)); len(versions) > 0 {
		return nil, invalid("Failed to delete pipeline with id %s as it has existing pipeline versions (e.g. %s)",
			p.id, versions[len(versions)-1].id)
	}
	s.store.pipelines.remove(p)
	return done{}, nil
}

func (s *Server) listPipelines(r *http.Request) (any, *refusal) {
	pipelines, end, refused := list(s, r, s.lists.pipelines, s.namespaceAsked(s.authorizeShared), timeless((*pipeline).message))
	return struct {
		Pipelines []pipelineMessage `json:"pipelines,omitempty"`
		pageMessage
	}{pipelines, end}, refused
}
