package handoff

import (
	"fmt"
	"strconv"
)

// What a person asks of a run that is under way reaches its pod as annotations, which the kubelet writes into
// files of RequestDir within a second or two: it takes no right to exec, and no right of the pod's own. Plain
// `kubectl annotate` does it, too.
const (
	// StopAnnotation asks the runner to stop; its value is a Stop.
	StopAnnotation = "kfpperf.io/stop"
	// CollectAnnotation tells the results container how its result is taken; its value is CollectPrint.
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

// CollectPrint asks for the result on the log at once: whoever asks has it, or may not fetch it in ranges.
const CollectPrint = "print"

// FlagFirstFrame is a flag of FramesCommand.
const FlagFirstFrame = "from"

// FramesCommand is what is executed in the results container while it holds a result: it prints the frames from
// one on. While there is no result it fails.
func FramesCommand(first int) []string {
	return []string{Program, "worker", "frames", "--" + FlagFirstFrame + "=" + strconv.Itoa(first)}
}
