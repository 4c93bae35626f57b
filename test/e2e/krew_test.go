//go:build e2e && !multiuser

package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// bin is where make puts what it builds.
const bin = "../../bin"

func TestKrewInstallsThePlugin(t *testing.T) {
	home := t.TempDir()
	archive := filepath.Join("../../dist", "kubectl-kfpperf_"+runtime.GOOS+"_"+runtime.GOARCH+".tar.gz")
	manifest := renderManifest(t, archive)
	environment := append(os.Environ(), "KREW_ROOT="+home, "KREW_NO_UPGRADE_CHECK=1", "KREW_DEFAULT_INDEX_URI="+index(t, manifest),
		"PATH="+filepath.Join(home, "bin")+":"+pathWithoutPlugin(t))
	do := func(wantCode int, name string, args ...string) string {
		t.Helper()
		command := exec.Command(name, args...)
		command.Env = environment
		output, _ := command.CombinedOutput() // the exit code is what is judged
		if code := command.ProcessState.ExitCode(); code != wantCode {
			t.Fatalf("%s %v: exit %d, want %d: %s", name, args, code, wantCode, output)
		}
		return string(output)
	}
	krew := filepath.Join(bin, "krew")
	do(0, krew, "update")
	if found := do(0, krew, "search", "kfpperf"); !strings.Contains(found, "no") {
		t.Errorf("before it is installed, search says %q", found)
	}
	do(0, krew, "install", "--manifest", manifest, "--archive", archive)
	if version := do(0, "kubectl", "kfpperf", "version"); !strings.Contains(version, "protocol") {
		t.Errorf("version says %q", version)
	}
	bad := drive.ScenarioFile(t, "bad.json", `[{"mode": "PIPELINE_RUN", "runTime": -1}]`)
	do(drive.ExitUsage, "kubectl", "kfpperf", "validate", bad)
	do(0, krew, "uninstall", "kfpperf")
	do(1, "kubectl", "kfpperf", "version")
}

// index makes a plugin index that has the manifest: Krew uninstalls nothing without one.
func index(t *testing.T, manifest string) string {
	t.Helper()
	dir := t.TempDir()
	content, err := os.ReadFile(manifest)
	if err == nil {
		err = errors.Join(os.Mkdir(filepath.Join(dir, "plugins"), 0o750),
			os.WriteFile(filepath.Join(dir, "plugins", "kfpperf.yaml"), content, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"init", "--quiet"}, {"add", "."},
		{"-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "commit", "--quiet", "-m", "kfpperf"},
	} {
		command := exec.Command("git", args...)
		command.Dir = dir
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, output)
		}
	}
	return dir
}

// renderManifest fills the template that the release bot fills, .krew.yaml, for one local archive.
func renderManifest(t *testing.T, archive string) string {
	t.Helper()
	template, err := os.ReadFile("../../.krew.yaml")
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	manifest := strings.ReplaceAll(string(template), "{{ .TagName }}", "v0.1.0")
	download := regexp.MustCompile(`\{\{addURIAndSha "([^"]+)" \.TagName \}\}`)
	manifest = download.ReplaceAllString(manifest, "uri: $1\n    sha256: "+hex.EncodeToString(sum[:]))
	if strings.Contains(manifest, "{{") {
		t.Fatalf("a template action is left:\n%s", manifest)
	}
	file := filepath.Join(t.TempDir(), "kfpperf.yaml")
	if err := os.WriteFile(file, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// pathWithoutPlugin is PATH without the folder that make puts the plugin in, so that kubectl finds
// only what Krew installed.
func pathWithoutPlugin(t *testing.T) string {
	t.Helper()
	built, err := filepath.Abs(bin)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.Clean(dir) != built {
			kept = append(kept, dir)
		}
	}
	return strings.Join(kept, string(filepath.ListSeparator))
}
