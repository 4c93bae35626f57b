package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// lock keeps two programs from changing the cluster at once. The kernel frees it when its holder
// ends, however it ends, and until then knows the holder's process id.
type lock struct{ file *os.File }

func (l Layout) openLock() (lock, error) {
	if err := os.MkdirAll(l.Root, 0o755); err != nil {
		return lock{}, err
	}
	file, err := os.OpenFile(filepath.Join(l.Root, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	return lock{file: file}, err
}

func (k lock) release() { _ = k.file.Close() } // nothing was written

// call asks the kernel for the lock, or about it; the answer names the holder, if there is one.
func (k lock) call(command int) (holder int, err error) {
	request := syscall.Flock_t{Type: syscall.F_WRLCK}
	err = syscall.FcntlFlock(k.file.Fd(), command, &request)
	if request.Type == syscall.F_UNLCK {
		return 0, err
	}
	return int(request.Pid), err
}

func busy(err error) bool { return errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES) }

// waitForLock takes the lock when its holder is done.
func (l Layout) waitForLock(say progress.Printer) (lock, error) {
	k, err := l.openLock()
	if err != nil {
		return lock{}, err
	}
	if _, err = k.call(syscall.F_SETLK); busy(err) {
		say.Printf("waiting for another up or down to end")
		_, err = k.call(syscall.F_SETLKW)
	}
	return k, err
}

// seizeLock takes the lock from its holder, which is asked to end and, when it does not, killed.
func (l Layout) seizeLock(say progress.Printer) (lock, error) {
	k, err := l.openLock()
	if err != nil {
		return lock{}, err
	}
	const patience = 5 * time.Second
	for start := time.Now(); time.Since(start) < 2*patience; time.Sleep(100 * time.Millisecond) {
		if _, err := k.call(syscall.F_SETLK); !busy(err) {
			return k, err
		}
		signal := syscall.SIGTERM
		if time.Since(start) > patience {
			signal = syscall.SIGKILL
		}
		if err := k.signalHolder(signal, say); err != nil {
			return lock{}, err
		}
	}
	return lock{}, fmt.Errorf("another program does not let go of %s", k.file.Name())
}

// signalHolder asks twice who holds the lock: only an id that still holds it once we have a handle
// of the process is certain to be that process's.
func (k lock) signalHolder(signal syscall.Signal, say progress.Printer) error {
	holder, err := k.call(syscall.F_GETLK)
	if err != nil || holder == 0 {
		return err
	}
	process, err := os.FindProcess(holder)
	if err != nil {
		return err
	}
	defer func() { _ = process.Release() }() // only a handle
	if still, err := k.call(syscall.F_GETLK); err != nil || still != holder {
		return err
	}
	say.Printf("stopping process %d, which is changing the cluster: %v", holder, signal)
	if err := process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}
