package sandbox

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

const representationHead = "pipelineInfo: {name: add}\nschemaVersion: 2.1.0\n"

func TestPackageSaysHowLongItsRunsTake(t *testing.T) {
	workflow := func(templates string) string {
		return "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  entrypoint: a\n" +
			"  arguments: {parameters: [{name: pause, value: 7}]}\n  templates:\n" + templates
	}
	const one = driverTime + taskTime
	for name, c := range map[string]struct {
		content  string
		duration time.Duration
		endless  bool
	}{
		"seconds without a unit": {workflow(`  - {name: a, suspend: {duration: "3"}}`), 3 * time.Second, false},
		"a number of seconds":    {workflow(`  - {name: a, suspend: {duration: 3}}`), 3 * time.Second, false},
		"a duration":             {workflow(`  - {name: a, suspend: {duration: 1m30s}}`), 90 * time.Second, false},
		"an argument":            {workflow(`  - {name: a, suspend: {duration: "{{workflow.parameters.pause}}"}}`), 7 * time.Second, false},
		"what only a run knows":  {workflow(`  - {name: a, suspend: {duration: "{{inputs.parameters.x}}"}}`), taskTime, false},
		"no duration":            {workflow(`  - {name: a, suspend: {}}`), 0, true},
		"one after the other": {workflow("  - {name: a, steps: [[{name: b, template: b}]]}\n" +
			"  - {name: b, suspend: {duration: 2}}\n  - {name: c, container: {image: x}}\n  - {name: d, script: {image: x}}\n"),
			2*time.Second + 2*taskTime, false},
		"a graph":       {workflow("  - {name: a, dag: {tasks: []}}\n  - {name: b, resource: {action: get}}\n"), taskTime, false},
		"v2, two tasks": {representationHead + "root: {dag: {tasks: {a: {}, b: {}}}}\n", driverTime + one, false},
		"v2, one after the other": {representationHead + "root: {dag: {tasks: {a: {dependentTasks: [b]}, b: {dependentTasks: [c]}, c: {}}}}\n",
			driverTime + 3*one, false},
		"v2, the longest way": {representationHead + "root: {dag: {tasks: {a: {}, b: {dependentTasks: [a]}, c: {}, d: {dependentTasks: [b, c]}}}}\n",
			driverTime + 3*one, false},
		"v2, after itself and nobody": {representationHead + "root: {dag: {tasks: {a: {dependentTasks: [b]}, b: {dependentTasks: [a, x]}}}}\n",
			driverTime + 2*one, false},
		"v2, nested tasks": {representationHead + "root: {dag: {tasks: {a: {componentRef: {name: one}}}}}\n" +
			"components: {one: {dag: {tasks: {b: {}, c: {dependentTasks: [b]}}}}}\n", 2*driverTime + 2*one, false},
		"v2, tasks that sleep": {representationHead + `root: {dag: {tasks: {a: {componentRef: {name: x}}, b: {componentRef: {name: y}}}}}
components: {x: {executorLabel: x}, y: {executorLabel: y}}
deploymentSpec:
  executors:
    x: {container: {command: [sh, -c, "sleep 90"]}}
    y: {container: {command: [python3, -c], args: ["import time; time.sleep(2.5)"]}}
`, 2*driverTime + 90*time.Second, false},
		"v2 before its platforms":   {representationHead + "root: {dag: {tasks: {a: {}}}}\n---\nplatforms: {kubernetes: {}}\n", driverTime + one, false},
		"v2 behind its platforms":   {"platforms: {kubernetes: {}}\n---\n" + representationHead + "root: {dag: {tasks: {a: {}}}}\n", driverTime + one, false},
		"v2 between other things":   {"---\n---\njust a text\n---\n" + representationHead + "root: {dag: {tasks: {a: {}}}}\n", driverTime + one, false},
		"v2 in JSON":                {`{"pipelineInfo":{"name":"add"},"schemaVersion":"2.1.0","root":{"dag":{"tasks":{"a":{}}}}}`, driverTime + one, false},
		"v2 whose root is no graph": {representationHead + "root: {executorLabel: x}\n", driverTime, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseSpec([]byte(c.content))
			if err != nil || got.duration != c.duration || got.endless != c.endless || got.fails || got.flaw != "" {
				t.Errorf("got %s, %+v, %v; want %s, endless %t", got.duration, got.steps, err, c.duration, c.endless)
			}
		})
	}
}

func TestComponentThatUsesItselfHasAnEnd(t *testing.T) {
	content := representationHead + "root: {dag: {tasks: {a: {componentRef: {name: x}}}}}\n" +
		"components: {x: {dag: {tasks: {a: {componentRef: {name: x}}, b: {componentRef: {name: x}}, c: {componentRef: {name: x}}}}}}\n"
	if got, err := parseSpec([]byte(content)); err != nil || len(got.steps) < maxSteps || len(got.steps) > 2*maxSteps {
		t.Errorf("got %d steps, %v", len(got.steps), err)
	}
}

func TestPackageOfNoUseIsTheServersFault(t *testing.T) {
	for name, content := range map[string]string{
		"nothing":                  "",
		"a text":                   "pipeline",
		"a list":                   "- pipeline",
		"no YAML":                  "a: [",
		"another kind":             "apiVersion: v1\nkind: ConfigMap\n",
		"another kind of Argo":     "apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\n",
		"another version of Argo":  strings.Replace(waiting(""), "v1alpha1", "v1", 1),
		"templates that are none":  "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {templates: 7}\n",
		"a template without a use": "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {templates: [{name: a}]}\n",
		"v2 without a name":        "schemaVersion: 2.1.0\nroot: {}\n",
		"v2 without a root":        representationHead,
		"v2 of an old schema":      strings.Replace(representationHead, "2.1.0", "2.0.0", 1) + "root: {}\n",
		"v2 of no schema":          "pipelineInfo: {name: add}\nroot: {}\n",
		"v2 with a capital":        strings.Replace(representationHead, "add", "Add", 1) + "root: {}\n",
		"v2 with a dash in front":  strings.Replace(representationHead, "add", "-add", 1) + "root: {}\n",
		"v2 with a long name":      strings.Replace(representationHead, "add", strings.Repeat("a", 129), 1) + "root: {}\n",
		"v2 twice":                 representationHead + "root: {}\n---\n" + representationHead + "root: {}\n",
		"v2 with tasks in a list":  representationHead + "root: {dag: {tasks: [a]}}\n",
		"v2 with a number that JSON does not have": representationHead + "root: {a: .nan}\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := newSubject(Options{})
			status, contentType, answer := s.upload(t, "one", "one.yaml", []byte(content))
			if status != http.StatusInternalServerError || contentType != "text/plain; charset=utf-8" || !strings.HasPrefix(answer, `{"error_`) {
				t.Errorf("answered %d %s: %s", status, contentType, answer)
			}
			if status, _, answer := s.upload(t, "one", "one.yaml", []byte(waiting(""))); status != http.StatusOK {
				t.Errorf("it occupies its name: %d %s", status, answer)
			}
		})
	}
}

func TestPackageIsEchoedAsJSON(t *testing.T) {
	s := newSubject(Options{})
	id := s.pipeline(t, representationHead+"root: {1: &one [true, 1.5], false: *one, dag: {tasks: {}}}\n")
	got := get[struct {
		Versions []struct {
			Spec map[string]any `json:"pipeline_spec"`
		} `json:"pipeline_versions"`
	}](t, s, "/pipelines/"+id+"/versions", nil).Versions[0].Spec
	want := map[string]any{
		"pipelineInfo": map[string]any{"name": "add"}, "schemaVersion": "2.1.0",
		"root": map[string]any{
			"1": []any{true, 1.5}, "false": []any{true, 1.5}, "dag": map[string]any{"tasks": map[string]any{}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("echoed %v, want %v", got, want)
	}
}

func TestParametersOfAV2PackageAreChecked(t *testing.T) {
	s := newSubject(Options{})
	id := s.pipeline(t, representationHead+`
root:
  inputDefinitions:
    parameters:
      needed: {parameterType: NUMBER_INTEGER}
      text: {parameterType: STRING, defaultValue: ""}
      flag: {parameterType: BOOLEAN, isOptional: true}
      list: {parameterType: LIST, isOptional: true}
      map: {parameterType: STRUCT, isOptional: true}
      double: {parameterType: NUMBER_DOUBLE, isOptional: true}
      odd: {parameterType: COLOUR, isOptional: true}
`)
	for params, want := range map[string]int{
		`{"needed":1}`:   http.StatusOK,
		`{"needed":1.5}`: http.StatusOK, // as KFP does
		`{"needed":1,"text":"","flag":false,"list":[],"map":{},"double":1e3}`: http.StatusOK,
		`{}`:                       http.StatusBadRequest,
		`null`:                     http.StatusBadRequest,
		`{"needed":"1"}`:           http.StatusBadRequest,
		`{"needed":null}`:          http.StatusBadRequest,
		`{"needed":1,"text":1}`:    http.StatusBadRequest,
		`{"needed":1,"flag":"no"}`: http.StatusBadRequest,
		`{"needed":1,"list":{}}`:   http.StatusBadRequest,
		`{"needed":1,"map":[]}`:    http.StatusBadRequest,
		`{"needed":1,"odd":1}`:     http.StatusBadRequest,
		`{"needed":1,"new":1}`:     http.StatusBadRequest,
	} {
		body := `{"display_name":"one","pipeline_version_reference":{"pipeline_id":"` + id + `"},"runtime_config":{"parameters":` + params + `}}`
		if status, _, answer := s.ask(http.MethodPost, "/runs", nil, strings.NewReader(body)); status != want {
			t.Errorf("%s: answered %d %s, want %d", params, status, answer, want)
		}
	}
}
