package jobspec

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A ConfigMap holds 1 MiB of data, its metadata included; etcd and its watchers pay for every one.
const (
	chunkBytes = 900 << 10
	// MaxChunks is how many ConfigMaps a scenario may need.
	MaxChunks = 16
	// maxAuthorities is how much room there is beside a chunk.
	maxAuthorities = 100 << 10
)

// configMaps packs the scenario and its pipelines into immutable ConfigMaps, one a chunk.
func configMaps(doc *scenario.Document, o Options) ([]*corev1.ConfigMap, error) {
	bundle, err := pack(doc)
	if err != nil {
		return nil, err
	}
	return chunks(bundle, o)
}

// chunks cuts a bundle into ConfigMaps, the first of which also holds what KFP's certificate may be signed by.
func chunks(bundle []byte, o Options) ([]*corev1.ConfigMap, error) {
	if len(o.KFP.Authorities) > maxAuthorities {
		return nil, fmt.Errorf("the authorities of KFP's certificate have %d KiB; %d KiB at the most fit", len(o.KFP.Authorities)>>10, maxAuthorities>>10)
	}
	if len(bundle) > MaxChunks*chunkBytes {
		return nil, fmt.Errorf("the scenario and its pipelines have %d KiB compressed; %d KiB at the most fit into ConfigMaps",
			len(bundle)>>10, MaxChunks*chunkBytes>>10)
	}
	var made []*corev1.ConfigMap
	for chunk := range slices.Chunk(bundle, chunkBytes) {
		immutable := true
		made = append(made, &corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: meta(o, fmt.Sprintf("%s-%d", JobName(o.RunID), len(made))),
			Immutable:  &immutable,
			BinaryData: map[string][]byte{handoff.ChunkName(len(made)): chunk},
		})
	}
	if len(o.KFP.Authorities) > 0 {
		made[0].BinaryData[handoff.AuthoritiesFile] = o.KFP.Authorities
	}
	return made, nil
}

// pack writes the scenario as the worker will load it: the document, and its pipelines beside it.
func pack(doc *scenario.Document) ([]byte, error) {
	canonical, err := doc.Canonical()
	if err != nil {
		return nil, fmt.Errorf("packing the scenario: %w", err)
	}
	files := []handoff.File{{Name: doc.FileName(), Content: canonical}}
	for _, name := range slices.Sorted(maps.Keys(doc.Pipelines)) {
		files = append(files, handoff.File{Name: path.Join("pipelines", name), Content: doc.Pipelines[name]})
	}
	return handoff.Pack(files)
}

// mountScenario projects the ConfigMaps' chunks into one folder.
func mountScenario(pod *corev1.PodSpec, chunks []*corev1.ConfigMap) {
	var sources []corev1.VolumeProjection
	for _, chunk := range chunks {
		sources = append(sources, corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: chunk.Name},
		}})
	}
	for i := range pod.Volumes {
		if pod.Volumes[i].Name == "scenario" {
			pod.Volumes[i].Projected.Sources = sources
		}
	}
}
