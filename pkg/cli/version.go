package cli

import (
	"fmt"
	"runtime"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/cobra"
)

// versionInfo is what this binary is.
type versionInfo struct {
	Version string `json:"version"`
	// Protocol is handoff.Protocol: CLI and worker refuse each other when theirs differ.
	Protocol int    `json:"protocol"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func (p program) versionCommand() *cobra.Command {
	form := outputText
	command := &cobra.Command{
		Use:   "version",
		Short: "Print the release and the protocol between CLI and worker",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			if err := form.validate(); err != nil {
				return &usageError{err}
			}
			return p.printVersion(form)
		},
	}
	form.addFlag(command.Flags())
	return command
}

func (p program) printVersion(form output) error {
	info := versionInfo{
		Version: p.version, Protocol: handoff.Protocol,
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	if form == outputText {
		_, err := fmt.Fprintf(p.streams.Out, "kubectl-kfpperf %s\nprotocol %d\n%s %s\n",
			info.Version, info.Protocol, info.Go, info.Platform)
		return err
	}
	document, err := marshal(info)
	if err != nil {
		return err
	}
	return form.writeDocument(p.streams.Out, document)
}
