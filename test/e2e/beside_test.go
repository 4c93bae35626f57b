//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// beside copies a pipeline of testdata into the scenario's folder.
func beside(t *testing.T, scenario, pipeline string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", pipeline))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(scenario), pipeline), content, 0o600); err != nil {
		t.Fatal(err)
	}
}
