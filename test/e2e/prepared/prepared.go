// Package prepared makes results whose bytes are known beforehand, on both sides of a handover: in the
// container that prepared-runner plays, and in the test that compares. It measures nothing.
package prepared

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Verdict is what a prepared result is handed over with.
const Verdict = result.Passed

// name is how many random bytes the name of a run holds.
const name = 3 << 10

// Result is a result document of a run that holds size random bytes, so that nothing makes it smaller than they
// are: names of runs, which no report prints. The same seed gives the same document everywhere.
func Result(runID, seed string, size int) ([]byte, error) {
	var key [32]byte
	copy(key[:], seed)
	noise := make([]byte, size)
	if _, err := rand.NewChaCha8(key).Read(noise); err != nil {
		return nil, fmt.Errorf("making %d random bytes: %w", size, err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	entry := result.Entry{Mode: scenario.PipelineRun}
	for piece := range slices.Chunk(noise, name) {
		entry.Runs = append(entry.Runs, result.Run{
			Slot: len(entry.Runs), Name: base64.StdEncoding.EncodeToString(piece), Planned: at, Sent: at, Created: at,
		})
	}
	entry.Counts = result.Counts{Planned: len(entry.Runs), Succeeded: len(entry.Runs)}
	return result.Encode(&result.Document{
		APIVersion: result.APIVersion, Kind: result.Kind, RunID: runID, Started: at, Finished: at.Add(time.Minute),
		Entries: []result.Entry{entry}, Verdict: result.Verdict{Status: Verdict},
	})
}
