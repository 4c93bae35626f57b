//go:build e2e && !multiuser

package e2e

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sdk is the newest of KFP's Python SDKs that this machine's Python takes.
const sdk = "kfp>=2,<3"

// TestPythonSDKDrivesTheSandbox needs no cluster. Only where the SDK cannot be installed it is skipped.
func TestPythonSDKDrivesTheSandbox(t *testing.T) {
	folder := installSDK(t)
	script, err := filepath.Abs("testdata/sdk.py")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "python3", "-W", "ignore", script, sandboxURL(t))
	command.Dir = t.TempDir()
	// The SDK keeps settings in the home folder.
	command.Env = append(os.Environ(), "PYTHONPATH="+folder, "PYTHONDONTWRITEBYTECODE=1", "HOME="+command.Dir)
	output, err := command.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Error(err)
	}
}

// installSDK puts the SDK into a folder of the test's own: that needs pip, and no virtual environment, which
// Debian has in a package of its own.
func installSDK(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	pip := exec.CommandContext(ctx, "python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
		"--retries", "1", "--timeout", "15", "--target", folder, sdk)
	if output, err := pip.CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(output)), "\n")
		t.Skipf("%s cannot be installed here (python3 with pip and a package index are needed): %v: %s", sdk, err, lines[len(lines)-1])
	}
	return folder
}

// sandboxURL serves an embedded KFP, whose time runs faster, until the test ends.
func sandboxURL(t *testing.T) string {
	t.Helper()
	command := exec.Command("kubectl-kfpperf", "sandbox", "--listen", "127.0.0.1:0", "--speed", "60x")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt) // Wait tells whether it came
		if err := command.Wait(); err != nil {
			t.Errorf("the sandbox ended with %v", err)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}
