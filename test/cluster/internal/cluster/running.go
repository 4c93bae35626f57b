package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// running describes a cluster that came up whole and was not taken down.
type running struct {
	// Builds are the folders of what it runs, by family.
	Builds map[string]string `json:"builds"`
	// Daemons are the programs that run on the machine.
	Daemons []string `json:"daemons"`
}

func (l Layout) running() (running, error) {
	data, err := os.ReadFile(l.record())
	if err != nil {
		return running{}, err
	}
	var r running
	return r, json.Unmarshal(data, &r)
}

func (s *supervisor) record() error {
	data, err := json.MarshalIndent(running{Builds: s.builds, Daemons: s.paths}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(s.layout.record(), data, 0o600)
}

// healthy reports whether a cluster of the same builds is up and passes all checks. That the daemons
// live is one of them: what they did stays to be seen for a while after they died.
func (l Layout) healthy(ctx context.Context, builds map[string]string, say progress.Printer) bool {
	cluster, err := l.running()
	if err != nil || !maps.Equal(cluster.Builds, builds) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	alive := check{"daemons", func(context.Context) error { return l.alive(cluster.Daemons) }}
	kubectl := l.kubectl(builds)
	for _, check := range slices.Concat([]check{alive}, kubectl.checks(), kubectl.unhurt()) {
		if err := check.pass(ctx); err != nil {
			say.Printf("the running cluster is not healthy: %s: %v", check.what, err)
			return false
		}
	}
	return true
}

func (l Layout) alive(daemons []string) error {
	programs, err := l.owner().Programs()
	if err != nil {
		return err
	}
	for _, daemon := range daemons {
		if !slices.Contains(programs, daemon) {
			return fmt.Errorf("%s does not run", daemon)
		}
	}
	return nil
}
