package process

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestOnlyTheNamedProgramIsStopped(t *testing.T) {
	dir := t.TempDir()
	owner := Owner(dir)
	t.Cleanup(func() { _, _ = owner.KillAll() })
	var programs []string
	for _, name := range []string{"sleep", "tail"} {
		path, err := exec.LookPath(name)
		if err == nil {
			path, err = filepath.EvalSymlinks(path)
		}
		if err != nil {
			t.Skipf("no %s on this machine", name)
		}
		args := map[string][]string{"sleep": {"60"}, "tail": {"-f", "/dev/null"}}[name]
		if _, err := Start(owner, name, filepath.Join(dir, name), Command{Path: path, Args: args}); err != nil {
			t.Fatal(err)
		}
		programs = append(programs, path)
	}
	if programs[0] == programs[1] {
		t.Skip("one program has both names on this machine")
	}
	began := time.Now()
	if err := owner.StopProgram(programs[0], 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("what ends when it is asked took %s", took)
	}
	stopped, err := owner.PidsOf(programs[0])
	if err != nil || len(stopped) != 0 {
		t.Errorf("%v are left of the one, %v", stopped, err)
	}
	if others, err := owner.PidsOf(programs[1]); err != nil || len(others) != 1 {
		t.Errorf("%v are left of the other, %v", others, err)
	}
}

func TestKillLooksAgainBeforeItBelievesThatNothingIsLeft(t *testing.T) {
	seen := [][]int{{}, {1}, {}, {}, {1}}
	looks := 0
	list := func() ([]int, error) { looks++; return seen[looks-1], nil }
	if _, err := Kill(list, func(int) bool { return false }); err != nil || looks != 4 {
		t.Errorf("it looked %d times (%v), want 4", looks, err)
	}
}
