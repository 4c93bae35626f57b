package sandbox

import (
	"net/http"
	"strings"
)

// routes serves every operation that there is.
func (s *Server) routes() {
	for pattern, served := range map[string]struct {
		operation string
		answer    handler
	}{
		"GET /healthz": {"GetHealthz", s.getHealthz},

		"GET /experiments":         {"ListExperiments", s.listExperiments},
		"POST /experiments":        {"CreateExperiment", s.createExperiment},
		"GET /experiments/{id}":    {"GetExperiment", s.getExperiment},
		"DELETE /experiments/{id}": {"DeleteExperiment", s.deleteExperiment},

		"GET /pipelines":                            {"ListPipelines", s.listPipelines},
		"GET /pipelines/{id}":                       {"GetPipeline", s.getPipeline},
		"DELETE /pipelines/{id}":                    {"DeletePipeline", s.deletePipeline},
		"GET /pipelines/{id}/versions":              {"ListPipelineVersions", s.listPipelineVersions},
		"GET /pipelines/{id}/versions/{version}":    {"GetPipelineVersion", s.getPipelineVersion},
		"DELETE /pipelines/{id}/versions/{version}": {"DeletePipelineVersion", s.deletePipelineVersion},

		"GET /runs":         {"ListRuns", s.listRuns},
		"POST /runs":        {"CreateRun", s.createRun},
		"GET /runs/{id}":    {"GetRun", s.getRun},
		"DELETE /runs/{id}": {"DeleteRun", s.deleteRun},

		"GET /recurringruns":         {"ListRecurringRuns", s.listRecurringRuns},
		"POST /recurringruns":        {"CreateRecurringRun", s.createRecurringRun},
		"GET /recurringruns/{id}":    {"GetRecurringRun", s.getRecurringRun},
		"DELETE /recurringruns/{id}": {"DeleteRecurringRun", s.deleteRecurringRun},
	} {
		s.serve(pattern, s.gateway(served.operation, served.answer))
	}
	s.serveVerbs("POST /runs/{id}", map[string]http.HandlerFunc{
		"terminate": s.gateway("TerminateRun", s.terminateRun),
	})
	s.serveVerbs("POST /recurringruns/{id}", map[string]http.HandlerFunc{
		"enable":  s.gateway("EnableRecurringRun", s.enableRecurringRun),
		"disable": s.gateway("DisableRecurringRun", s.disableRecurringRun),
	})
	s.serve("POST /pipelines/upload", s.operation("UploadPipeline", s.uploadPipeline, (*refusal).writeAsUpload))
	s.serve("POST /pipelines/upload_version",
		s.operation("UploadPipelineVersion", s.uploadPipelineVersion, (*refusal).writeAsUpload))
}

// serveVerbs serves what is done to one thing, such as POST /runs/{id}:terminate. A pattern of
// http.ServeMux cannot tell an id and a verb in one segment of a path apart.
func (s *Server) serveVerbs(pattern string, verbs map[string]http.HandlerFunc) {
	s.serve(pattern, func(w http.ResponseWriter, r *http.Request) {
		id, verb, found := strings.Cut(r.PathValue("id"), ":")
		answer, known := verbs[verb]
		switch {
		case !found:
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		case !known:
			http.NotFound(w, r)
		default:
			r.SetPathValue("id", id)
			answer(w, r)
		}
	})
}

func (s *Server) getHealthz(*http.Request) (any, *refusal) {
	return map[string]any{
		"commit_sha": "unknown", "tag_name": s.options.Version, "multi_user": s.options.MultiUser,
	}, nil
}
