package architecture

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"
)

// validity is where the limits are that make a result invalid.
const validity = "pkg/result/validity.go"

// limit is a constant of the source and what docs/metrics.md says of it, with its number at %s.
type limit struct {
	file, name, text string
	write            func(constant.Value) string
}

func limits() []limit {
	return []limit{
		{validity, "mostDropped", "more than %s of an entry's work", percentage},
		{validity, "mostLag", "more than %s, and more than", span},
		{validity, "mostLagShare", "more than %s of the operation's median response", percentage},
		{validity, "mostCPU", "more than %s of the CPU that it has", percentage},
		{validity, "mostThrottled", "more than %s of the run's time", percentage},
		{validity, "mostImpossible", "more than %s of the runs that are kept", percentage},
		{validity, "mostMoved", "more than %s against each other", span},
		{validity, "mostCached", "more than %s of an entry's tasks", percentage},
		{validity, "mostUnfinished", "more than %s of the runs that an entry started", percentage},
		{"pkg/result/schedule.go", "LateAfter", "more than %s after their tick", span},
		{"pkg/metrics/windows.go", "mostWindows", "| %s windows.", number},
		{"pkg/metrics/windows.go", "finest", "They are %s long", span},
		{"pkg/metrics/histogram.go", "mostFew", "%s single values", number},
		{"pkg/metrics/series.go", "buckets", "There are %s buckets", number},
		{"pkg/metrics/series.go", "perDecade", "%s for each power of ten", number},
		{"pkg/metrics/trend.go", "trendNeeded", "fewer than %s runs", number},
		{"pkg/kfp/run.go", "MaxBatch", "up to %s runs, those", number},
		{"pkg/kfp/client.go", "defaultTimeout", "no complete answer within %s", span},
		{"pkg/worker/worker.go", "DefaultPoll", "looks every %s, twice", span},
		{"pkg/worker/worker.go", "mostRuns", "| %s runs, shared", number},
		{"pkg/worker/worker.go", "fewestRuns", "at least %s each", number},
		{"pkg/workload/tracker.go", "calm", "waits %s times as long", number},
		{"pkg/workload/tracker.go", "slowest", "up to %s of these intervals", number},
		{"pkg/workload/detail.go", "moreLooks", "up to %s times more", number},
	}
}

func TestThePageHasTheNumbersOfTheSource(t *testing.T) {
	text := strings.Join(strings.Fields(page(t, "metrics.md")), " ") // a sentence may be broken anywhere
	files := map[string]map[string]constant.Value{}
	for _, l := range limits() {
		if files[l.file] == nil {
			files[l.file] = constants(t, l.file)
		}
		value := files[l.file][l.name]
		if value == nil {
			t.Errorf("%s has no constant %s", l.file, l.name)
			continue
		}
		delete(files[l.file], l.name)
		if want := fmt.Sprintf(l.text, l.write(value)); !strings.Contains(text, want) {
			t.Errorf("%s of %s: docs/metrics.md does not say %q", l.name, l.file, want)
		}
	}
	for name := range files[validity] {
		t.Errorf("docs/metrics.md says nothing of the limit %s", name)
	}
}

// constants are the values of a file's constants that are numbers and times.
func constants(t *testing.T, file string) map[string]constant.Value {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), root+"/"+file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]constant.Value{}
	for _, declared := range parsed.Decls {
		group, is := declared.(*ast.GenDecl)
		if !is || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			named := spec.(*ast.ValueSpec)
			for i, expression := range named.Values {
				values[named.Names[i].Name] = valueOf(expression)
			}
		}
	}
	return values
}

// valueOf is what an expression of literals and of units of time is worth; nil of any other.
func valueOf(expression ast.Expr) constant.Value {
	switch e := expression.(type) {
	case *ast.BasicLit:
		return constant.MakeFromLiteral(e.Value, e.Kind, 0)
	case *ast.SelectorExpr:
		unit, known := map[string]time.Duration{"Millisecond": time.Millisecond, "Second": time.Second, "Minute": time.Minute}[e.Sel.Name]
		if known {
			return constant.MakeInt64(int64(unit))
		}
	case *ast.BinaryExpr:
		x, y := valueOf(e.X), valueOf(e.Y)
		if x != nil && y != nil {
			return constant.BinaryOp(x, e.Op, y)
		}
	}
	return nil
}

func percentage(v constant.Value) string {
	share, _ := constant.Float64Val(v)
	return fmt.Sprintf("%.4g %%", 100*share)
}

func span(v constant.Value) string {
	nanoseconds, _ := constant.Int64Val(v)
	switch d := time.Duration(nanoseconds); {
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	default:
		return fmt.Sprintf("%d ms", d/time.Millisecond)
	}
}

// number has a comma before its thousands.
func number(v constant.Value) string {
	n, _ := constant.Int64Val(v)
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
