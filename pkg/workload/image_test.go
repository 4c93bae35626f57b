package workload

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/scenarios"
)

func TestPlaceImage(t *testing.T) {
	const image = "registry.example.com:5000/team/kfpperf@sha256:0123"
	for _, text := range []string{
		"image: " + imagePlaceholder + "\nother: '" + imagePlaceholder + "' # kept\n",
		`{"image":"` + imagePlaceholder + `"}`,
		"image: docker.io/library/python:3.12\n",
		"",
	} {
		want := strings.ReplaceAll(text, imagePlaceholder, image)
		if got := string(placeImage([]byte(text), image)); got != want {
			t.Errorf("%q became %q", text, got)
		}
		if got := string(placeImage([]byte(text), "")); got != text {
			t.Errorf("without an image, %q became %q", text, got)
		}
	}
}

// TestShippedPipelinesNeedNoOtherImage keeps them usable where nothing foreign can be pulled.
func TestShippedPipelinesNeedNoOtherImage(t *testing.T) {
	images := regexp.MustCompile(`(?m)^\s*image:\s*(\S+)`)
	err := fs.WalkDir(scenarios.FS, "pipelines", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := scenarios.FS.ReadFile(file)
		for _, found := range images.FindAllStringSubmatch(string(content), -1) {
			if found[1] != imagePlaceholder {
				t.Errorf("%s names image %s", file, found[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
