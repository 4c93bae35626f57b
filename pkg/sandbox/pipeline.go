package sandbox

import (
	"net/http"
	"path"
)

// pipelineMessage is v2beta1.Pipeline.
type pipelineMessage struct {
	PipelineID  string `json:"pipeline_id"`
	DisplayName string `json:"display_name"`
	CreatedAt   stamp  `json:"created_at"`
}

// versionMessage is v2beta1.PipelineVersion.
type versionMessage struct {
	PipelineID        string `json:"pipeline_id"`
	PipelineVersionID string `json:"pipeline_version_id"`
	DisplayName       string `json:"display_name"`
	CreatedAt         stamp  `json:"created_at"`
	PipelineSpec      any    `json:"pipeline_spec"`
}

// field returns what filters see of a version.
func (p *pipeline) field(key string) (string, bool) {
	switch key {
	case "pipeline_version_id", "id":
		return p.versionID, true
	case "display_name", "name":
		return p.name, true
	}
	return "", false
}

// uploadPipeline makes a pipeline and its version of the same name. That a name is taken, or a package of
// no use, is the server's fault (500) in KFP 2.0.5; 2.17 says 409 and 400.
func (s *Server) uploadPipeline(r *http.Request) (any, *refusal) {
	file, header, err := r.FormFile("uploadfile")
	if err != nil {
		return nil, &refusal{status: http.StatusBadRequest, message: "Failed to read pipeline from file: " + err.Error()}
	}
	defer file.Close() //nolint:errcheck // it was only read
	content, refused := unpack(header.Filename, file)
	if refused != nil {
		return nil, refused
	}
	parsed, err := parseSpec(content)
	if err != nil {
		return nil, internal("Failed to create a pipeline and a pipeline version due to template creation error: %v", err)
	}
	p := &pipeline{
		id: newID(), versionID: newID(), name: r.URL.Query().Get("name"), created: s.options.Now(), spec: parsed,
	}
	if p.name == "" {
		p.name = path.Base(header.Filename)
	}
	if !s.store.addPipeline(p) {
		taken := exists("Failed to create a new pipeline. The name %s already exists. Please specify a new name", p.name)
		taken.status = http.StatusInternalServerError
		return nil, taken
	}
	return pipelineMessage{p.id, p.name, stamp(p.created)}, nil
}

func (s *Server) listPipelineVersions(r *http.Request) (any, *refusal) {
	options, refused := listOptionsOf(r.URL.Query())
	if refused != nil {
		return nil, refused
	}
	id := r.PathValue("id")
	p := s.store.pipelineWith(func(p *pipeline) bool { return p.id == id })
	if p == nil {
		return nil, notFound("Pipeline %s not found", id)
	}
	page, refused := list(options, []*pipeline{p}, func(p *pipeline) item {
		return item{p.versionID, p.created, p.field}
	})
	if refused != nil {
		return nil, refused
	}
	answer := struct {
		PipelineVersions []versionMessage `json:"pipeline_versions,omitempty"`
		pageMessage
	}{pageMessage: page.message}
	for _, p := range page.items {
		answer.PipelineVersions = append(answer.PipelineVersions,
			versionMessage{p.id, p.versionID, p.name, stamp(p.created), p.spec.echo})
	}
	return answer, nil
}
