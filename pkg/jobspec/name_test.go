package jobspec

import (
	"bytes"
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation"
)

// maxJobName leaves room for what a Job's controller appends to name a pod: a hyphen and 5 characters.
const maxJobName = 63 - 6

func TestRunIDComesFromTheScenariosName(t *testing.T) {
	for name, want := range map[string]string{
		"smoke":                           "smoke-234z2z",
		"My Scenario.v1":                  "my-scenario-v1-234z2z",
		"a__b--c":                         "a-b-c-234z2z",
		"-.edge.-":                        "edge-234z2z",
		"Höhe":                            "h-he-234z2z",
		"42":                              "42-234z2z",
		"":                                "run-234z2z",
		"...":                             "run-234z2z",
		"日本語":                             "run-234z2z",
		strings.Repeat("x", 60):           strings.Repeat("x", 38) + "-234z2z",
		strings.Repeat("x", 37) + "-last": strings.Repeat("x", 37) + "-234z2z", // cut behind the hyphen
	} {
		id, err := NewRunID(name, bytes.NewReader([]byte{0, 1, 2, 31, 32, 255}))
		if err != nil || id != want {
			t.Errorf("NewRunID(%q) = %q, %v; want %q", name, id, err, want)
		}
	}
}

func TestEveryNameOfARunIsAccepted(t *testing.T) {
	for _, name := range []string{"", "smoke", strings.Repeat("long ", 30), "ÄÖÜ.json", "9-9"} {
		id, err := NewRunID(name, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		o := minimal()
		o.Group, o.RunID = id, RunIDs(id, 200)[199]
		objects := build(t, small(), o)
		faults := validation.IsDNS1123Label(objects.Job.Name)
		faults = append(faults, validation.IsDNS1123Subdomain(objects.ConfigMaps[0].Name)...)
		for _, value := range objects.Job.Spec.Template.Labels {
			faults = append(faults, validation.IsValidLabelValue(value)...)
		}
		if len(faults) > 0 {
			t.Errorf("%q: run %s: %v", name, id, faults)
		}
		if len(objects.Job.Name) > maxJobName {
			t.Errorf("%q: the job's name %s has %d characters, %d at the most", name, objects.Job.Name, len(objects.Job.Name), maxJobName)
		}
	}
}

func TestRunsThatAreStartedTogetherAreNumbered(t *testing.T) {
	if one := RunIDs("a-1", 1); !slices.Equal(one, []string{"a-1"}) {
		t.Errorf("%q", one)
	}
	if three := RunIDs("a", 3); !slices.Equal(three, []string{"a-1", "a-2", "a-3"}) {
		t.Errorf("%q", three)
	}
}

func TestRunIDsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id, err := NewRunID("smoke", rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if seen[id] {
			t.Fatalf("%s comes twice in 1000", id)
		}
		seen[id] = true
	}
}

func TestRunIDNeedsRandomness(t *testing.T) {
	if id, err := NewRunID("smoke", bytes.NewReader([]byte{1, 2, 3})); err == nil {
		t.Errorf("three random bytes are enough for %s", id)
	}
}
