package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

func TestRunOptionsAreValidated(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*runOptions)
		want   string
	}{
		{"the defaults", func(*runOptions) {}, ""},
		{"https", func(o *runOptions) { o.kfp.url = "https://kfp.example.com/pipeline" }, ""},
		{"no file", func(o *runOptions) { o.file = "" }, "FILE"},
		{"no time to start", func(o *runOptions) { o.startTimeout = 0 }, "--start-timeout"},
		{"negative drain", func(o *runOptions) { o.kfp.drain = -time.Second }, "--drain"},
		{"host only", func(o *runOptions) { o.kfp.url = "ml-pipeline:8888" }, "--kfp-url"},
		{"another scheme", func(o *runOptions) { o.kfp.url = "ftp://ml-pipeline" }, "--kfp-url"},
		{"a broken URL", func(o *runOptions) { o.kfp.url = "http://%zz" }, "--kfp-url"},
		{"a password", func(o *runOptions) { o.kfp.url = "http://me:secret@kfp" }, "credentials"},
		{"no namespace of KFP's", func(o *runOptions) { o.kfp.namespace = "" }, "--kfp-namespace"},
		{"what is no namespace", func(o *runOptions) { o.kfp.namespace = "a/../b" }, "--kfp-namespace"},
		{"another form", func(o *runOptions) { o.output = "xml" }, "--output"},
		{"another log format", func(o *runOptions) { o.logs.format = "yaml" }, "--log-format"},
		{"another level", func(o *runOptions) { o.logs.level = "loud" }, "--log-level"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := program{version: "v1.2.3"}.newRunOptions()
			o.file = "smoke.json"
			test.change(o)
			err := o.validate()
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the password is repeated: %v", err)
			}
		})
	}
}

func TestFlagComesBeforeEnvironmentBeforeDefault(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		env  map[string]string
		// want is file, URL, namespace, insecure, disableCache, pipelinesDir
		want []any
	}{
		{"defaults", nil, nil, []any{"smoke.json", "http://localhost:8888", "kubeflow", false, false, ""}},
		{"environment", nil, map[string]string{
			handoff.EnvAPIHost: "kfp", handoff.EnvAPIPort: "80", handoff.EnvNamespace: "team", handoff.EnvScenarioFile: "x.json",
			handoff.EnvCacheEnabled: "False", handoff.EnvVerifyTLS: "0", handoff.EnvPipelinesDir: "dir",
		}, []any{"x.json", "http://kfp:80", "team", true, true, "dir"}},
		{"flags", []string{"y.json", "--kfp-url=https://other", "-n=mine", "--kfp-insecure-skip-tls-verify=false",
			"--disable-cache=false", "--pipelines-dir=there"}, map[string]string{
			handoff.EnvAPIHost: "kfp", handoff.EnvAPIPort: "80", handoff.EnvNamespace: "team", handoff.EnvScenarioFile: "x.json",
			handoff.EnvCacheEnabled: "false", handoff.EnvVerifyTLS: "false", handoff.EnvPipelinesDir: "dir",
		}, []any{"y.json", "https://other", "mine", false, false, "there"}},
		{"IPv6", nil, map[string]string{handoff.EnvAPIHost: "::1"},
			[]any{"smoke.json", "http://[::1]:8888", "kubeflow", false, false, ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			forget(t)
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			o := program{}.newRunOptions()
			command := program{}.runCommand()
			command.ResetFlags()
			o.addFlags(command.Flags())
			if err := command.ParseFlags(append(test.args, "--local")); err != nil {
				t.Fatal(err)
			}
			if err := o.complete(command.Flags(), command.Flags().Args()); err != nil {
				t.Fatal(err)
			}
			got := []any{o.file, o.kfp.url, *o.kubernetes.Namespace, o.kfp.insecure, o.kfp.disableCache, o.kfp.pipelinesDir}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("%d: %v, want %v", i, got[i], test.want[i])
				}
			}
		})
	}
}

func TestAnEnvironmentThatMeansNothingIsAnError(t *testing.T) {
	for name, value := range map[string]string{
		handoff.EnvCacheEnabled: "maybe", handoff.EnvVerifyTLS: "2", handoff.EnvAPIHost: "http://kfp", handoff.EnvAPIPort: "http",
	} {
		forget(t)
		t.Setenv(name, value)
		o := program{}.newRunOptions()
		o.local = true
		command := program{}.runCommand()
		if err := o.complete(command.Flags(), nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: error %v", name, value, err)
		}
	}
}

// forget clears what the framework's variables are here.
func forget(t *testing.T) {
	t.Helper()
	for _, name := range []string{handoff.EnvAPIHost, handoff.EnvAPIPort, handoff.EnvNamespace, handoff.EnvScenarioFile,
		handoff.EnvCacheEnabled, handoff.EnvVerifyTLS, handoff.EnvPipelinesDir} {
		t.Setenv(name, "")
	}
}

func TestAnImageTagHasNoPlusSign(t *testing.T) {
	if got := defaultImage("v0.1.0-dev+dirty"); got != "ghcr.io/kfpperf/kubectl-kfpperf:v0.1.0-dev-dirty" {
		t.Error(got)
	}
}
