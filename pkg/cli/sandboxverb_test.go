package cli

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

func TestFlagsOfTheSandboxAreItsOptions(t *testing.T) {
	for _, c := range []struct {
		args []string
		want sandbox.Options
	}{
		{nil, sandbox.Options{Speed: 1}},
		{[]string{"--speed=60x", "--seed=7"}, sandbox.Options{Speed: 60, Seed: 7}},
		{[]string{"--token=a=x=y", "--token=b=z", "--token=c=z"}, sandbox.Options{
			Speed: 1, MultiUser: true, Tokens: map[string][]string{"x=y": {"a"}, "z": {"b", "c"}},
		}},
		{[]string{"--latency=20ms", "--latency=CreateRun=1s,0.5", "--latency=GetHealthz=0s"}, sandbox.Options{
			Speed: 1, Latency: map[string]sandbox.Latency{"": {Median: 20 * time.Millisecond}, "CreateRun": {Median: time.Second, Sigma: 0.5}, "GetHealthz": {}},
		}},
		{[]string{"--error-rate=1%", "--error-rate=ListRuns=0.5,500", "--error-rate=GetRun=100%,429"}, sandbox.Options{
			Speed: 1, ErrorRate: map[string]sandbox.ErrorRate{"": {Rate: 0.01, Status: 503}, "ListRuns": {Rate: 0.5, Status: 500}, "GetRun": {Rate: 1, Status: 429}},
		}},
		{[]string{"--stall=1s-2s", "--stall=1m-1m1s"}, sandbox.Options{
			Speed: 1, Stalls: []sandbox.Stall{{From: time.Second, To: 2 * time.Second}, {From: time.Minute, To: time.Minute + time.Second}},
		}},
		{[]string{"--throttle=5,10", "--persistence-lag=3s", "--list-cost=10us"}, sandbox.Options{
			Speed: 1, Throttle: sandbox.Throttle{QPS: 5, Burst: 10}, PersistenceLag: 3 * time.Second, ListCost: 10 * time.Microsecond,
		}},
	} {
		o, err := parseSandbox(c.args)
		if err != nil {
			t.Errorf("%q: %v", c.args, err)
			continue
		}
		if got := o.server(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %+v, want %+v", c.args, got, c.want)
		}
	}
}

func TestFlagsOfTheSandboxNameWhatTheyExpect(t *testing.T) {
	for flag, values := range map[string][]string{
		"--speed expected a factor": {"0x", "fast"},
		"--seed ":                   {"-1", "x"},
		"--token expected a namespace and a token":    {"", "a", "=b", "a="},
		"--latency expected a duration":               {"", "20", "-1s", "1s,", "1s,x", "1s,-1", "1s,6", "1s,NaN", "CreateRun=", "CreateRun=x"},
		"--latency there is no operation":             {"createrun=1s", "Nothing=1s"},
		"--error-rate expected a share":               {"", "x", "2", "-1%", "101%", "NaN", "1%,", "1%,200", "1%,600", "CreateRun="},
		"--error-rate there is no operation":          {"=1%", "Nothing=1%"},
		"--stall expected two times":                  {"", "5s", "5s-", "-5s", "5s-5s", "5s-4s", "-5s-10s", "a-b"},
		"--throttle expected a rate":                  {"", "5", "5,", ",10", "0,10", "5,0", "-1,1", "5,1.5", "NaN,1", "5;10"},
		"--listen expected HOST:PORT":                 {"8888", "localhost", "::1"},
		"--persistence-lag are not negative":          {"-1s"},
		"--list-cost are not negative":                {"-1us"},
		"--persistence-lag time: invalid duration \"": {"soon"},
	} {
		name, says, _ := strings.Cut(flag, " ")
		for _, value := range values {
			_, err := parseSandbox([]string{name + "=" + value})
			if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%s: %v, want %s", name, value, err, says)
			}
		}
	}
}

// parseSandbox reads flags as the verb does.
func parseSandbox(args []string) (*sandboxOptions, error) {
	o := program{}.newSandboxOptions()
	command := program{}.sandboxCommand()
	command.ResetFlags()
	o.addFlags(command.Flags())
	if err := command.ParseFlags(args); err != nil {
		return nil, err
	}
	return o, o.validate()
}

func TestSandboxIsServedUntilItIsInterrupted(t *testing.T) {
	for _, listen := range []string{"127.0.0.1:0", "localhost:0", "0.0.0.0:0"} {
		ctx, interrupt := context.WithCancel(t.Context())
		out, stdout := io.Pipe()
		var stderr strings.Builder
		streams := genericiooptions.IOStreams{Out: stdout, ErrOut: &stderr}
		code := make(chan int)
		go func() {
			code <- Run(ctx, []string{"sandbox", "--listen", listen, "--token", "me=secret"}, streams, "v1")
		}()
		url, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		url = strings.TrimSpace(url)
		response, err := http.Get(url + "/apis/v2beta1/healthz")
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(response.Body); err != nil || !strings.Contains(string(body), `"multi_user":true`) {
			t.Errorf("%s: answered %s, %v", url, body, err)
		}
		response.Body.Close()
		interrupt()
		if got := <-code; got != int(exitDone) {
			t.Errorf("exit %d: %s", got, stderr.String())
		}
		if !strings.Contains(stderr.String(), "run smoke.json --local --kfp-url "+url) {
			t.Errorf("%s: it says %s", url, stderr.String())
		}
		if _, err := http.Get(url); err == nil {
			t.Errorf("%s is served still", url)
		}
	}
}

func TestSandboxWarnsWhenAnybodyCanReachIt(t *testing.T) {
	for listen, want := range map[string]bool{"127.0.0.1:0": false, "0.0.0.0:0": true, "0.0.0.0:0 --token a=b": false} {
		ctx, interrupt := context.WithCancel(t.Context())
		interrupt() // it says so before it waits
		var stdout, stderr strings.Builder
		args := append([]string{"sandbox", "--listen"}, strings.Fields(listen)...)
		code := Run(ctx, args, genericiooptions.IOStreams{Out: &stdout, ErrOut: &stderr}, "v1")
		if warned := strings.Contains(stderr.String(), "it knows no users without --token"); code != int(exitDone) || warned != want {
			t.Errorf("%s: exit %d, it says %s", listen, code, stderr.String())
		}
		if lines := strings.Count(stdout.String(), "\n"); lines != 1 || strings.Contains(stdout.String(), "0.0.0.0") {
			t.Errorf("%s: stdout is %q", listen, stdout.String())
		}
	}
}
