package jobspec

import (
	"fmt"
	"io"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Labels of every object of a run.
const (
	// RunLabel carries the run id.
	RunLabel = "kfpperf.io/run"
	// GroupLabel carries what the ids of runs have in common that were started together, one a namespace.
	GroupLabel = "kfpperf.io/group"
	// ManagedByLabel and ManagedBy mark all that the product made.
	ManagedByLabel = "app.kubernetes.io/managed-by"
	ManagedBy      = "kubectl-kfpperf"
	// nameLabel and appName mark them, too, by Kubernetes' own recommendation.
	nameLabel = "app.kubernetes.io/name"
	appName   = "kfpperf"
)

// Annotations of a run's Job.
const (
	// ScenarioAnnotation carries the scenario's name, as its author wrote it.
	ScenarioAnnotation = "kfpperf.io/scenario"
	// CollectedAnnotation carries the SHA-256 of the result, once somebody has collected and verified it.
	CollectedAnnotation = "kfpperf.io/collected"
)

// ownLabels are those by which the product finds what is its own.
func ownLabels() []string { return []string{RunLabel, GroupLabel, ManagedByLabel, nameLabel} }

// OwnLabel reports whether a label is one of those by which the product finds what is its own.
func OwnLabel(key string) bool { return slices.Contains(ownLabels(), key) }

// maxScenarioName is what a run id keeps of the scenario's name: with prefix, suffix and the number of one of 200
// runs that are started together, the Job's name leaves room, within the 63 characters of a label, for its pod's.
const maxScenarioName = 38

// suffixAlphabet has 32 characters, so that a byte gives one without bias; none are easily confused.
const suffixAlphabet = "23456789abcdefghijkmnpqrstuvwxyz"

// NewRunID makes an id for a run: the scenario's name, sanitised and cut, and six random characters.
// It fails only when random does.
func NewRunID(scenarioName string, random io.Reader) (string, error) {
	suffix := make([]byte, 6)
	if _, err := io.ReadFull(random, suffix); err != nil {
		return "", fmt.Errorf("making a run id: %w", err)
	}
	for i, b := range suffix {
		suffix[i] = suffixAlphabet[int(b)%len(suffixAlphabet)]
	}
	name := sanitise(scenarioName)
	if name == "" {
		return "run-" + string(suffix), nil
	}
	return name + "-" + string(suffix), nil
}

// RunIDs returns the ids of so many runs that are started together: the id itself of one, else the id followed by
// a number from 1.
func RunIDs(id string, n int) []string {
	if n == 1 {
		return []string{id}
	}
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s-%d", id, i+1)
	}
	return ids
}

// sanitise keeps what an RFC 1123 label may hold and turns every other stretch into one hyphen.
func sanitise(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	joined := strings.Join(words, "-")
	if len(joined) > maxScenarioName {
		joined = joined[:maxScenarioName]
	}
	return strings.Trim(joined, "-")
}

// JobName is the name of a run's Job; its ConfigMaps' names start with it.
func JobName(runID string) string { return "kfpperf-" + runID }

// ClaimName is the name of the ConfigMap by which a pod claims a run before it puts any load on.
func ClaimName(runID string) string { return JobName(runID) + "-claim" }

// KeptName is the name of the ConfigMap in which a run keeps a copy of its result.
func KeptName(runID string) string { return JobName(runID) + "-result" }

// RunLabels are those of every object of a run.
func RunLabels(runID string) map[string]string {
	return map[string]string{nameLabel: appName, ManagedByLabel: ManagedBy, RunLabel: runID}
}

// meta is what all objects of a run have in common.
func meta(o Options, name string) metav1.ObjectMeta {
	labels := RunLabels(o.RunID)
	if o.Group != "" {
		labels[GroupLabel] = o.Group
	}
	return metav1.ObjectMeta{Name: name, Namespace: o.Namespace, Labels: labels}
}
