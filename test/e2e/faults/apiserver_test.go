//go:build e2e && !multiuser

package faults

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestAPIServerKilledWhileTheRunIsFollowed(t *testing.T) {
	f := meet(t, "kube-apiserver killed during follow, back after 5 s")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 15*time.Second, "5/s"))
	runningPod(t, namespace)
	time.Sleep(3 * time.Second) // the log stream has begun
	kill(t, "kube-apiserver")
	time.Sleep(5 * time.Second)
	backAgain(t)
	done := drive.Finish(t, call)
	f.followed(done, "75/75 done")
	f.ends(done, namespace, asIfNothingHappened())
}

// backAgain starts the API server, and the controllers anew. Elsewhere those lose their lease and are restarted, too; here
// they have none, and would take a minute or two to see what became of the Job.
func backAgain(t *testing.T) {
	t.Helper()
	daemon(t, "start", "kube-apiserver")
	daemon(t, "restart", "kube-controller-manager")
}
