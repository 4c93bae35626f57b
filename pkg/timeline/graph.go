package timeline

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// graph is the nodes of a workflow with what each of them waited for.
type graph struct {
	nodes []*node
}

// node is a node of a workflow.
type node struct {
	kfp.Task
	// parents are the nodes that name this one as a child: a group that it is in, or what came before it.
	parents []*node
	// group says that the node holds others and does no work of its own. In a v2 pipeline all do but drivers and
	// executors; in others those that go on when one of their children begins.
	group bool
}

func graphOf(tasks []kfp.Task) *graph {
	g := &graph{}
	byName := map[string]*node{}
	for _, t := range tasks {
		n := &node{Task: t}
		g.nodes = append(g.nodes, n)
		if t.Node != "" {
			byName[t.Node] = n
		}
	}
	v2 := slices.ContainsFunc(g.nodes, (*node).driver)
	for _, n := range g.nodes {
		n.group = v2 && !n.driver() && !n.executor()
		for _, name := range n.Children {
			child := byName[name]
			if child == nil || child == n {
				continue
			}
			child.parents = append(child.parents, n)
			// What comes after a pod starts when it has ended, what is in a group while that is going on.
			if !v2 && !child.Start.IsZero() && (n.End.IsZero() || child.Start.Before(n.End)) {
				n.group = true
			}
		}
	}
	for _, n := range g.nodes {
		n.group = n.group || g.holdsAttempts(n) || !v2 && g.holdsAll(n)
	}
	return g
}

// holdsAttempts reports whether a node stands for the attempts at a step, by their names.
func (g *graph) holdsAttempts(n *node) bool {
	return slices.ContainsFunc(g.nodes, func(other *node) bool {
		return other.Name != n.Name && withoutAttempt(other.Name) == n.Name && !other.Start.Before(n.Start) && !other.End.After(n.End)
	})
}

// holdsAll reports whether a node is the workflow itself: it has children, and begins before all and ends after
// all. Of a server that does not name its nodes no more can be told.
func (g *graph) holdsAll(n *node) bool {
	return len(n.Children) > 0 && len(g.nodes) > 1 && !slices.ContainsFunc(g.nodes, func(other *node) bool {
		return other.Start.Before(n.Start) || other.End.After(n.End)
	})
}

// rootEnd is when the tasks of a v2 pipeline were seen as ended, all of them; zero where no node tells.
func (g *graph) rootEnd() time.Time {
	for _, n := range g.nodes {
		if n.group && n.Name == "root" {
			return n.End
		}
	}
	return time.Time{}
}

// before returns what a node waited for: of the pods that lead to it, the one that ended last. Where the
// server names none it is the one that ended last before it started. It is nil of the first.
func (g *graph) before(n *node) *node {
	seen := map[*node]bool{n: true}
	found := lastOf(n.causes(seen), n)
	if found == nil {
		found = lastOf(g.nodes, n)
	}
	return found
}

// causes returns the pods that lead to a node, through the groups that it is in.
func (n *node) causes(seen map[*node]bool) []*node {
	var causes []*node
	for _, p := range n.parents {
		switch {
		case seen[p]:
			continue
		case p.ran():
			causes = append(causes, p)
		}
		seen[p] = true
		if !p.ran() {
			causes = append(causes, p.causes(seen)...)
		}
	}
	return causes
}

// lastOf returns the pod that ended last and not after n started. One that did not start before n is passed
// over: it took no time, and no walk may go round in a circle.
func lastOf(pods []*node, n *node) *node {
	var last *node
	for _, p := range pods {
		if p == n || !p.ran() || p.End.After(n.Start) || !p.Start.Before(n.Start) {
			continue
		}
		if last == nil || p.End.After(last.End) {
			last = p
		}
	}
	return last
}

// ran reports whether the node is a pod that ran to its end.
func (n *node) ran() bool {
	return !n.group && n.State != "SKIPPED" && !n.Start.IsZero() && !n.End.IsZero() && !n.End.Before(n.Start)
}

// driver reports whether the node is one of KFP's driver pods.
func (n *node) driver() bool { return strings.HasSuffix(withoutAttempt(n.Name), "-driver") }

// executor reports whether the node is a pod that runs a step of a v2 pipeline.
func (n *node) executor() bool { return withoutAttempt(n.Name) == "executor" }

// attempt is the number of the attempt that the node is of a step, from 0.
func (n *node) attempt() int {
	number := strings.TrimSuffix(strings.TrimPrefix(n.Name, withoutAttempt(n.Name)+"("), ")")
	attempt, err := strconv.Atoi(number)
	if err != nil {
		return 0
	}
	return attempt
}

// withoutAttempt returns a name without the number of an attempt, such as "(2)".
func withoutAttempt(name string) string {
	open := strings.LastIndexByte(name, '(')
	if open < 0 || !strings.HasSuffix(name, ")") {
		return name
	}
	if _, err := strconv.Atoi(name[open+1 : len(name)-1]); err != nil {
		return name
	}
	return name[:open]
}
