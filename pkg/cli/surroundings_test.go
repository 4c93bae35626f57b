package cli

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

// realKFP is a KFP that does not say that it is a sandbox, whose runs end at once, and that counts.
func realKFP(t *testing.T) string {
	t.Helper()
	started := time.Now()
	var creates atomic.Int32
	kfp := sandbox.New(sandbox.Options{
		Version: "2.0.5", Now: func() time.Time { return started.Add(60 * time.Since(started)) },
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/metrics":
			_, _ = fmt.Fprintf(w, "# TYPE run_server_create_requests counter\nrun_server_create_requests %d\n", creates.Load())
			return
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/runs"):
			creates.Add(1)
		}
		kfp.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// kubernetesAPI is a Kubernetes API of which only the version may be known; what is asked is counted.
func kubernetesAPI(t *testing.T, asked chan<- string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/version" {
			_, _ = fmt.Fprint(w, `{"gitVersion":"v1.37.2"}`)
			return
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprint(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,"message":"no"}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// useKubeconfig makes a kubeconfig that leads to a server, and the environment name it.
func useKubeconfig(t *testing.T, server string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config")
	content := `{apiVersion: v1, kind: Config, current-context: c, clusters: [{name: c, cluster: {server: "` + server + `"}}],` +
		`contexts: [{name: c, context: {cluster: c, user: u}}], users: [{name: u, user: {token: very-secret}}]}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KUBECONFIG", file)
}

// runHere carries out `run smoke-noop.json` with some flags and returns its result.
func runHere(t *testing.T, flags ...string) *result.Document {
	t.Helper()
	forget(t)
	var stdout, stderr bytes.Buffer
	args := append([]string{"run", "smoke-noop.json", "-o", "json", "--output-dir", t.TempDir()}, flags...)
	code := Run(t.Context(), args, genericiooptions.IOStreams{Out: &stdout, ErrOut: &stderr}, scriptVersion)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	d, err := result.Decode(stdout.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// notMeasured returns what was not, a line each.
func notMeasured(d *result.Document) string {
	lines := ""
	for _, gap := range d.NotMeasured {
		lines += gap.What + ": " + gap.Why + "\n"
	}
	return lines
}

func TestALocalRunLooksAtTheClusterOfTheKubeconfig(t *testing.T) {
	asked := make(chan string, 100)
	useKubeconfig(t, kubernetesAPI(t, asked))
	d := runHere(t, "--local", "--kfp-url", realKFP(t), "--kfp-namespace", "pipelines")
	if d.Environment.Kubernetes != "v1.37.2" {
		t.Errorf("environment %+v", d.Environment)
	}
	if gaps := notMeasured(d); !strings.Contains(gaps, "resources.components: this account may not list pods in namespace pipelines") ||
		!strings.Contains(gaps, "environment.nodes: this account may not list nodes") {
		t.Errorf("gaps\n%s", gaps)
	}
	if len(d.ServerCounts) != 1 || d.ServerCounts[0].Count != 2 {
		t.Errorf("counts %+v", d.ServerCounts)
	}
	if d.Environment.Clock == nil {
		t.Error("there is no clock")
	}
	close(asked)
	var paths []string
	for path := range asked {
		paths = append(paths, path)
	}
	if !slices.Contains(paths, "/api/v1/namespaces/pipelines/pods") {
		t.Errorf("asked for %q", paths)
	}
}

func TestALocalRunNeedsNoCluster(t *testing.T) {
	absent := filepath.Join(t.TempDir(), "absent")
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, []byte("clusters: no"), 0o600); err != nil {
		t.Fatal(err)
	}
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(silent.Close)
	kfp := realKFP(t)
	for name, test := range map[string]struct {
		prepare func(t *testing.T)
		why     string
	}{
		"no kubeconfig": {func(t *testing.T) { t.Setenv("KUBECONFIG", absent) },
			"environment.kubernetes, environment.nodes, resources.components: no cluster is configured: there is no kubeconfig"},
		"a broken one": {func(t *testing.T) { t.Setenv("KUBECONFIG", broken) }, "no cluster is configured: "},
		"a closed port": {func(t *testing.T) { useKubeconfig(t, "http://127.0.0.1:1") },
			"resources.components: the Kubernetes API did not list pods in namespace kubeflow: "},
		"one that is silent": {func(t *testing.T) { useKubeconfig(t, silent.URL) },
			", which was asked to list pods in namespace kubeflow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("HOME", t.TempDir())
			t.Setenv("KUBERNETES_SERVICE_HOST", "") // these tests may run in a pod
			test.prepare(t)
			called := time.Now()
			d := runHere(t, "--local", "--kfp-url", kfp)
			if d.Environment.Kubernetes != "" || !strings.Contains(notMeasured(d), test.why) {
				t.Errorf("environment %+v, gaps\n%s", d.Environment, notMeasured(d))
			}
			if waited := d.Started.Sub(called); waited > 4*time.Second { // a call of the cluster may take 5
				t.Errorf("the load started after %s", waited)
			}
		})
	}
}

func TestAWorkerOutsideAPodHasNoCluster(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	o := workerOptions{namespace: "team"}
	if c := o.surroundings(); c.Pods != nil || !strings.Contains(c.Absent, "the worker has no access to Kubernetes") {
		t.Errorf("%+v", c)
	}
}

func TestASandboxTouchesNoCluster(t *testing.T) {
	asked := make(chan string, 100)
	useKubeconfig(t, kubernetesAPI(t, asked))
	d := runHere(t, "--sandbox", "--speed", "60x")
	if len(asked) > 0 {
		t.Errorf("the cluster was asked for %s", <-asked)
	}
	for _, what := range []string{"serverCounts: ", "environment.kubernetes, environment.nodes, resources.components: "} {
		if !strings.Contains(notMeasured(d), what+"the server was the sandbox") {
			t.Errorf("gaps\n%s", notMeasured(d))
		}
	}
}

func TestKFPsNamespaceComesFromTheFlagElseFromTheURL(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "kubeflow"},
		{[]string{"--kfp-url=http://ml-pipeline.pipelines.svc:8888"}, "pipelines"},
		{[]string{"--kfp-url=http://ml-pipeline.pipelines.svc.cluster.local"}, "pipelines"},
		{[]string{"--kfp-url=http://ml-pipeline.pipelines.svc:8888", "--kfp-namespace=other"}, "other"},
		{[]string{"--kfp-url=http://ml-pipeline.pipelines.svc:8888", "--kfp-namespace=kubeflow"}, "kubeflow"},
		{[]string{"--kfp-url=https://kfp.svc.example.com"}, "kubeflow"},
		{[]string{"--kfp-url=https://kfp.example.com/a.b.svc"}, "kubeflow"},
		{[]string{"--kfp-url=http://10.0.0.1:8888"}, "kubeflow"},
		{[]string{"--kfp-url=http://[::1]:8888"}, "kubeflow"},
	} {
		forget(t)
		o := program{}.newRunOptions()
		command := program{}.runCommand()
		command.ResetFlags()
		o.addFlags(command.Flags())
		if err := command.ParseFlags(append(test.args, "smoke.json")); err != nil {
			t.Fatal(err)
		}
		if err := o.complete(command.Flags(), command.Flags().Args()); err != nil || o.kfp.namespace != test.want {
			t.Errorf("%q: %q, %v, want %q", test.args, o.kfp.namespace, err, test.want)
		}
	}
}

// TestFlagsAreToldWithoutSecrets sets every flag of run.
func TestFlagsAreToldWithoutSecrets(t *testing.T) {
	kubectl := pflag.NewFlagSet("", pflag.ContinueOnError)
	genericclioptions.NewConfigFlags(true).AddFlags(kubectl)
	flags := program{}.runCommand().Flags()
	values := map[string]string{"bool": "true", "duration": "7s", "int": "7", "factor": "7x", "stringSlice": "canary", "stringArray": "canary",
		"stringToString": "canary=yes", "string": "canary"}
	flags.VisitAll(func(f *pflag.Flag) {
		if err := flags.Set(f.Name, values[f.Value.Type()]); err != nil {
			t.Errorf("%s of type %s: %v", f.Name, f.Value.Type(), err)
		}
	})
	told := setFlags(flags)
	last := ""
	for _, flag := range told {
		name, value, shown := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
		if name <= last {
			t.Errorf("%s is told after %s", name, last)
		}
		last = name
		secret := kubectl.Lookup(name) != nil && name != "namespace" || name == "image-pull-secret" || name == "token-file"
		if secret == shown || shown && value != flags.Lookup(name).Value.String() {
			t.Errorf("told %s", flag)
		}
	}
	for _, want := range []string{"--drain=7s", "--local=true", "--kfp-url=canary", "--token", "--kubeconfig", "--token-file", "--token-audience=canary"} {
		if !slices.Contains(told, want) {
			t.Errorf("%s is missing in %q", want, told)
		}
	}
}

func TestFlagsThatWereNotGivenAreNotTold(t *testing.T) {
	flags := program{}.runCommand().Flags()
	if err := flags.Parse([]string{"--drain", "7s", "-n", "team", "--token=secret"}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"--drain=7s", "--namespace=team", "--token"}; !slices.Equal(setFlags(flags), want) {
		t.Errorf("told %q, want %q", setFlags(flags), want)
	}
}
