package cli

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// byOperation is a flag that says something of an operation, or of all that are not named. It implements
// pflag.Value.
type byOperation[T any] struct {
	values map[string]T
	// form is what the flag takes, and parse reads it but for the operation.
	form  string
	parse func(text string) (T, error)
}

func newByOperation[T any](form string, parse func(text string) (T, error)) byOperation[T] {
	return byOperation[T]{form: form, parse: parse}
}

// String implements pflag.Value.
func (b *byOperation[T]) String() string { return "" }

// Type implements pflag.Value.
func (b *byOperation[T]) Type() string { return "[OPERATION=]" + b.form }

// Set implements pflag.Value.
func (b *byOperation[T]) Set(text string) error {
	operation, value, named := strings.Cut(text, "=")
	if !named {
		operation, value = "", text
	} else if all := sandbox.Operations(); !slices.Contains(all, operation) {
		return fmt.Errorf("there is no operation %q; choose one of %s", operation, strings.Join(all, ", "))
	}
	parsed, err := b.parse(value)
	if err != nil {
		return err
	}
	if b.values == nil {
		b.values = map[string]T{}
	}
	b.values[operation] = parsed
	return nil
}

var (
	errLatency   = errors.New("expected a duration and a sigma from 0 to 5, such as 20ms or CreateRun=200ms,0.5")
	errErrorRate = errors.New("expected a share and a status from 400 to 599, such as 1% or CreateRun=0.01,500")
	errStall     = errors.New("expected two times after the start, such as 30s-35s")
	errThrottle  = errors.New("expected a rate a second and a number of at least 1, such as 5,10")
	errToken     = errors.New("expected a namespace and a token, such as kubeflow-user=secret")
)

func parseLatency(text string) (sandbox.Latency, error) {
	median, sigma, spread := strings.Cut(text, ",")
	var l sandbox.Latency
	var err error
	if l.Median, err = time.ParseDuration(median); err != nil || l.Median < 0 {
		return l, errLatency
	}
	if spread {
		if l.Sigma, err = strconv.ParseFloat(sigma, 64); err != nil || !(l.Sigma >= 0 && l.Sigma <= 5) {
			return l, errLatency
		}
	}
	return l, nil
}

func parseErrorRate(text string) (sandbox.ErrorRate, error) {
	share, status, named := strings.Cut(text, ",")
	rate, err := strconv.ParseFloat(strings.TrimSuffix(share, "%"), 64)
	if strings.HasSuffix(share, "%") {
		rate /= 100
	}
	e := sandbox.ErrorRate{Rate: rate, Status: http.StatusServiceUnavailable}
	if err == nil && named {
		e.Status, err = strconv.Atoi(status)
	}
	if err != nil || !(rate >= 0 && rate <= 1) || e.Status < 400 || e.Status > 599 {
		return e, errErrorRate
	}
	return e, nil
}

// stalls are times at which nobody is answered. It implements pflag.Value.
type stalls []sandbox.Stall

// String implements pflag.Value.
func (s *stalls) String() string { return "" }

// Type implements pflag.Value.
func (s *stalls) Type() string { return "FROM-TO" }

// Set implements pflag.Value.
func (s *stalls) Set(text string) error {
	from, to, _ := strings.Cut(text, "-")
	begin, err := time.ParseDuration(from)
	if err != nil {
		return errStall
	}
	end, err := time.ParseDuration(to)
	if err != nil || end <= begin {
		return errStall
	}
	*s = append(*s, sandbox.Stall{From: begin, To: end})
	return nil
}

// throttle is a rate and a burst. It implements pflag.Value.
type throttle sandbox.Throttle

// String implements pflag.Value.
func (t *throttle) String() string { return "" }

// Type implements pflag.Value.
func (t *throttle) Type() string { return "QPS,BURST" }

// Set implements pflag.Value.
func (t *throttle) Set(text string) error {
	qps, burst, _ := strings.Cut(text, ",")
	rate, err := strconv.ParseFloat(qps, 64)
	if err != nil || !(rate >= 0.001 && rate <= 1e6) {
		return errThrottle
	}
	most, err := strconv.Atoi(burst)
	if err != nil || most < 1 {
		return errThrottle
	}
	*t = throttle{QPS: rate, Burst: most}
	return nil
}

// tokens are the namespaces of each token. It implements pflag.Value.
type tokens map[string][]string

// String implements pflag.Value.
func (t *tokens) String() string { return "" }

// Type implements pflag.Value.
func (t *tokens) Type() string { return "NAMESPACE=TOKEN" }

// Set implements pflag.Value.
func (t *tokens) Set(text string) error {
	namespace, token, _ := strings.Cut(text, "=")
	if namespace == "" || token == "" {
		return errToken
	}
	if *t == nil {
		*t = tokens{}
	}
	(*t)[token] = append((*t)[token], namespace)
	return nil
}
