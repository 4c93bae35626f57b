package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

type listedPipeline struct {
	ID          string    `json:"pipeline_id"`
	VersionID   string    `json:"pipeline_version_id"`
	Name        string    `json:"display_name"`
	Description string    `json:"description"`
	Created     time.Time `json:"created_at"`
}

type listedPipelines struct {
	Pipelines []listedPipeline `json:"pipelines"`
	Versions  []listedPipeline `json:"pipeline_versions"`
	Total     int              `json:"total_size"`
	NextPage  string           `json:"next_page_token"`
}

// version uploads a version and returns its id.
func (s subject) version(t *testing.T, pipeline, name, content string) string {
	t.Helper()
	query := url.Values{"pipelineid": {pipeline}, "name": {name}}
	status, contentType, answer := s.uploadTo(t, "/pipelines/upload_version?"+query.Encode(), "", "one.yaml", []byte(content))
	return read[listedPipeline](t, status, contentType, answer).VersionID
}

func TestUploadIsCalledAsItSaysOrAsItsFile(t *testing.T) {
	s := newSubject(Options{})
	for query, want := range map[string]listedPipeline{
		"name=given&description=said": {Name: "given", Description: "said"}, "": {Name: "one.yaml"},
	} {
		status, contentType, answer := s.uploadTo(t, "/pipelines/upload?"+query, "", "dir/one.yaml", []byte(waiting("")))
		made := read[listedPipeline](t, status, contentType, answer)
		want.ID, want.Created = made.ID, begin().Truncate(time.Second)
		if got := get[listedPipeline](t, s, "/pipelines/"+made.ID, nil); got != want || made != want {
			t.Errorf("%q: made %+v, got %+v, want %+v", query, made, got, want)
		}
		versions := get[listedPipelines](t, s, "/pipelines/"+made.ID+"/versions", nil)
		if want.VersionID = versions.Versions[0].VersionID; versions.Total != 1 || versions.Versions[0] != want || want.VersionID == "" {
			t.Errorf("%q: versions %+v, want %+v", query, versions, want)
		}
	}
}

func TestPipelineHasVersions(t *testing.T) {
	s := newSubject(Options{})
	pipeline, other := s.pipeline(t, waiting("")), s.pipeline(t, waiting(""))
	first := get[listedPipelines](t, s, "/pipelines/"+pipeline+"/versions", nil).Versions[0].VersionID
	s.clock.advance(time.Second)
	second := s.version(t, pipeline, "two", waiting(`duration: "1"`))
	s.version(t, other, "two", waiting(""))
	list := get[listedPipelines](t, s, "/pipelines/"+pipeline+"/versions", url.Values{"page_size": {"1"}, "sort_by": {"created_at desc"}})
	if list.Total != 2 || len(list.Versions) != 1 || list.Versions[0].VersionID != second || list.NextPage == "" {
		t.Errorf("the newest of its versions is %+v, want %s", list, second)
	}
	list = get[listedPipelines](t, s, "/pipelines/"+pipeline+"/versions", url.Values{"page_token": {list.NextPage}})
	if len(list.Versions) != 1 || list.Versions[0].VersionID != first || list.NextPage != "" {
		t.Errorf("the other is %+v, want %s", list, first)
	}
	got := get[listedPipeline](t, s, "/pipelines/"+other+"/versions/"+second, nil) // the pipeline in the path is of no account
	if got.ID != pipeline || got.VersionID != second || got.Name != "two" {
		t.Errorf("got %+v", got)
	}
	// A run that names no version is of the newest.
	run := s.run(t, "one", pipeline)
	s.clock.advance(2 * time.Second)
	if state := get[listedRun](t, s, "/runs/"+run.ID, nil).State; state != succeeded {
		t.Errorf("the run is %s", state)
	}
}

func TestVersionsAreRefusedAsUploadsAre(t *testing.T) {
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(""))
	s.version(t, pipeline, "two", waiting(""))
	for query, want := range map[string]int{
		"pipelineid=" + pipeline + "&name=TWO": http.StatusInternalServerError, "pipelineid=absent&name=a": http.StatusBadRequest,
		"name=a": http.StatusBadRequest,
	} {
		status, contentType, answer := s.uploadTo(t, "/pipelines/upload_version?"+query, "", "one.yaml", []byte(waiting("")))
		if status != want || contentType != "text/plain; charset=utf-8" || !strings.HasPrefix(answer, `{"error_`) {
			t.Errorf("%s: answered %d %s %s", query, status, contentType, answer)
		}
	}
	for content, want := range map[string]int{"a: b": http.StatusInternalServerError, "": http.StatusInternalServerError} {
		status, _, answer := s.uploadTo(t, "/pipelines/upload_version?name=a&pipelineid="+pipeline, "", "one.yaml", []byte(content))
		if status != want {
			t.Errorf("%q: answered %d %s", content, status, answer)
		}
	}
	s.version(t, pipeline, "a", waiting("")) // nothing of that occupies the name
}

func TestPipelineIsDeletedAfterItsVersions(t *testing.T) {
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(""))
	version := get[listedPipelines](t, s, "/pipelines/"+pipeline+"/versions", nil).Versions[0].VersionID
	run := s.run(t, "one", pipeline)
	s.expect(t, http.StatusBadRequest, http.MethodDelete, "/pipelines/"+pipeline, "")
	s.expect(t, http.StatusOK, http.MethodDelete, "/pipelines/"+pipeline+"/versions/"+version, "")
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		s.expect(t, http.StatusNotFound, method, "/pipelines/"+pipeline+"/versions/"+version, "")
	}
	s.expect(t, http.StatusInternalServerError, http.MethodPost, "/runs",
		`{"display_name":"two","pipeline_version_reference":{"pipeline_id":"`+pipeline+`"}}`)
	s.expect(t, http.StatusOK, http.MethodDelete, "/pipelines/"+pipeline, "")
	for _, path := range []string{"/pipelines/" + pipeline, "/pipelines/" + pipeline + "/versions"} {
		s.expect(t, http.StatusNotFound, http.MethodGet, path, "")
	}
	s.expect(t, http.StatusNotFound, http.MethodDelete, "/pipelines/"+pipeline, "")
	s.expect(t, http.StatusOK, http.MethodGet, "/runs/"+run.ID, "") // it needs neither
}

func TestPipelinesAreFoundByWhatKFPLooksAt(t *testing.T) {
	s := newSubject(Options{})
	var ids []string
	for _, query := range []string{"name=b&description=second", "name=a&description=first", "name=c"} {
		status, contentType, answer := s.uploadTo(t, "/pipelines/upload?"+query, "", "one.yaml", []byte(waiting("")))
		ids = append(ids, read[listedPipeline](t, status, contentType, answer).ID)
		s.clock.advance(time.Second)
	}
	for name, c := range map[string]struct {
		query url.Values
		want  string
	}{
		"all":              {nil, "b a c"},
		"by name":          {url.Values{"sort_by": {"name desc"}}, "c b a"},
		"by description":   {url.Values{"sort_by": {"description"}}, "c a b"},
		"by namespace":     {url.Values{"sort_by": {"namespace"}, "filter": {in("display_name", "a")}}, "a"},
		"of a description": {url.Values{"filter": {equals("description", "first")}}, "a"},
		"of ids":           {url.Values{"filter": {in("pipeline_id", ids[0], ids[2])}}, "b c"},
		"of an id":         {url.Values{"filter": {equals("id", ids[1])}, "sort_by": {"id"}}, "a"},
		"of a namespace":   {url.Values{"namespace": {"of no account"}, "filter": {equals("namespace", "")}, "sort_by": {"created_at desc"}}, "c a b"},
		"later ones": {url.Values{"filter": {predicateOf("created_at", "GREATER_THAN", `"timestamp_value":"2026-01-02T03:04:05Z"`)},
			"sort_by": {"created_at desc"}}, "c a"},
	} {
		var names []string
		for _, p := range get[listedPipelines](t, s, "/pipelines", c.query).Pipelines {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: listed %q, want %q", name, got, c.want)
		}
	}
	versions := func(query url.Values) (names []string) {
		for _, v := range get[listedPipelines](t, s, "/pipelines/"+ids[0]+"/versions", query).Versions {
			names = append(names, v.Name)
		}
		return names
	}
	s.version(t, ids[0], "z", waiting(""))
	for key, content := range map[string]string{"status": "ready", "name": "z", "display_name": "Z", "pipeline_spec": waiting(""), "description": ""} {
		filter := equals(key, content)
		if key == "pipeline_spec" {
			filter = predicateOf(key, "IS_SUBSTRING", `"string_value":"suspend"`)
		}
		if got := versions(url.Values{"filter": {filter}, "sort_by": {key + " desc"}}); !slices.Contains(got, "z") {
			t.Errorf("by %s: listed %q", key, got)
		}
	}
	if got := versions(url.Values{"sort_by": {"pipeline_version_id"}, "page_size": {"1"}}); len(got) != 1 {
		t.Errorf("by id: listed %q", got)
	}
}
