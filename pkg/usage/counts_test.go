package usage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// exposed is what a KFP API server tells; the numbers are of two moments.
func exposed(creates, handled, spans int, sum, cpu, started string) string {
	return strings.NewReplacer("CREATES", fmt.Sprint(creates), "HANDLED", fmt.Sprint(handled), "SPANS", fmt.Sprint(spans),
		"SUM", sum, "CPU", cpu, "STARTED", started).Replace(`# HELP go_goroutines Number of goroutines that currently exist.
# TYPE go_goroutines gauge
go_goroutines HANDLED
# TYPE go_gc_duration_seconds summary
go_gc_duration_seconds{quantile="0"} 1.5e-05
go_gc_duration_seconds_sum SUM
go_gc_duration_seconds_count SPANS
# HELP grpc_server_handled_total Total number of RPCs completed on the server, regardless of success or failure.
# TYPE grpc_server_handled_total counter
grpc_server_handled_total{grpc_code="OK",grpc_method="CreateRun",grpc_service="api.RunService",grpc_type="unary"} HANDLED
grpc_server_handled_total{grpc_code="Aborted",grpc_method="CreateRun",grpc_service="api.RunService",grpc_type="unary"} 0
# TYPE grpc_server_handling_seconds histogram
grpc_server_handling_seconds_bucket{grpc_method="CreateRun",le="0.005"} 1
grpc_server_handling_seconds_bucket{grpc_method="CreateRun",le="+Inf"} SPANS
grpc_server_handling_seconds_sum{grpc_method="CreateRun"} SUM
grpc_server_handling_seconds_count{grpc_method="CreateRun"} SPANS
# TYPE grpc_server_started_total counter
grpc_server_started_total{grpc_method="CreateRun"} HANDLED
# HELP run_server_create_requests The total number of CreateRun requests
# TYPE run_server_create_requests counter
run_server_create_requests CREATES
# TYPE run_server_run_count gauge
run_server_run_count CREATES
# TYPE resource_manager_workflow_gc counter
resource_manager_workflow_gc 3
# TYPE resource_manager_workflow_runs_failed gauge
resource_manager_workflow_runs_failed{workflow="x"} CREATES
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total CPU
# TYPE process_open_fds gauge
process_open_fds 12
# TYPE process_start_time_seconds gauge
process_start_time_seconds STARTED
# TYPE promhttp_metric_handler_requests_total counter
promhttp_metric_handler_requests_total{code="200"} HANDLED
`)
}

func TestWhatGrewIsReported(t *testing.T) {
	counts, gaps := grown(exposed(5, 10, 10, "1.5", "12.11", "1.7e+09"), exposed(12, 40, 31, "4.75", "12.34", "1.7e+09"))
	if len(gaps) != 0 {
		t.Errorf("gaps %+v", gaps)
	}
	var got []string
	for _, c := range counts {
		line := fmt.Sprintf("%s %v %v", c.Name, c.Labels, c.Count)
		if c.SumSeconds != nil {
			line += fmt.Sprintf(" in %v s", *c.SumSeconds)
		}
		got = append(got, line)
	}
	want := []string{
		"grpc_server_handled_total map[grpc_code:OK grpc_method:CreateRun grpc_service:api.RunService grpc_type:unary] 30",
		"grpc_server_handling_seconds map[grpc_method:CreateRun] 21 in 3.25 s",
		"process_cpu_seconds_total map[] 0.23",
		"run_server_create_requests map[] 7",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestASeriesThatIsNewGrewFromNothing(t *testing.T) {
	const before = "# TYPE run_server_create_requests counter\nrun_server_create_requests 1\n"
	counts, gaps := grown(before, before+"# TYPE job_server_get_requests counter\njob_server_get_requests 4\n")
	if len(counts) != 1 || counts[0].Name != "job_server_get_requests" || counts[0].Count != 4 || len(gaps) != 0 {
		t.Errorf("%+v, %+v", counts, gaps)
	}
}

func TestCountsThatCannotBeComparedAreAGap(t *testing.T) {
	one := exposed(5, 10, 10, "1.5", "12", "1.7e+09")
	for name, test := range map[string]struct{ before, after, why string }{
		"a cut text":      {one, exposed(50, 100, 100, "15", "120", "1.7e+09") + "\nx{", "cannot be read"},
		"a restart":       {one, exposed(50, 100, 100, "15", "120", "1.8e+09"), "was restarted meanwhile"},
		"a counter fell":  {one, exposed(4, 100, 100, "15", "120", "1.7e+09"), "its counter run_server_create_requests went down"},
		"no text":         {"", "", "no counter of its calls"},
		"a page":          {"<html>\n", "<html>\n", "before the run cannot be read"},
		"other counters":  {"# TYPE a counter\na 1\n", "# TYPE a counter\na 2\n", "no counter of its calls"},
		"a broken number": {one, "# TYPE run_server_x_requests counter\nrun_server_x_requests many\n", "after the run cannot be read"},
	} {
		counts, gaps := grown(test.before, test.after)
		if len(counts) != 0 || len(gaps) != 1 || gaps[0].What != "serverCounts" || !strings.Contains(gaps[0].Why, test.why) {
			t.Errorf("%s: %+v, gaps %+v, want %q", name, counts, gaps, test.why)
		}
	}
}

func TestCountsAreBounded(t *testing.T) {
	var after strings.Builder
	after.WriteString("# TYPE grpc_server_handled_total counter\n")
	for i := range 700 {
		fmt.Fprintf(&after, "grpc_server_handled_total{grpc_method=\"M%03d\"} 2\n", i)
	}
	counts, gaps := grown("", after.String())
	if len(counts) != 500 || counts[0].Labels["grpc_method"] != "M000" || counts[499].Labels["grpc_method"] != "M499" {
		t.Errorf("%d counts", len(counts))
	}
	if len(gaps) != 1 || !strings.Contains(gaps[0].Why, "first 500 of 700") {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestLabelsArePrintableAndShort(t *testing.T) {
	pairs := []string{`a="x\u001b[31m\ny"`, `b="` + strings.Repeat("é", 200) + `"`}
	for i := range 20 {
		pairs = append(pairs, fmt.Sprintf(`l%02d="%d"`, i, i))
	}
	text := "# TYPE run_server_x_requests counter\nrun_server_x_requests{" +
		strings.ReplaceAll(strings.Join(pairs, ","), `\u001b`, "\x1b") + "} 1\n"
	counts, gaps := grown("", text)
	if len(counts) != 1 || len(gaps) != 0 {
		t.Fatalf("%+v, %+v", counts, gaps)
	}
	labels := counts[0].Labels
	if len(labels) != 10 || labels["a"] != "x [31m y" || labels["l07"] != "7" || labels["l08"] != "" {
		t.Errorf("labels %q", labels)
	}
	if b := []rune(labels["b"]); len(b) != 100 || b[99] != '…' || b[0] != 'é' {
		t.Errorf("a long value became %q", labels["b"])
	}
}

func TestNumbersThatJSONDoesNotHaveAreLeftOut(t *testing.T) {
	counts, _ := grown("", "# TYPE run_server_a_requests counter\nrun_server_a_requests NaN\n"+
		"# TYPE run_server_b_requests counter\nrun_server_b_requests +Inf\n"+
		"# TYPE grpc_server_handling_seconds summary\ngrpc_server_handling_seconds_sum NaN\ngrpc_server_handling_seconds_count 2\n")
	if len(counts) != 1 || counts[0].Count != 2 || counts[0].SumSeconds != nil {
		t.Errorf("%+v", counts)
	}
	const huge = "# TYPE run_server_a_requests counter\nrun_server_a_requests "
	if counts, _ = grown(huge+"-1e308\n", huge+"1e308\n"); len(counts) != 0 {
		t.Errorf("%+v", counts)
	}
}

// FuzzGrown asks of any text that it does not break the parser or the bounds.
func FuzzGrown(f *testing.F) {
	f.Add("", exposed(5, 10, 10, "1.5", "12", "1.7e+09"))
	f.Add(exposed(5, 10, 10, "1.5", "12", "1.7e+09"), exposed(6, 10, 11, "NaN", "12", "1.7e+09"))
	f.Fuzz(func(t *testing.T, before, after string) {
		counts, gaps := grown(before, after)
		if len(counts) > mostCounts || len(gaps) > 1 {
			t.Errorf("%d counts, gaps %+v", len(counts), gaps)
		}
		if _, err := result.Encode(&result.Document{ServerCounts: counts, NotMeasured: gaps}); err != nil {
			t.Error(err)
		}
		for _, c := range counts {
			if c.Count <= 0 || len(c.Labels) > mostLabels {
				t.Errorf("%+v", c)
			}
		}
	})
}
