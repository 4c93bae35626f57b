package cluster

import (
	"os"
	"path/filepath"
	"syscall"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// lock keeps two programs from changing the cluster at once. The kernel frees it when its holder
// ends, however it ends.
func (l Layout) lock(say progress.Printer) (unlock func(), err error) {
	if err := os.MkdirAll(l.Root, 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(l.Root, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	fd := int(file.Fd())
	if err := syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		say.Printf("waiting for another up or down to end")
		if err := syscall.Flock(fd, syscall.LOCK_EX); err != nil {
			file.Close()
			return nil, err
		}
	}
	return func() { file.Close() }, nil
}
