package kfp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

const versions = "/apis/v2beta1/pipelines/p%2F1/versions"

// uploading answers an upload and the list of its versions.
func uploading(upload, list http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			upload(w, r)
			return
		}
		list(w, r)
	}
}

// parts returns the multipart body of a request.
func parts(t *testing.T, r request) (fields, names []string, contents [][]byte) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		t.Fatalf("Content-Type %q: %v", r.header.Get("Content-Type"), err)
	}
	reader := multipart.NewReader(bytes.NewReader(r.body), params["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, names, contents
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		fields, names, contents = append(fields, part.FormName()), append(names, part.FileName()), append(contents, content)
	}
}

func TestUploadSendsTheFileAndAsksForItsVersion(t *testing.T) {
	for name, u := range map[string]Upload{
		"YAML":           {Name: "one", Namespace: "team", FileName: "one.yaml", Content: []byte("a: b\n")},
		"archive":        {Name: "one", FileName: "one.tar.gz", Content: []byte("\x1f\x8b\x00\xff\r\n--\r\n")},
		"empty":          {Name: "one", FileName: "one.json"},
		"more than 1 MB": {Name: "one", FileName: "one.yaml", Content: bytes.Repeat([]byte("# load\n"), 1<<18)},
		"special names":  {Name: `50% "é" & more?`, Namespace: "a b", FileName: `é "1".yaml`, Content: []byte("a: b")},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, uploading(ok(`{"pipeline_id":"p/1"}`), ok(`{"pipeline_versions":[{"pipeline_version_id":"v"}]}`)))
			got, err := to(t, s, Config{UserAgent: "kfpperf/1"}).UploadPipeline(t.Context(), u)
			if err != nil || got != (Pipeline{"p/1", "v"}) {
				t.Fatalf("got %+v, %v", got, err)
			}
			seen := s.requests()
			if len(seen) != 2 {
				t.Fatalf("%d requests", len(seen))
			}
			upload, list := seen[0], seen[1]
			query := url.Values{"name": {u.Name}}
			if u.Namespace != "" {
				query.Set("namespace", u.Namespace)
			}
			if upload.path != "/apis/v2beta1/pipelines/upload" || !reflect.DeepEqual(upload.query, query) {
				t.Errorf("uploaded to %s %v", upload.path, upload.query)
			}
			fields, names, contents := parts(t, upload)
			if !reflect.DeepEqual(fields, []string{"uploadfile"}) || names[0] != u.FileName || !bytes.Equal(contents[0], u.Content) {
				t.Errorf("uploaded fields %q, files %q with %d bytes", fields, names, len(contents[0]))
			}
			// A server that refuses an upload unread cannot be talked to in chunks any more.
			if upload.header.Get("Content-Length") != fmt.Sprint(len(upload.body)) {
				t.Errorf("headers %v for %d bytes", upload.header, len(upload.body))
			}
			oldest := url.Values{"page_size": {"1"}, "sort_by": {"created_at asc"}}
			if list.method != http.MethodGet || list.path != versions || !reflect.DeepEqual(list.query, oldest) {
				t.Errorf("asked for %s %s %v", list.method, list.path, list.query)
			}
			if upload.header.Get("User-Agent") != "kfpperf/1" || list.header.Get("User-Agent") != "kfpperf/1" {
				t.Errorf("user agents %q, %q", upload.header.Get("User-Agent"), list.header.Get("User-Agent"))
			}
		})
	}
}

func TestUploadReadsTheTokenForBothOfItsCalls(t *testing.T) {
	file := tokenFile(t, "first\n")
	rotate := func(w http.ResponseWriter, r *http.Request) {
		write(t, file, "second\n")
		ok(`{"pipeline_id":"p"}`)(w, r)
	}
	s := serve(t, uploading(rotate, ok(`{"pipeline_versions":[{"pipeline_version_id":"v"}]}`)))
	client := to(t, s, Config{Token: TokenFile(file)})
	if _, err := client.UploadPipeline(t.Context(), Upload{Name: "one", FileName: "one.yaml"}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Bearer first", "Bearer second"} {
		header := s.requests()[i].header
		if got := header["Authorization"]; !reflect.DeepEqual(got, []string{want}) || header["Kubeflow-Userid"] != nil {
			t.Errorf("call %d was sent with %v, want %q", i, header, want)
		}
	}
}

func TestUploadIsToldOfAsTwoCalls(t *testing.T) {
	s := serve(t, uploading(ok(`{"pipeline_id":"p"}`), ok(`{"pipeline_versions":[{"pipeline_version_id":"v"}]}`)))
	var told witness
	client := to(t, s, Config{Observe: told.observe})
	if _, err := client.UploadPipeline(t.Context(), Upload{Name: "one", FileName: "one.yaml", Content: []byte("a: b")}); err != nil {
		t.Fatal(err)
	}
	if len(told.calls) != 2 {
		t.Fatalf("told of %+v", told.calls)
	}
	upload, list := told.calls[0], told.calls[1]
	if upload.Operation != "UploadPipeline" || list.Operation != "ListPipelineVersions" || list.Sent.Before(upload.Done) {
		t.Errorf("told of %+v, then %+v", upload, list)
	}
	if upload.BytesOut != int64(len(s.requests()[0].body)) || list.BytesOut != 0 {
		t.Errorf("%d and %d bytes were sent", upload.BytesOut, list.BytesOut)
	}
}

func TestFailedUploadAsksForNothingMore(t *testing.T) {
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		class   string
		message string
	}{
		"duplicate, 2.0.5": {
			answers(500, "text/plain; charset=utf-8", `{"error_message":"the name is taken","error_details":"taken"}`),
			"http 500", "UploadPipeline: HTTP 500: the name is taken",
		},
		"duplicate, 2.17": {
			answers(409, "application/json", `{"error_message":"the name is taken","error_details":"taken"}`),
			"http 409", "UploadPipeline: HTTP 409: the name is taken",
		},
		"no id": {ok(`{}`), ClassDecode, "UploadPipeline: the answer is not what KFP answers: " + errNoPipeline.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.answer)
			got, err := to(t, s, Config{}).UploadPipeline(t.Context(), Upload{Name: "one", FileName: "one.yaml"})
			if failed := failure(t, err); got != (Pipeline{}) || failed.Class != c.class || failed.Error() != c.message {
				t.Errorf("got %+v, class %q, %q", got, failed.Class, failed)
			}
			s.only(t)
		})
	}
}

func TestUploadWhoseVersionIsUnknownStillTellsThePipeline(t *testing.T) {
	for name, list := range map[string]http.HandlerFunc{
		"refused": answers(500, "application/json", `{"code":13,"message":"no"}`), "none": ok(`{}`),
		"null": ok(`{"pipeline_versions":[null]}`), "without an id": ok(`{"pipeline_versions":[{}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, uploading(ok(`{"pipeline_id":"p"}`), list))
			got, err := to(t, s, Config{}).UploadPipeline(t.Context(), Upload{Name: "one", FileName: "one.yaml"})
			if failed := failure(t, err); got != (Pipeline{ID: "p"}) || failed.Operation != "ListPipelineVersions" {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestUploadThatTheServerDoesNotReadToItsEnd(t *testing.T) {
	const size = 32 << 20
	s := serve(t, ok(`{}`))
	s.Config.Handler = answers(http.StatusRequestEntityTooLarge, "text/html", "<h1>too large</h1>")
	var told witness
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	client := to(t, s, Config{Observe: told.observe})
	_, err := client.UploadPipeline(ctx, Upload{Name: "one", FileName: "one.yaml", Content: make([]byte, size)})
	// Which of the two the client sees first is up to the machine.
	if failed := failure(t, err); failed.Class != "http 413" && failed.Class != ClassConnection {
		t.Errorf("class %q: %v", failed.Class, failed)
	}
	if got := told.only(t); got.BytesOut < size || !strings.HasPrefix(got.Operation, "UploadPipeline") {
		t.Errorf("told of %+v", got)
	}
}
