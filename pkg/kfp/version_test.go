package kfp

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"testing"
)

func TestVersionIsUploadedToItsPipeline(t *testing.T) {
	for name, n := range map[string]NewVersion{
		"YAML":           {PipelineID: "p/1", Name: "two", FileName: "one.yaml", Content: []byte("a: b\n")},
		"archive":        {PipelineID: "p", Name: "two", FileName: "one.tar.gz", Content: []byte("\x1f\x8b\x00\xff\r\n--\r\n")},
		"empty":          {PipelineID: "p", Name: "two", FileName: "one.json"},
		"more than 1 MB": {PipelineID: "p", Name: "two", FileName: "one.yaml", Content: bytes.Repeat([]byte("# load\n"), 1<<18)},
		"special names":  {PipelineID: "a b&c", Name: `50% "é" & more?`, FileName: `é "1".yaml`, Content: []byte("a: b")},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, ok(`{"pipeline_id":"p","pipeline_version_id":"v","pipeline_spec":{"a":[1]},"created_at":"2026-01-02T03:04:05Z"}`))
			var told witness
			got, err := to(t, s, Config{UserAgent: "kfpperf/1", Observe: told.observe}).UploadPipelineVersion(t.Context(), n)
			if err != nil || got != "v" {
				t.Fatalf("got %q, %v", got, err)
			}
			upload := s.only(t)
			query := url.Values{"name": {n.Name}, "pipelineid": {n.PipelineID}}
			if upload.method != http.MethodPost || upload.path != pipelines+"/upload_version" || !reflect.DeepEqual(upload.query, query) {
				t.Errorf("uploaded to %s %v", upload.path, upload.query)
			}
			fields, names, contents := parts(t, upload)
			if !reflect.DeepEqual(fields, []string{"uploadfile"}) || names[0] != n.FileName || !bytes.Equal(contents[0], n.Content) {
				t.Errorf("uploaded fields %q, files %q with %d bytes", fields, names, len(contents[0]))
			}
			if upload.header.Get("Content-Length") != fmt.Sprint(len(upload.body)) || upload.header.Get("User-Agent") != "kfpperf/1" {
				t.Errorf("headers %v for %d bytes", upload.header, len(upload.body))
			}
			if call := told.only(t); call.Operation != "UploadPipelineVersion" || call.BytesOut != int64(len(upload.body)) {
				t.Errorf("told of %+v", call)
			}
		})
	}
}

func TestVersionThatIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		class   string
		message string
	}{
		"duplicate, 2.0.5": {
			answers(500, "text/plain; charset=utf-8", `{"error_message":"the name is taken","error_details":"taken"}`),
			"http 500", "UploadPipelineVersion: HTTP 500: the name is taken",
		},
		"duplicate, 2.17": {
			answers(409, "application/json", `{"error_message":"the name is taken","error_details":"taken"}`),
			"http 409", "UploadPipelineVersion: HTTP 409: the name is taken",
		},
		"no id": {ok(`{}`), ClassDecode, "UploadPipelineVersion: the answer is not what KFP answers: " + errNoNewVersion.Error()},
		"page":  {ok(`<`), ClassDecode, "UploadPipelineVersion: the answer is not what KFP answers: invalid character '<' looking for beginning of value"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.answer)
			got, err := to(t, s, Config{}).UploadPipelineVersion(t.Context(), NewVersion{PipelineID: "p", Name: "two", FileName: "one.yaml"})
			if failed := failure(t, err); got != "" || failed.Class != c.class || failed.Error() != c.message {
				t.Errorf("got %q, class %q, %q", got, failed.Class, failed)
			}
			s.only(t)
		})
	}
}

func TestUploadAloneIsOneCall(t *testing.T) {
	s := serve(t, ok(`{"pipeline_id":"p"}`))
	var told witness
	id, err := to(t, s, Config{Observe: told.observe}).UploadOnly(t.Context(), Upload{Name: "one", Namespace: "team", FileName: "one.yaml"})
	if err != nil || id != "p" {
		t.Fatalf("got %q, %v", id, err)
	}
	if got := s.only(t); got.path != pipelines+"/upload" || got.query.Encode() != "name=one&namespace=team" {
		t.Errorf("uploaded to %s %v", got.path, got.query)
	}
	if call := told.only(t); call.Operation != "UploadPipeline" {
		t.Errorf("told of %+v", call)
	}
}
