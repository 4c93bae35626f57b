//go:build e2e && slow && !multiuser

package faults

import (
	"bytes"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestSlowPluginKilledAndAttachedAgain(t *testing.T) {
	f := meet(t, "plugin killed by SIGKILL, attach from another folder")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 10*time.Second, "5/s"))
	id := call.RunID(t)
	runningPod(t, namespace)
	time.Sleep(2 * time.Second)
	killed(t, call)
	done := drive.Kfpperf(t, "attach", id, "-n", namespace)
	f.row.Noticed = "not told: the run goes on"
	f.ends(done, namespace, asIfNothingHappened())
}

func TestSlowTwoPluginsAttachedAtOnce(t *testing.T) {
	f := meet(t, "two plugins attached at once")
	namespace := drive.NewNamespace(t)
	first := drive.StartRun(t, namespace, reading(t, 10*time.Second, "5/s"))
	id := first.RunID(t)
	runningPod(t, namespace)
	second := drive.Start(t, "attach", id, "-n", namespace)
	one, other := drive.Finish(t, first), drive.Finish(t, second)
	f.ends(one, namespace, asIfNothingHappened())
	f.ends(other, namespace, asIfNothingHappened())
	if !bytes.Equal(one.File(t), other.File(t)) {
		t.Error("they brought home different results")
	}
}

func TestSlowExecDenied(t *testing.T) {
	f := meet(t, "exec denied, and a result of 3 MB")
	const seed, size = "denied", 2 << 20
	namespace := drive.NewNamespace(t)
	jane := drive.Person(t, namespace, "--single-user")
	drive.Kubectl(t, "patch", "role", "kfpperf-launcher", "-n", namespace, "--type=json",
		"-p", `[{"op": "test", "path": "/rules/3/resources", "value": ["pods/exec"]}, {"op": "remove", "path": "/rules/3"}]`)
	done := drive.Run(t, namespace, "smoke-noop.json", "--kubeconfig", jane, "--pod-patch", preparing(t, seed, size))
	f.row.Noticed = "not told: the result is read from the log"
	f.ends(done, namespace, asIfNothingHappened())
	isPrepared(t, done, seed, size)
}
