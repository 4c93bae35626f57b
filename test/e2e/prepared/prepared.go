// Package prepared makes results whose bytes are known beforehand, on both sides of a handover: in the
// container that prepared-runner plays, and in the test that compares. It measures nothing.
package prepared

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
)

// Verdict is what a prepared result is handed over with.
const Verdict = "passed"

// Result is a JSON document that holds size random bytes, so that nothing makes it smaller than they
// are. The same seed gives the same document everywhere.
func Result(seed string, size int) ([]byte, error) {
	var key [32]byte
	copy(key[:], seed)
	noise := make([]byte, size)
	if _, err := rand.NewChaCha8(key).Read(noise); err != nil {
		return nil, fmt.Errorf("making %d random bytes: %w", size, err)
	}
	return json.Marshal(map[string]string{"noise": base64.StdEncoding.EncodeToString(noise)})
}
