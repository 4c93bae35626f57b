package sandbox

import (
	"net/http"
	"path"
)

// uploadPipeline makes a pipeline and its version of the same name. That a name is taken, or a package of
// no use, is the server's fault (500) in KFP 2.0.5; 2.17 says 409 and 400.
func (s *Server) uploadPipeline(r *http.Request) (any, *refusal) {
	content, name, refused := uploaded(r)
	if refused != nil {
		return nil, refused
	}
	values := r.URL.Query()
	namespace := s.namespaceOf(values.Get("namespace"))
	if refused := s.authorizeShared(r, namespace); refused != nil {
		return nil, refused.with(http.StatusBadRequest)
	}
	parsed, err := parseSpec(content)
	if err != nil {
		return nil, internal("Failed to create a pipeline and a pipeline version due to template creation error: %v", err)
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.store.pipelines.has(calledIn(namespace, name)) {
		return nil, exists("Failed to create a new pipeline. The name %s already exists. Please specify a new name", name).
			with(http.StatusInternalServerError)
	}
	made := s.newPipeline(name, namespace, values.Get("description"))
	s.store.pipelines.add(made)
	s.store.versions.add(s.newVersion(made, name, made.description, &parsed))
	return made.message(), nil
}

// uploadPipelineVersion makes a version of a pipeline.
func (s *Server) uploadPipelineVersion(r *http.Request) (any, *refusal) {
	content, name, refused := uploaded(r)
	if refused != nil {
		return nil, refused
	}
	values := r.URL.Query()
	id := values.Get("pipelineid")
	if id == "" {
		return nil, invalid("Failed to create a pipeline version due to error reading pipeline id")
	}
	p, refused := s.pipelineFor(r, id)
	if refused != nil {
		return nil, refused.with(http.StatusBadRequest)
	}
	parsed, err := parseSpec(content)
	if err != nil {
		return nil, internal("Failed to create a pipeline version due to template creation error: %v", err)
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.store.versions.has(calledIn(p.id, name)) {
		return nil, exists("Failed to create a new pipeline version. The name %s already exist. Specify a new name", name).
			with(http.StatusInternalServerError)
	}
	made := s.newVersion(p, name, values.Get("description"), &parsed)
	s.store.versions.add(made)
	return made.message(), nil
}

// uploaded returns the package that a request brings, and the name that it wants: that of the file when it
// says no other.
func uploaded(r *http.Request) (content []byte, name string, refused *refusal) {
	file, header, err := r.FormFile("uploadfile")
	if err != nil {
		return nil, "", &refusal{http.StatusBadRequest, codeInvalid, "Failed to read pipeline from file: " + err.Error()}
	}
	defer file.Close() //nolint:errcheck // it was only read
	content, refused = unpack(header.Filename, file)
	if name = r.URL.Query().Get("name"); name == "" {
		name = path.Base(header.Filename)
	}
	return content, name, refused
}
