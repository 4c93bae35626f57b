package workload

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const cachedPipeline = `# PIPELINE DEFINITION
components:
  comp-inner:
    dag:
      tasks:
        deep:
          cachingOptions:
            enableCache: true  # kept
  comp-leaf:
    executorLabel: exec-leaf
deploymentSpec:
  executors:
    exec-leaf:
      container:
        args: ["cachingOptions: {enableCache: true}"]
root:
  dag:
    tasks:
      größe: {cachingOptions: {enableCache: true}, taskInfo: {name: größe}}
      off:
        cachingOptions:
          enableCache: false
      plain:
        cachingOptions: {}
      loop:
        cachingOptions:
          enableCache: True
---
platforms:
  kubernetes: {}
`

func TestDisableCache(t *testing.T) {
	want := strings.NewReplacer(
		"enableCache: true  # kept", "enableCache: false  # kept",
		"größe: {cachingOptions: {enableCache: true}", "größe: {cachingOptions: {enableCache: false}",
		"enableCache: True", "enableCache: false",
	).Replace(cachedPipeline)
	for name, lines := range map[string]string{"\n": "\n", "\r\n": "\r\n"} {
		got, doubt := setCache([]byte(strings.ReplaceAll(cachedPipeline, "\n", lines)), false)
		if doubt != "" || string(got) != strings.ReplaceAll(want, "\n", lines) {
			t.Errorf("%q: doubt %q, got\n%s", name, doubt, got)
		}
	}
}

func TestDisableCacheInJSON(t *testing.T) {
	const pipeline = `{"components":{"comp":{"dag":{"tasks":{"a":{"cachingOptions":{"enableCache":true}}}}}},
	"root":{"dag":{"tasks":{"ü":{"cachingOptions":{"enableCache":true},"n":1.0}, "c":{"cachingOptions":{}}}}}}`
	got, doubt := setCache([]byte(pipeline), false)
	if want := strings.ReplaceAll(pipeline, "true", "false"); doubt != "" || string(got) != want {
		t.Errorf("doubt %q, got %s", doubt, got)
	}
}

func TestDisableCacheFollowsAnchors(t *testing.T) {
	const pipeline = "root:\n  dag:\n    tasks:\n      a:\n        cachingOptions: &on {enableCache: true}\n" +
		"      b:\n        cachingOptions: *on\n"
	got, doubt := setCache([]byte(pipeline), false)
	if want := strings.Replace(pipeline, "true", "false", 1); doubt != "" || string(got) != want {
		t.Errorf("doubt %q, got %s", doubt, got)
	}
}

func TestDisableCacheLeavesWhatItCannotDo(t *testing.T) {
	for text, want := range map[string]string{
		"\x1f\x8b\x08rest":                 doubtArchive,
		"PK\x03\x04rest":                   doubtArchive,
		"kind: Workflow\nspec: {}\n":       doubtV1,
		"":                                 doubtV1,
		"- a\n":                            doubtV1,
		"root: [\n":                        doubtUnparsed,
		"\xff\xfer\x00:\x00 \x001\x00":     doubtV1,
		"root: 1\n---\nroot: {dag: [1]}\n": "",
	} {
		if got, doubt := setCache([]byte(text), false); doubt != want || string(got) != text {
			t.Errorf("%q: doubt %q, want %q; content %q", text, doubt, want, got)
		}
	}
}

func FuzzDisableCache(f *testing.F) {
	f.Add([]byte(cachedPipeline))
	f.Add([]byte(`{"root":{"dag":{"tasks":{"a":{"cachingOptions":{"enableCache":true}}}}}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		rewritten, doubt := setCache(content, false)
		if doubt != "" {
			return
		}
		var before, after yaml.Node
		if yaml.Unmarshal(content, &before) != nil {
			return
		}
		if err := yaml.Unmarshal(rewritten, &after); err != nil {
			t.Fatalf("%q became %q: %v", content, rewritten, err)
		}
		if left, _ := cacheSwitches(&after, true); len(left) > 0 {
			t.Errorf("%q became %q, which still caches", content, rewritten)
		}
	})
}
