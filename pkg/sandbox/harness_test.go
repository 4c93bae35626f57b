package sandbox

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// begin is when the servers of these tests start: within a second, which KFP's times do not show.
func begin() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 700_000_000, time.UTC) }

// hands are the clock of a server, which a test moves on.
type hands struct {
	mu  sync.Mutex
	now time.Time
}

func (c *hands) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *hands) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// subject is a server and its clock.
type subject struct {
	*Server
	clock *hands
}

func newSubject(o Options) subject {
	c := &hands{now: begin()}
	o.Now = c.Now
	return subject{New(o), c}
}

// ask sends a request and returns status, content type and body.
func (s subject) ask(method, path string, header http.Header, body io.Reader) (status int, contentType, answer string) {
	request := httptest.NewRequest(method, "/apis/v2beta1"+path, body)
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder.Code, recorder.Header().Get("Content-Type"), recorder.Body.String()
}

// expect sends a message and fails the test unless the answer has a status.
func (s subject) expect(t *testing.T, status int, method, path, message string) string {
	t.Helper()
	got, _, answer := s.ask(method, path, nil, strings.NewReader(message))
	if got != status {
		t.Errorf("%s %s %s: answered %d %.300s, want %d", method, path, message, got, answer, status)
	}
	return answer
}

// upload sends a package that is to become a pipeline.
func (s subject) upload(t *testing.T, name, file string, content []byte) (status int, contentType, answer string) {
	t.Helper()
	return s.uploadTo(t, "/pipelines/upload?name="+url.QueryEscape(name), "", file, content)
}

// uploadTo sends a package, as the holder of a token.
func (s subject) uploadTo(t *testing.T, path, token, file string, content []byte) (status int, contentType, answer string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("uploadfile", file)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.ask(http.MethodPost, path,
		http.Header{"Content-Type": {form.FormDataContentType()}, "Authorization": {"Bearer " + token}}, &body)
}

// get reads a message, and fails the test unless the status is 200.
func get[T any](t *testing.T, s subject, path string, query url.Values) T {
	t.Helper()
	status, contentType, answer := s.ask(http.MethodGet, path+"?"+query.Encode(), nil, nil)
	return read[T](t, status, contentType, answer)
}

// post sends a message and reads the answer, and fails the test unless the status is 200.
func post[T any](t *testing.T, s subject, path, message string) T {
	t.Helper()
	status, contentType, answer := s.ask(http.MethodPost, path, nil, strings.NewReader(message))
	return read[T](t, status, contentType, answer)
}

func read[T any](t *testing.T, status int, contentType, answer string) T {
	t.Helper()
	var message T
	if err := json.Unmarshal([]byte(answer), &message); err != nil || status != http.StatusOK || contentType != "application/json" {
		t.Fatalf("%d %s: %s", status, contentType, answer)
	}
	return message
}

// pipelineOf uploads a package and returns the pipeline's id.
func (s subject) pipeline(t *testing.T, content string) string {
	t.Helper()
	status, contentType, answer := s.upload(t, rand.Text(), "one.yaml", []byte(content))
	return read[struct {
		ID string `json:"pipeline_id"`
	}](t, status, contentType, answer).ID
}

// listed is a page of any list.
type listed struct {
	Runs        []listedRun `json:"runs"`
	Experiments []struct {
		ID   string `json:"experiment_id"`
		Name string `json:"display_name"`
	} `json:"experiments"`
	TotalSize int    `json:"total_size"`
	NextPage  string `json:"next_page_token"`
}

type listedRun struct {
	ID           string    `json:"run_id"`
	Name         string    `json:"display_name"`
	Experiment   string    `json:"experiment_id"`
	State        string    `json:"state"`
	Created      time.Time `json:"created_at"`
	Scheduled    time.Time `json:"scheduled_at"`
	Finished     time.Time `json:"finished_at"`
	StateHistory []struct {
		UpdateTime time.Time `json:"update_time"`
		State      string    `json:"state"`
	} `json:"state_history"`
}

// run makes a run of a pipeline.
func (s subject) run(t *testing.T, name, pipeline string) listedRun {
	t.Helper()
	return post[listedRun](t, s, "/runs",
		`{"display_name":"`+name+`","pipeline_version_reference":{"pipeline_id":"`+pipeline+`"}}`)
}

// waiting is a v1 package whose only template waits.
func waiting(duration string) string {
	return "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  entrypoint: wait\n" +
		"  templates:\n  - name: wait\n    suspend: {" + duration + "}\n"
}
