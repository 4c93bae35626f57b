package usage

import (
	"runtime"
	"testing"
)

func TestThisProcessIsMeasured(t *testing.T) {
	process, err := thisProcess()
	if err != nil {
		t.Fatal(err)
	}
	if most := int64(runtime.NumCPU()) * 1000; process.cpuLimitMilli < 1 || process.cpuLimitMilli > most {
		t.Errorf("it may use %d of %d thousandths", process.cpuLimitMilli, most)
	}
	if process.cpus != runtime.GOMAXPROCS(0) {
		t.Errorf("%d CPUs", process.cpus)
	}
	first, err := process.look()
	if err != nil {
		t.Fatal(err)
	}
	if first.memoryBytes < 1<<20 || first.memoryBytes > 1<<40 {
		t.Errorf("it has %d bytes of memory", first.memoryBytes)
	}
	// Processor time is only spent by working; a process that does for a hundredth of a second shows it.
	kept := make([]byte, 64<<20)
	var last reading
	for round := range 100_000 {
		for i := range kept {
			kept[i] += byte(i + round)
		}
		if last, err = process.look(); err != nil {
			t.Fatal(err)
		}
		if last.cpu > first.cpu {
			break
		}
	}
	if last.cpu <= first.cpu {
		t.Errorf("processor time stays at %s", last.cpu)
	}
	if last.memoryBytes < first.memoryBytes+32<<20 {
		t.Errorf("64 MiB more make %d bytes of %d", last.memoryBytes, first.memoryBytes)
	}
	runtime.KeepAlive(kept)
}
