package prepared

import (
	"bytes"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

func TestASeedGivesTheSameResultEverywhere(t *testing.T) {
	const sum = "25716160f3abed3547225104703fa2f78bc6e28ca308ae21365e41702b02cee5"
	content, err := Result("r", "a seed", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if got := handoff.Sum(content); got != sum {
		t.Errorf("sha256 %s, want %s; %.80s", got, sum, content)
	}
	if d, err := result.Decode(content); err != nil || d.RunID != "r" || d.Verdict.Status != Verdict {
		t.Errorf("it is no result: %v", err)
	}
	other, err := Result("r", "another", 10_000)
	if err != nil || bytes.Equal(content, other) {
		t.Errorf("another seed gives the same (%v)", err)
	}
}

func TestNothingMakesAResultSmaller(t *testing.T) {
	const size = 1 << 20
	content, err := Result("r", "a seed", size)
	if err != nil {
		t.Fatal(err)
	}
	parcel, err := handoff.NewParcel(content)
	if err != nil || parcel.Frames()<<13 < size {
		t.Errorf("%d bytes fit into %d frames of 8 KiB (%v)", size, parcel.Frames(), err)
	}
}
