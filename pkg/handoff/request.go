package handoff

import "fmt"

// What a person asks of a run that is under way reaches its pod as annotations, which the kubelet writes into
// files of RequestDir within a second or two: it takes no right to exec, and no right of the pod's own. Plain
// `kubectl annotate` does it, too.
const (
	// StopAnnotation asks the runner to stop; its value is a Stop.
	StopAnnotation = "kfpperf.io/stop"
	// CollectAnnotation tells the results container how its result is taken; its value is a Collect.
	CollectAnnotation = "kfpperf.io/collect"
	// RequestDir is where the annotations are, each in the file of its name below.
	RequestDir = "/kfpperf/request"
	// StopFile and CollectFile hold the values of the annotations; empty while there are none.
	StopFile    = "stop"
	CollectFile = "collect"
)

// Stop is how a run is to stop before its time.
type Stop string

const (
	// StopDrain starts nothing more, and waits for the runs that are under way as it would have anyway.
	StopDrain Stop = "drain"
	// StopNow starts nothing more, waits for no run, and terminates those that are under way.
	StopNow Stop = "now"
)

// ParseStop reads a Stop; empty text is none.
func ParseStop(text string) (Stop, error) {
	switch s := Stop(text); s {
	case "", StopDrain, StopNow:
		return s, nil
	}
	return "", fmt.Errorf("%s is %q; it may be %s or %s", StopAnnotation, text, StopDrain, StopNow)
}

// Collect is how the result is taken.
type Collect string

const (
	// CollectPrint asks for the result on the log: whoever asks may not exec.
	CollectPrint Collect = "print"
	// CollectDone says that it was taken, whole and verified.
	CollectDone Collect = "done"
)
