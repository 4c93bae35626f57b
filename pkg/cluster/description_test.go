package cluster

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestAClusterIsDescribed(t *testing.T) {
	a, o := newObserved(t)
	e, gaps := o.Describe(t.Context())
	node := func(name string) result.Node {
		return result.Node{Name: name, Kubelet: "v1.37.1", Architecture: "arm64", CPUMilli: 4000, MemoryBytes: 8 << 30}
	}
	want := result.Environment{
		Kubernetes: "v1.37.2", Nodes: []result.Node{node("one"), node("two")}, Node: "two", ImageDigest: "sha256:abc",
	}
	if !reflect.DeepEqual(e, want) || len(gaps) != 0 {
		t.Errorf("%+v, gaps %+v", e, gaps)
	}
	if got := a.queries(pathNodes); len(got) != 1 || got[0].Get("limit") != "100" {
		t.Errorf("nodes were asked for with %v", got)
	}
}

func TestOutsideAPodThereIsNoOwnPod(t *testing.T) {
	a, o := newObserved(t)
	o.Pod = ""
	e, gaps := o.Describe(t.Context())
	if e.Node != "" || e.ImageDigest != "" || len(gaps) != 0 {
		t.Errorf("%+v, gaps %+v", e, gaps)
	}
	if asked := a.queries(pathOwnPod); len(asked) != 0 {
		t.Errorf("the pod was asked for %d times", len(asked))
	}
}

func TestAnImageThatIsNotToldYetIsLookedAtAgain(t *testing.T) {
	for told, want := range map[int]string{1: "sha256:abc", 3: "sha256:abc", 5: "sha256:abc", 6: ""} {
		a, o := newObserved(t)
		looks := 0
		a.answers[pathOwnPod] = func(w http.ResponseWriter, r *http.Request) {
			if looks++; looks < told {
				says(ownPodWith(""))(w, r)
				return
			}
			says(ownPodWith("sha256:abc"))(w, r)
		}
		e, gaps := o.Describe(t.Context())
		if e.ImageDigest != want || e.Node != "two" || (len(gaps) == 0) != (want != "") {
			t.Errorf("told at look %d: %+v, gaps %+v", told, e, gaps)
		}
		if want == "" && (gaps[0].What != "environment.imageDigest" || looks != 5) {
			t.Errorf("gaps %+v after %d looks", gaps, looks)
		}
	}
}

func TestOnlySomeOfManyNodesAreListed(t *testing.T) {
	a, o := newObserved(t)
	a.answers[pathNodes] = says(corev1.NodeList{ListMeta: metav1.ListMeta{Continue: "more"}, Items: []corev1.Node{nodeOf("one")}})
	e, gaps := o.Describe(t.Context())
	if len(e.Nodes) != 1 || len(gaps) != 1 || !strings.Contains(gaps[0].Why, "only the first 1 nodes") {
		t.Errorf("%+v, gaps %+v", e, gaps)
	}
}
