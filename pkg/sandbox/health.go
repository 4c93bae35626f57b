package sandbox

import "net/http"

func (s *Server) getHealthz(*http.Request) (any, *refusal) {
	return map[string]any{"commit_sha": "unknown", "tag_name": s.options.Version, "multi_user": false}, nil
}
