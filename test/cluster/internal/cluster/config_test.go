package cluster

import (
	"io/fs"
	"strings"
	"testing"
)

func TestEveryConfigurationFileIsFilledIn(t *testing.T) {
	values := Layout{Root: "/cache/kfpperf-cluster"}.values()
	values.Profile = "kubeflow-user"
	err := fs.WalkDir(configFiles, "config", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := values.render(strings.TrimPrefix(path, "config/"))
		if err != nil {
			return err
		}
		if strings.Contains(string(text), "{{.") || strings.Contains(string(text), "<no value>") {
			t.Errorf("%s still has a blank:\n%s", path, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
