package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/rogpeppe/go-internal/testscript"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

// scriptVersion is the version that the plugin of the scripts believes to be.
const scriptVersion = "v1.2.3-test"

func TestMain(m *testing.M) {
	plugin := func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop) // as main does
		streams := genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}
		os.Exit(Run(ctx, Arguments(os.Args), streams, scriptVersion))
	}
	testscript.Main(m, map[string]func(){pluginProgram: plugin, completionProgram: plugin})
}

// TestScripts runs testdata/script. Beside testscript's own commands there are
//
//	exits CODE COMMAND...           the command ends with this code
//	json-field FILE PATH REGEXP     the JSON file has a matching field there, such as tool.version
//	json-lines FILE                 every line is JSON
//	one-result DIR PATH REGEXP      json-field on the one result file in a folder
//	same-result FILE DIR            the file is equal to the one result file in a folder
//	take NAME REGEXP                the variable is what the group matches in the standard output
//	unframe REGEXP                  the frames of the standard output hold a matching content
//
// and the variables KFP_URL, KFP_HOST and KFP_PORT of a sandbox, CLOSED_URL, where nobody listens, and
// JOBS_KUBECONFIG, which leads to a Kubernetes API with the run done-abc234 in namespace home, which has ended, and
// busy-abc234 in namespace busy, which ends when it is asked to stop.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: func(env *testscript.Env) error { return setUp(t, env) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "json-field": jsonField, "json-lines": jsonLines,
			"one-result": oneResult, "same-result": sameResult, "take": take, "unframe": unframe,
		},
	})
}

// setUp starts a sandbox that lives as long as the script.
func setUp(t *testing.T, env *testscript.Env) error {
	url := startSandbox(t)
	host, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	if err != nil {
		return err
	}
	env.Setenv("KFP_URL", url)
	env.Setenv("KFP_HOST", host)
	env.Setenv("KFP_PORT", port)
	env.Setenv("CLOSED_URL", "http://127.0.0.1:1") // a free port would not stay closed beside other tests
	api := newJobsAPI(t)
	api.running = []string{"busy"}
	api.add("home", "done-abc234", "")
	api.add("busy", "busy-abc234", "")
	kubeconfig := filepath.Join(env.WorkDir, "jobs.kubeconfig")
	env.Setenv("JOBS_KUBECONFIG", kubeconfig)
	return os.WriteFile(kubeconfig, []byte(api.kubeconfig()), 0o600)
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	ts.Logf("[stdout]\n%s[stderr]\n%s", ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit %d, want %s", code, args[0])
	}
}

func jsonField(ts *testscript.TestScript, _ bool, args []string) {
	checkField(ts, ts.ReadFile(args[0]), args[1], args[2])
}

func checkField(ts *testscript.TestScript, text, path, pattern string) {
	var value any
	ts.Check(json.Unmarshal([]byte(text), &value))
	for key := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			ts.Fatalf("%s: there is no %s", path, key)
		}
		value = object[key]
	}
	if got := fmt.Sprint(value); !regexp.MustCompile(pattern).MatchString(got) {
		ts.Fatalf("%s is %q, want %s", path, got, pattern)
	}
}

func jsonLines(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if !json.Valid([]byte(line)) {
			ts.Fatalf("not JSON: %s", line)
		}
	}
}

func resultIn(ts *testscript.TestScript, dir string) string {
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(dir), "kfpperf-*.json"))
	ts.Check(err)
	if len(files) != 1 {
		ts.Fatalf("result files: %v", files)
	}
	return ts.ReadFile(files[0])
}

func oneResult(ts *testscript.TestScript, _ bool, args []string) {
	checkField(ts, resultIn(ts, args[0]), args[1], args[2])
}

func sameResult(ts *testscript.TestScript, _ bool, args []string) {
	if ts.ReadFile(args[0]) != resultIn(ts, args[1]) {
		ts.Fatalf("%s is not the result", args[0])
	}
}

func unframe(ts *testscript.TestScript, _ bool, args []string) {
	content, err := handoff.ReadFrames(strings.NewReader(ts.ReadFile("stdout")))
	ts.Check(err)
	if !regexp.MustCompile(args[0]).Match(content) {
		ts.Fatalf("the frames hold %s", content)
	}
}

func take(ts *testscript.TestScript, _ bool, args []string) {
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("stdout has nothing like %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}
