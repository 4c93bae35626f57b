package cluster

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

const holderDir = "KFPPERF_TEST_HOLDER_DIR"

// TestHoldLock is the other program of TestSeizeLock: it takes the lock and keeps it.
func TestHoldLock(t *testing.T) {
	dir := os.Getenv(holderDir)
	if dir == "" {
		t.Skip("only a part of TestSeizeLock")
	}
	lock, err := Layout{Root: dir}.waitForLock(progress.New(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.release()
	fmt.Println("locked")
	time.Sleep(time.Minute)
}

func TestSeizeLock(t *testing.T) {
	dir := t.TempDir()
	holder := exec.Command(os.Args[0], "-test.run=^TestHoldLock$")
	holder.Env = append(os.Environ(), holderDir+"="+dir)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the other program says %q, %v", line, err)
	}
	lock, err := Layout{Root: dir}.seizeLock(progress.New(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	lock.release()
	if err := holder.Wait(); err == nil {
		t.Error("the other program ended by itself")
	}
}
