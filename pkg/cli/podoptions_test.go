package cli

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/spf13/pflag"
	corev1 "k8s.io/api/core/v1"
)

func TestFlagsShapeThePod(t *testing.T) {
	file := filepath.Join(t.TempDir(), "patch.yaml")
	if err := os.WriteFile(file, []byte("spec: {dnsPolicy: Default}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var o podOptions
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.addFlags(flags)
	err := flags.Parse([]string{
		"--node-selector", "pool=load,zone=a", "--toleration", "pool=load:NoSchedule", "--toleration", "spot", "--image-pull-secret", "a,b",
		"--resources", "cpu=100m,limits.memory=1Gi", "--priority-class", "low", "--label", "team=ml", "--annotation", "example.com/Cost=42",
		"--istio", "native", "--pod-patch", file,
	})
	if err != nil {
		t.Fatal(err)
	}
	pod, err := o.inJob()
	if err != nil {
		t.Fatal(err)
	}
	want := []corev1.Toleration{
		{Key: "pool", Operator: corev1.TolerationOpEqual, Value: "load", Effect: corev1.TaintEffectNoSchedule},
		{Key: "spot", Operator: corev1.TolerationOpExists},
	}
	if !reflect.DeepEqual(pod.Tolerations, want) || !reflect.DeepEqual(pod.ImagePullSecrets, []string{"a", "b"}) {
		t.Errorf("tolerations %+v, secrets %q", pod.Tolerations, pod.ImagePullSecrets)
	}
	if pod.Resources.Requests.Cpu().String() != "100m" || pod.Resources.Limits.Memory().String() != "1Gi" || len(pod.Resources.Limits) != 1 {
		t.Errorf("resources %+v", pod.Resources)
	}
	if string(pod.Patch) != `{"spec":{"dnsPolicy":"Default"}}` || pod.Istio != "native" || pod.NodeSelector["zone"] != "a" || pod.PriorityClass != "low" {
		t.Errorf("pod %+v with patch %s", pod, pod.Patch)
	}
}

func TestASidecarIsAskedToQuit(t *testing.T) {
	var asked []string
	agent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
	}))
	quitSidecar(t.Context(), agent.URL)
	agent.Close()
	quitSidecar(t.Context(), agent.URL) // nobody is there, and nothing is said
	if !reflect.DeepEqual(asked, []string{"POST /quitquitquit"}) {
		t.Errorf("asked %q", asked)
	}
}
