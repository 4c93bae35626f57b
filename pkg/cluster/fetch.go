package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/klog/v2"
	"k8s.io/streaming/pkg/httpstream"
)

// fetch is a result that is fetched in ranges from a results container that holds it. What was read and checked
// stays when a stream breaks.
type fetch struct {
	assembly handoff.Assembly
	// next is when to try again.
	next time.Time
	// asked says that the result was asked for on the log, because it was fetched, or cannot be.
	asked bool
	// got is when it was whole.
	got time.Time
}

func (f *fetch) whole() bool { return f.assembly.Whole() }

func (f *fetch) content() ([]byte, error) { return f.assembly.Content() }

// collected is what was fetched of a container that has not left its record within a while: the frames prove that
// it is whole.
func (f *fetch) collected(runID string) (Collected, error) {
	content, err := f.content()
	if err != nil {
		return Collected{}, err
	}
	return Collected{Content: content, Commit: handoff.Commit{
		Protocol: handoff.Protocol, RunID: runID, Bytes: len(content), SHA256: handoff.Sum(content),
	}}, nil
}

// fetchFrom fetches more of what the results container holds. A small result is on its log within a moment, and nothing is
// fetched. Who may not exec asks for the log, and who may not do that waits until the container has held it for
// long enough.
func (t *taking) fetchFrom(ctx context.Context, pod string) {
	f := &t.fetch
	if f.next.IsZero() {
		f.next = t.began.Add(t.patience)
	}
	if f.asked || time.Now().Before(f.next) {
		return
	}
	allowed, _, err := t.allowed(ctx, right{verb: "create", resource: "pods", subresource: "exec"})
	if denied := t.exec == nil || err == nil && !allowed; !denied {
		if err := t.fetchRange(ctx, pod); err != nil || !f.whole() {
			f.next = time.Now().Add(t.patience)
			return // it may hold none yet, or the stream broke: what was read stays
		}
		f.got = time.Now()
	}
	f.asked = true
	_ = t.ask(ctx, pod, handoff.CollectAnnotation, handoff.CollectPrint) // else it waits for longer
}

// overhear reads the log of a results container while it prints: of a pod that is being deleted, nobody can read it
// afterwards.
func (t *taking) overhear(ctx context.Context, pod string) {
	stream, err := t.client.CoreV1().Pods(t.namespace).GetLogs(pod, &corev1.PodLogOptions{
		Container: handoff.ResultsContainer, Follow: true,
	}).Stream(ctx)
	if err != nil {
		return // the next look tells what there is
	}
	defer func() { _ = stream.Close() }() // it was only read
	if err := t.fetch.assembly.Read(stream); err == nil && t.fetch.whole() {
		t.fetch.got, t.fetch.asked = time.Now(), true
	}
}

// fetchRange reads frames by exec, from the first that is missing on, until the stream ends or stalls.
func (t *taking) fetchRange(ctx context.Context, pod string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, writer := io.Pipe()
	var running sync.WaitGroup
	var ended error
	running.Go(func() {
		ended = t.exec(ctx, t.namespace, pod, handoff.ResultsContainer, handoff.FramesCommand(t.fetch.assembly.Next()), writer)
		_ = writer.CloseWithError(io.EOF) // never fails
	})
	stall := time.AfterFunc(t.stall, cancel)
	err := t.fetch.assembly.Read(&alert{reader, func() { stall.Reset(t.stall) }})
	stall.Stop()
	_ = reader.Close() // never fails; what is still written is not wanted
	cancel()
	running.Wait()
	if t.fetch.whole() {
		return nil // however the stream ended
	}
	return errors.Join(err, ended)
}

// alert tells of each read.
type alert struct {
	io.Reader
	tell func()
}

func (a *alert) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	a.tell()
	return n, err
}

// ask leaves a wish where the pod finds it.
func (c *Cluster) ask(ctx context.Context, pod, annotation, wish string) error {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	patch := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:%q}}}`, annotation, wish)
	_, err := c.client.CoreV1().Pods(c.namespace).Patch(ctx, pod, types.MergePatchType, patch, metav1.PatchOptions{})
	if err != nil {
		return fmt.Errorf("annotating pod %s: %w", pod, err)
	}
	return nil
}

// Executing lets a collection fetch large results in ranges, by commands in their containers.
func (c *Cluster) Executing(config *rest.Config) {
	klog.SetSlogLogger(slog.New(slog.DiscardHandler)) // where client-go tells of streams that break, and people need not know
	c.exec = func(ctx context.Context, namespace, pod, container string, command []string, stdout io.Writer) error {
		client, err := kubernetes.NewForConfig(config)
		if err != nil {
			return fmt.Errorf("making a client of Kubernetes: %w", err)
		}
		address := client.CoreV1().RESTClient().Post().Resource("pods").Namespace(namespace).Name(pod).SubResource("exec").
			VersionedParams(&corev1.PodExecOptions{Container: container, Command: command, Stdout: true}, scheme.ParameterCodec).URL()
		socket, err := remotecommand.NewWebSocketExecutor(config, "GET", address.String())
		if err != nil {
			return fmt.Errorf("executing in pod %s: %w", pod, err)
		}
		spdy, err := remotecommand.NewSPDYExecutor(config, "POST", address)
		if err != nil {
			return fmt.Errorf("executing in pod %s: %w", pod, err)
		}
		either, err := remotecommand.NewFallbackExecutor(socket, spdy, func(err error) bool {
			return httpstream.IsUpgradeFailure(err) || httpstream.IsHTTPSProxyError(err)
		})
		if err != nil {
			return fmt.Errorf("executing in pod %s: %w", pod, err)
		}
		return either.StreamWithContext(ctx, remotecommand.StreamOptions{Stdout: stdout})
	}
}
