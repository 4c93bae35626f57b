package cli

import (
	"context"
	"encoding/json"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
	"github.com/spf13/cobra"
)

// workerProbeCommand is worker run without a load: it leaves what it found in the place of a result.
func (p program) workerProbeCommand() *cobra.Command {
	o := p.newWorkerOptions()
	command := &cobra.Command{
		Use:   "probe",
		Short: "Look at KFP from where a run would be, and leave what was found to the results container",
		Args:  noArguments,
	}
	o.prepare(command, o.probe)
	return command
}

// probe looks at KFP.
func (o *workerOptions) probe(ctx context.Context) ([]byte, string, error) {
	options, err := o.options()
	if err != nil {
		return nil, "", err
	}
	checks, err := worker.Probe(ctx, options)
	if err != nil {
		return nil, "", err
	}
	content, err := json.Marshal(checks)
	return content, handoff.ProbeVerdict, err
}
