package process

import (
	"os/exec"
	"testing"
)

func TestOwnerOwns(t *testing.T) {
	owner := Owner("/cache/kfpperf-cluster")
	for name, test := range map[string]struct {
		environ string
		want    bool
	}{
		"ours":            {"PATH=/bin\x00KFPPERF_CLUSTER_OWNER=/cache/kfpperf-cluster\x00HOME=/", true},
		"another cluster": {"KFPPERF_CLUSTER_OWNER=/cache/kfpperf-cluster-2\x00", false},
		"in a value":      {"X=KFPPERF_CLUSTER_OWNER=/cache/kfpperf-cluster\x00", false},
		"nothing":         {"", false},
	} {
		if got := owner.owns([]byte(test.environ)); got != test.want {
			t.Errorf("%s: owns = %v, want %v", name, got, test.want)
		}
	}
}

func TestKillAllFindsWhatWasStarted(t *testing.T) {
	dir := t.TempDir()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip("no sleep on this machine")
	}
	owner := Owner(dir)
	daemon, err := Start(owner, "sleep", dir+"/log", Command{Path: sleep, Args: []string{"60"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Err(); err != nil {
		t.Fatalf("right after the start: %v", err)
	}
	killed, err := owner.KillAll()
	if err != nil || killed != 1 {
		t.Fatalf("KillAll = %d, %v; want 1 process", killed, err)
	}
	if err := daemon.Err(); err == nil {
		t.Error("the daemon still counts as running")
	}
}
