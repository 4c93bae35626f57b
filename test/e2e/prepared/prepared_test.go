package prepared

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

func TestASeedGivesTheSameResultEverywhere(t *testing.T) {
	const sum = "11191a6d1d18ab84c9cb023f2c26f3abbcc1b01ba0c3925e3148a13e01e3af12"
	content, err := Result("a seed", 1000)
	if err != nil {
		t.Fatal(err)
	}
	if got := handoff.Sum(content); got != sum || !json.Valid(content) {
		t.Errorf("sha256 %s, want %s; %.80s", got, sum, content)
	}
	other, err := Result("another", 1000)
	if err != nil || bytes.Equal(content, other) {
		t.Errorf("another seed gives the same (%v)", err)
	}
}

func TestNothingMakesAResultSmaller(t *testing.T) {
	const size = 1 << 20
	content, err := Result("a seed", size)
	if err != nil {
		t.Fatal(err)
	}
	parcel, err := handoff.NewParcel(content)
	if err != nil || parcel.Frames()<<13 < size {
		t.Errorf("%d bytes fit into %d frames of 8 KiB (%v)", size, parcel.Frames(), err)
	}
}
