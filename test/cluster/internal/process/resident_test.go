package process

import (
	"os"
	"testing"
)

func TestResidentMemoryIsFoundInTheStatus(t *testing.T) {
	for status, want := range map[string]int{
		"Name:\tetcd\nVmHWM:\t   90 kB\nVmRSS:\t   81234 kB\nRssAnon:\t 7 kB\n": 81234,
		"Name:\tetcd\nState:\tZ (zombie)\n":                                     0,
		"":                                                                      0,
	} {
		if got := resident(status); got != want {
			t.Errorf("resident(%q) = %d, want %d", status, got, want)
		}
	}
}

func TestInspectLeavesOutWhatHasEnded(t *testing.T) {
	const never = 1 << 30 // above the kernel's largest process id
	infos := Inspect([]int{never, os.Getpid()})
	if len(infos) != 1 || infos[0].PID != os.Getpid() || infos[0].Program == "" || infos[0].Resident == 0 {
		t.Errorf("got %+v, want only ourselves", infos)
	}
}
