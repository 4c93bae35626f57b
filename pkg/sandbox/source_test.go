package sandbox

import (
	"net/http"
	"reflect"
	"testing"
	"time"
)

const inlinePackage = `{"pipelineInfo":{"name":"add"},"schemaVersion":"2.1.0","root":{"dag":{"tasks":{"a":{}}}}}`

func TestRunOfAPackageThatItBrings(t *testing.T) {
	// The SDK sends a package with its platforms beside it in a message around both.
	for name, spec := range map[string]string{
		"bare": inlinePackage, "with its platforms": `{"pipeline_spec":` + inlinePackage + `,"platform_spec":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newSubject(Options{})
			made := post[map[string]any](t, s, "/runs", `{"display_name":"one","pipeline_spec":`+spec+`}`)
			if made["pipeline_version_reference"] != nil || made["pipeline_spec"] == nil {
				t.Errorf("made %v", made)
			}
			s.clock.advance(time.Minute)
			got := get[map[string]any](t, s, "/runs/"+made["run_id"].(string), nil)
			if got["state"] != succeeded || !reflect.DeepEqual(got["pipeline_spec"], made["pipeline_spec"]) {
				t.Errorf("got %v", got)
			}
			id := post[listedRecurring](t, s, "/recurringruns",
				`{"display_name":"one","mode":"ENABLE","max_concurrency":1,"trigger":{`+everyMinute+`},"pipeline_spec":`+spec+`}`).ID
			if recurring := get[map[string]any](t, s, "/recurringruns/"+id, nil); recurring["pipeline_spec"] == nil {
				t.Errorf("got %v", recurring)
			}
		})
	}
}

func TestSourceThatThereIsNotIsTheServersFault(t *testing.T) {
	s := newSubject(Options{})
	one, other := s.pipeline(t, waiting("")), s.pipeline(t, waiting(""))
	version := get[listedPipelines](t, s, "/pipelines/"+other+"/versions", nil).Versions[0].VersionID
	for _, source := range []string{
		`"pipeline_version_reference":{}`, `"pipeline_version_reference":{"pipeline_id":"absent"}`,
		`"pipeline_version_reference":{"pipeline_version_id":"absent"}`,
		`"pipeline_version_reference":{"pipeline_id":"` + one + `","pipeline_version_id":"` + version + `"}`,
		`"pipeline_spec":null`, `"pipeline_spec":{}`, `"pipeline_spec":"text"`, `"pipeline_spec":{"pipeline_spec":{}}`,
	} {
		s.expect(t, http.StatusInternalServerError, http.MethodPost, "/runs", `{"display_name":"one",`+source+`}`)
	}
	s.expect(t, http.StatusOK, http.MethodPost, "/runs",
		`{"display_name":"one","pipeline_version_reference":{"pipeline_version_id":"`+version+`"}}`)
}

func TestPackageThatCannotRunIsRefusedAsARun(t *testing.T) {
	s := newSubject(Options{})
	id := s.pipeline(t, "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {entrypoint: lost, templates: [{name: a, suspend: {}}]}\n")
	s.expect(t, http.StatusInternalServerError, http.MethodPost, "/runs",
		`{"display_name":"one","pipeline_version_reference":{"pipeline_id":"`+id+`"}}`)
}
