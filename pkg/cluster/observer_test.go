package cluster

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/usage"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestWhatMayNotBeSeenIsAGapWithARemedy(t *testing.T) {
	const grant = "grant it with `kubectl apply -k manifests/observer`"
	for name, test := range map[string]struct {
		path   string
		answer http.HandlerFunc
		what   string
		why    []string
	}{
		"no right to pods":    {pathPods, forbids, usage.WhatPods, []string{"may not list pods in namespace kubeflow", grant}},
		"no right to figures": {pathFigures, forbids, usage.WhatFigures, []string{"may not list pods of metrics.k8s.io in namespace kubeflow", grant}},
		"no right to nodes":   {pathNodes, forbids, usage.WhatNodes, []string{"may not list nodes", grant}},
		"no right to our pod": {pathOwnPod, forbids, usage.WhatOwnPod, []string{"may not get pod load-1 in namespace team", grant}},
		"no identity": {pathPods, refuses(http.StatusUnauthorized, metav1.StatusReasonUnauthorized, "who?"), usage.WhatPods,
			[]string{"does not accept the identity"}},
		"no metrics-server": {pathFigures, http.NotFound, usage.WhatFigures, []string{"is not registered", "install metrics-server"}},
		"a metrics-server that is away": {pathFigures, func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "service unavailable", http.StatusServiceUnavailable) // as the aggregator says it
		}, usage.WhatFigures, []string{"registered but not available", "apiservice v1beta1.metrics.k8s.io"}},
		"no pods":           {pathPods, says(corev1.PodList{}), usage.WhatPods, []string{"no pod runs in namespace kubeflow", "--kfp-namespace"}},
		"no version":        {pathVersion, says([]int{}), usage.WhatVersion, []string{"did not tell its version"}},
		"an API that hangs": {pathNodes, hangs, usage.WhatNodes, []string{"did not answer within 1s", "list nodes"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, o := newObserved(t)
			if test.path == pathNodes {
				o.timeout = time.Second
			}
			a.answers[test.path] = test.answer
			pods, ofPods := o.Pods(t.Context())
			e, ofCluster := o.Describe(t.Context())
			gaps := slices.Concat(ofPods, ofCluster)
			if len(gaps) != 1 || gaps[0].What != test.what {
				t.Fatalf("gaps %+v", gaps)
			}
			for _, words := range test.why {
				if !strings.Contains(gaps[0].Why, words) {
					t.Errorf("the gap says %q, not %q", gaps[0].Why, words)
				}
			}
			if (len(pods) == 0) != (test.what == usage.WhatPods) {
				t.Errorf("pods %+v", pods)
			}
			if test.what != usage.WhatVersion && e.Kubernetes != "v1.37.2" || test.what != usage.WhatNodes && len(e.Nodes) != 2 {
				t.Errorf("one gap took other things away: %+v", e)
			}
		})
	}
}

func TestAClosedPortIsAGapAtOnce(t *testing.T) {
	a, o := newObserved(t)
	a.Close()
	_, gaps := o.Pods(t.Context())
	if len(gaps) != 1 || !strings.Contains(gaps[0].Why, "connection refused") {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestTheEndOfARunEndsWhatIsAsked(t *testing.T) {
	a, o := newObserved(t)
	asked := make(chan struct{})
	a.answers[pathPods] = func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		hangs(w, r)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, gaps := o.Pods(ctx)
	if len(gaps) != 1 || !strings.Contains(gaps[0].Why, "the run had ended before the Kubernetes API answered") {
		t.Errorf("gaps %+v", gaps)
	}
}
