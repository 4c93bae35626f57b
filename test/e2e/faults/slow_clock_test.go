//go:build e2e && slow && !multiuser

package faults

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// TestSlowClockOfThePluginWrong runs the plugin on a machine whose clock is wrong. All programs of one machine share
// its clock, and a static one cannot be lied to by a library, so the same plugin is built with a standard library
// whose time.Now is off: everything in it that asks for the time, TLS and client-go included, gets a wrong answer.
func TestSlowClockOfThePluginWrong(t *testing.T) {
	for what, seconds := range map[string]string{"fast": "600", "slow": "-600"} {
		t.Run(what, func(t *testing.T) {
			f := meet(t, "clock of the plugin 10 minutes "+what)
			t.Setenv("PATH", pluginWithClockOff(t, seconds)+":"+os.Getenv("PATH"))
			namespace := drive.NewNamespace(t)
			done := drive.Run(t, namespace, reading(t, 10*time.Second, "5/s"))
			document := f.ends(done, namespace, asIfNothingHappened())
			if off := time.Since(document.Finished).Abs(); off > 2*time.Minute {
				t.Errorf("the result's times are %s off", off)
			}
		})
	}
}

// pluginWithClockOff builds the plugin and returns the folder that holds it.
func pluginWithClockOff(t *testing.T, seconds string) string {
	t.Helper()
	folder := t.TempDir()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	original := filepath.Join(strings.TrimSpace(string(root)), "src", "time", "time.go")
	source, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	const now = "\tsec, nsec, mono := runtimeNow()\n"
	if strings.Count(string(source), now) != 1 {
		t.Skipf("%s does not ask for the time in the way that is known", original)
	}
	changed := filepath.Join(folder, "time.go.txt")
	wrong := strings.Replace(string(source), now, now+"\tsec += "+seconds+"\n", 1)
	if err := os.WriteFile(changed, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{original: changed}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-overlay", file, "-o", filepath.Join(folder, "kubectl-kfpperf"), "./cmd/kubectl-kfpperf")
	build.Dir, build.Env = "../../..", append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the plugin: %v: %s", err, output)
	}
	return folder
}
