package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// claimFile names the cluster to which the machine's address, rules and pods belong: there is one of
// each, whatever the number of layouts.
func claimFile() string { return filepath.Join(runDir, "claimed-by") }

// claim takes the machine for this layout.
func (l Layout) claim() error {
	if err := os.MkdirAll(runDir, 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(claimFile(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(l.Root)
	return errors.Join(err, file.Close())
}

// othersClaim is an error that names the other layout whose cluster has the machine, if one has.
func (l Layout) othersClaim() error {
	root, _ := os.ReadFile(claimFile()) // what cannot be read claims nothing
	if len(root) == 0 || string(root) == l.Root {
		return nil
	}
	return fmt.Errorf("the machine runs the cluster of %s: take it down first, with KFPPERF_CLUSTER_DIR=%s", root, root)
}
