package sandbox

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// defaultExperiment takes the runs that name no other.
const defaultExperiment = "Default"

// store is what the server knows. Everything in it is kept in the order it was made.
type store struct {
	mu          sync.Mutex
	pipelines   []*pipeline
	experiments []*experiment
	runs        []*run
}

// pipeline is a pipeline with the one version that an upload makes.
type pipeline struct {
	id, versionID, name string
	created             time.Time
	spec                spec
}

type experiment struct {
	id, name, description string
	created               time.Time
}

func newStore(now time.Time) *store {
	return &store{experiments: []*experiment{{
		id: newID(), name: defaultExperiment, created: now,
		description: "All runs created without specifying an experiment will be grouped here.",
	}}}
}

// addPipeline reports false when the name is taken.
func (s *store) addPipeline(p *pipeline) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.pipelines, func(other *pipeline) bool { return same(other.name, p.name) }) {
		return false
	}
	s.pipelines = append(s.pipelines, p)
	return true
}

// pipelineWith returns the first pipeline that meets a condition, or nil.
func (s *store) pipelineWith(meets func(*pipeline) bool) *pipeline {
	s.mu.Lock()
	defer s.mu.Unlock()
	return first(s.pipelines, meets)
}

// addExperiment reports false when the name is taken.
func (s *store) addExperiment(e *experiment) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.experiments, func(other *experiment) bool { return same(other.name, e.name) }) {
		return false
	}
	s.experiments = append(s.experiments, e)
	return true
}

// experimentWith returns the first experiment that meets a condition, or nil.
func (s *store) experimentWith(meets func(*experiment) bool) *experiment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return first(s.experiments, meets)
}

func (s *store) allExperiments() []*experiment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.experiments)
}

func (s *store) addRun(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = append(s.runs, r)
}

func (s *store) allRuns() []*run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.runs)
}

// first returns the first of the items that meets a condition, or nil.
func first[T any](items []*T, meets func(*T) bool) *T {
	if i := slices.IndexFunc(items, meets); i >= 0 {
		return items[i]
	}
	return nil
}

// same compares names as KFP's MySQL does: it takes no notice of case and of spaces at the end.
func same(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, " "), strings.TrimRight(b, " "))
}

// newID returns a random UUID, version 4.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: it would end the process
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
