package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"
)

// completed is what kubectl is answered that asks to complete words; the last one is being typed.
func (a *jobsAPI) completed(t *testing.T, words ...string) []string {
	t.Helper()
	t.Setenv("KUBECONFIG", "kubeconfig")
	var out, err bytes.Buffer
	p := program{streams: genericiooptions.IOStreams{Out: &out, ErrOut: &err}, version: scriptVersion, notify: interrupts}
	if code := p.run(t.Context(), Arguments(append([]string{"/usr/bin/" + completionProgram}, words...))); code != 0 {
		t.Fatalf("exit %d\n%s", code, err.String())
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestNamesOfRunsAreCompleted(t *testing.T) {
	a := atWork(t)
	for _, verb := range []string{"status", "logs", "attach", "collect", "cancel", "delete"} {
		if got := a.completed(t, verb, "-n", "home", ""); !slices.Equal(got, []string{"done-abc234", ":4"}) {
			t.Errorf("%s: %q", verb, got)
		}
	}
	if got := a.completed(t, "attach", "-A", "pair"); !slices.Equal(got, []string{"pair-abc234", "pair-abc234-1", "pair-abc234-2", ":4"}) {
		t.Errorf("%q", got)
	}
	if got := a.completed(t, "attach", "done-abc234", ""); !slices.Equal(got, []string{":4"}) {
		t.Errorf("a second name: %q", got)
	}
	a.refused = []string{"GET home/jobs"}
	if got := a.completed(t, "attach", ""); !slices.Equal(got, []string{":4"}) {
		t.Errorf("without the right: %q", got)
	}
}

func TestScenariosAndVerbsAreCompleted(t *testing.T) {
	a := atWork(t)
	if got := a.completed(t, "run", "smoke-n"); !slices.Equal(got, []string{"smoke-noop.json", ":0"}) {
		t.Errorf("%q", got)
	}
	if got := a.completed(t, "att"); len(got) != 2 || !strings.HasPrefix(got[0], "attach\t") {
		t.Errorf("%q", got)
	}
}

func TestArgumentsDependOnTheProgramsName(t *testing.T) {
	for name, want := range map[string][]string{
		"kubectl-kfpperf": {"run", "x"}, "/opt/kubectl_complete-kfpperf": {"__complete", "run", "x"}, "kubectl_complete-kfpperf.exe": {"__complete", "run", "x"},
	} {
		if got := Arguments([]string{name, "run", "x"}); !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTheCompletionIsLinkedBesideThePlugin(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	plugin := filepath.Join(dir, pluginProgram)
	if err := os.WriteFile(plugin, []byte("#!"), 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, completionProgram)
	for range 2 { // the second time it is there already
		if got, err := installCompletion(plugin, dir); err != nil || got != link {
			t.Errorf("%q, %v", got, err)
		}
	}
	if target, err := os.Readlink(link); err != nil || target != pluginProgram {
		t.Errorf("leads to %q, %v", target, err)
	}
	other := filepath.Join(elsewhere, completionProgram)
	if err := os.Symlink("/gone/"+pluginProgram, other); err != nil {
		t.Fatal(err)
	}
	if _, err := installCompletion(plugin, elsewhere); err != nil || !isPlugin(other, plugin) {
		t.Errorf("a link to where the plugin was: %v", err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := installCompletion(plugin, elsewhere); err == nil || !strings.Contains(err.Error(), "is not the plugin's") {
		t.Errorf("a file of somebody's: %v", err)
	}
	if content, err := os.ReadFile(other); err != nil || string(content) != "mine" {
		t.Errorf("it was overwritten: %q, %v", content, err)
	}
}
