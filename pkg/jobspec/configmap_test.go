package jobspec

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	corev1 "k8s.io/api/core/v1"
)

func TestConfigMapIsTheGoldenOne(t *testing.T) {
	made := build(t, small(), minimal()).ConfigMaps
	if len(made) != 1 {
		t.Fatalf("%d ConfigMaps for a small scenario", len(made))
	}
	// The compressed bytes may change with the compiler; TestBundleHoldsScenarioAndPipelines reads them.
	made[0].BinaryData[handoff.ChunkName(0)] = []byte("bundle")
	golden(t, "configmap.yaml", made[0])
}

func TestBundleHoldsScenarioAndPipelines(t *testing.T) {
	doc := small()
	files := mounted(t, build(t, doc, minimal()))
	canonical, err := doc.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	want := []handoff.File{
		{Name: "small.json", Content: canonical},
		{Name: "pipelines/noop.yaml", Content: doc.Pipelines["noop.yaml"]},
		{Name: "pipelines/sub/other.yaml", Content: doc.Pipelines["sub/other.yaml"]},
	}
	if !reflect.DeepEqual(files, want) {
		t.Errorf("the bundle holds %s", files)
	}
}

func TestLargePipelinesTakeManyConfigMaps(t *testing.T) {
	doc := small()
	doc.Pipelines["large.tar.gz"] = noise(2 << 20)
	objects := build(t, doc, minimal())
	if len(objects.ConfigMaps) != 3 {
		t.Fatalf("2 MiB that nothing makes smaller are in %d ConfigMaps", len(objects.ConfigMaps))
	}
	for _, configMap := range objects.ConfigMaps {
		if configMap.Immutable == nil || !*configMap.Immutable {
			t.Errorf("%s can be changed", configMap.Name)
		}
		for name, chunk := range configMap.BinaryData {
			if len(chunk) > 900<<10 {
				t.Errorf("%s of %s has %d bytes", name, configMap.Name, len(chunk))
			}
		}
	}
	files := mounted(t, objects)
	if len(files) != 4 || !bytes.Equal(files[1].Content, doc.Pipelines["large.tar.gz"]) {
		t.Errorf("%d files came out of the ConfigMaps, or others than went in", len(files))
	}
}

func TestSixteenConfigMapsAreTheMost(t *testing.T) {
	bundle := make([]byte, 16*900<<10+1)
	if made, err := chunks(bundle[1:], minimal()); err != nil || len(made) != MaxChunks {
		t.Errorf("%d ConfigMaps, want %d: %v", len(made), MaxChunks, err)
	}
	_, err := chunks(bundle, minimal())
	if err == nil || !strings.Contains(err.Error(), "14400 KiB at the most") {
		t.Errorf("a scenario for more than %d ConfigMaps: %v", MaxChunks, err)
	}
}

func TestScenarioWithoutCanonicalFormIsRefused(t *testing.T) {
	doc := &scenario.Document{Name: "odd", Entries: []scenario.Entry{{Params: map[string]any{"call": func() {}}}}}
	if _, err := Build(doc, minimal()); err == nil || !strings.Contains(err.Error(), "packing the scenario") {
		t.Errorf("error %v", err)
	}
}

// mounted reads the scenario as the worker does, from a folder into which the ConfigMaps are projected
// as the pod's volume says.
func mounted(t *testing.T, objects *Objects) []handoff.File {
	t.Helper()
	byName := map[string]*corev1.ConfigMap{}
	for _, configMap := range objects.ConfigMaps {
		byName[configMap.Name] = configMap
	}
	dir := t.TempDir()
	for _, source := range volume(t, objects, "scenario").Projected.Sources {
		configMap, found := byName[source.ConfigMap.Name]
		if !found {
			t.Fatalf("the pod mounts ConfigMap %q, which is not made", source.ConfigMap.Name)
		}
		for name, content := range configMap.BinaryData {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, bundled, err := handoff.ReadBundle(dir)
	if err != nil || !bundled {
		t.Fatalf("a bundle %v, %v", bundled, err)
	}
	return files
}

func volume(t *testing.T, objects *Objects, name string) corev1.Volume {
	t.Helper()
	for _, volume := range objects.Job.Spec.Template.Spec.Volumes {
		if volume.Name == name {
			return volume
		}
	}
	t.Fatalf("the pod has no volume %q", name)
	return corev1.Volume{}
}

// noise is what no compression makes smaller.
func noise(size int) []byte {
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(content) // it never fails
	return content
}
