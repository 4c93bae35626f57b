package cli

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/pflag"
)

// The framework's defaults, below its environment and the flags.
const (
	defaultAPIHost   = "localhost"
	defaultAPIPort   = "8888"
	defaultNamespace = "kubeflow"
	defaultScenario  = "smoke.json"
)

// environment fills in from the framework's variables what no flag gave. It serves what runs in this
// process, the worker and `run --local`; the first error is kept.
type environment struct {
	flags *pflag.FlagSet
	err   error
}

// text sets target from a variable, else to the fallback, unless the flag was given.
func (e *environment) text(target *string, flag, variable, fallback string) {
	if e.flags.Changed(flag) {
		return
	}
	*target = e.value(variable, fallback)
}

// value is a variable's, or the fallback.
func (e *environment) value(variable, fallback string) string {
	if value := os.Getenv(variable); value != "" {
		return value
	}
	return fallback
}

// switchedOff sets target when a variable is false, unless the flag was given.
func (e *environment) switchedOff(target *bool, flag, variable string) {
	value := os.Getenv(variable)
	if e.flags.Changed(flag) || value == "" {
		return
	}
	on, err := strconv.ParseBool(strings.ToLower(value))
	if err != nil {
		e.fail("%s is %q in the environment; set it to true or false", variable, value)
	}
	*target = !on
}

// kfp sets what a KFP client needs.
func (e *environment) kfp(o *kfpOptions) {
	e.kfpURL(&o.url)
	e.switchedOff(&o.insecure, flagInsecure, handoff.EnvVerifyTLS)
	e.switchedOff(&o.disableCache, flagDisableCache, handoff.EnvCacheEnabled)
	e.text(&o.pipelinesDir, flagPipelinesDir, handoff.EnvPipelinesDir, "")
}

// kfpURL sets target to the address that API_HOST and API_PORT make, unless --kfp-url was given.
func (e *environment) kfpURL(target *string) {
	if e.flags.Changed(flagKFPURL) {
		return
	}
	host, port := e.value(handoff.EnvAPIHost, defaultAPIHost), e.value(handoff.EnvAPIPort, defaultAPIPort)
	switch _, err := strconv.ParseUint(port, 10, 16); {
	case strings.ContainsAny(host, "/ "):
		e.fail("%s is %q in the environment; it is a host name, give a URL with --%s", handoff.EnvAPIHost, host, flagKFPURL)
	case err != nil:
		e.fail("%s is %q in the environment; set it to a port number", handoff.EnvAPIPort, port)
	}
	*target = "http://" + net.JoinHostPort(strings.Trim(host, "[]"), port)
}

// fail keeps the first error.
func (e *environment) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}
