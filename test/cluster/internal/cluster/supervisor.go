package cluster

import (
	"os"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

// supervisor starts the daemons and notices when one ends before the cluster is up.
type supervisor struct {
	programs
	daemons []*process.Daemon
	// paths are the programs that were started.
	paths []string
}

// start starts daemons one right after the other.
func (s *supervisor) start(daemons ...program) error {
	for _, d := range daemons {
		daemon, err := process.Start(s.layout.owner(), d.name, s.layout.state("logs", d.name+".log"), process.Command{
			Path: d.path,
			Args: d.args,
			Dir:  s.layout.state(),
			// Nothing of the caller's environment: a daemon outlives it.
			Env: append([]string{"PATH=" + searchPath, "HOME=" + s.layout.state("home"), "TMPDIR=" + os.TempDir()}, d.env...),
		})
		if err != nil {
			return err
		}
		s.daemons = append(s.daemons, daemon)
		s.paths = append(s.paths, d.path)
	}
	return nil
}

// err is the first daemon's that has ended.
func (s *supervisor) err() error {
	for _, daemon := range s.daemons {
		if err := daemon.Err(); err != nil {
			return err
		}
	}
	return nil
}
