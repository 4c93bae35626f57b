package cluster

import (
	"context"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// Keys of the ConfigMaps that a run leaves in its namespace.
const (
	claimPod = "pod"
	claimUID = "uid"
	// keptCommit is the commit record, and keptResult the result, gzipped.
	keptCommit = "commit.json"
	keptResult = "result.json.gz"
)

// MostKept is how large a packed result may be to be kept in a ConfigMap, which holds 1 MiB and costs etcd and all
// who watch it.
const MostKept = 512 << 10

// ErrClaimed says that another pod has claimed the run, and puts the load on.
var ErrClaimed = errors.New("another pod has claimed the run")

// ErrDenied says that the account may not do something that a run can do without.
var ErrDenied = errors.New("the account may not")

// Inside is a run's pod, which leaves things in its own namespace as its account may.
type Inside struct {
	// RunID and Namespace are the run's, Pod and PodUID its pod's, JobUID is that of its Job.
	RunID, Namespace, Pod, PodUID, JobUID string
	client                                kubernetes.Interface
}

// Connect gives the pod a client with the rights of a configuration. Nothing is asked yet.
func (i *Inside) Connect(config *rest.Config) error {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("making a client of Kubernetes: %w", err)
	}
	i.client = client
	return nil
}

// Claim makes the run this pod's: a Job may start a second pod when a node is lost, and two would put on twice the
// load. Its error is ErrClaimed, ErrDenied, or says that the Kubernetes API did not answer.
func (i *Inside) Claim(ctx context.Context) error {
	claim := i.configMap(jobspec.ClaimName(i.RunID))
	claim.Data = map[string]string{claimPod: i.Pod, claimUID: i.PodUID}
	err := i.create(ctx, claim)
	if !apierrors.IsAlreadyExists(err) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	found, err := i.client.CoreV1().ConfigMaps(i.Namespace).Get(ctx, claim.Name, metav1.GetOptions{})
	switch {
	case err == nil && found.Data[claimUID] == i.PodUID:
		return nil // an answer of ours was lost
	case err == nil:
		return fmt.Errorf("%w: pod %s, uid %s", ErrClaimed, found.Data[claimPod], found.Data[claimUID])
	}
	return fmt.Errorf("%w: ConfigMap %s exists, and who has it cannot be seen: %w", ErrClaimed, claim.Name, err)
}

// Keep leaves a copy of the result and its commit record, which survives the pod. A parcel larger than MostKept is
// refused by the caller. Its error is as Claim's.
func (i *Inside) Keep(ctx context.Context, commit handoff.Commit, p handoff.Parcel) error {
	encoded, err := commit.Encode()
	if err != nil {
		return err
	}
	kept := i.configMap(jobspec.KeptName(i.RunID))
	kept.Data = map[string]string{keptCommit: string(encoded)}
	kept.BinaryData = map[string][]byte{keptResult: p.Packed}
	err = i.create(ctx, kept)
	if apierrors.IsAlreadyExists(err) {
		return nil // an answer of ours was lost: only the pod that has claimed the run comes here
	}
	return err
}

func (i *Inside) create(ctx context.Context, configMap *corev1.ConfigMap) error {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	_, err := i.client.CoreV1().ConfigMaps(i.Namespace).Create(ctx, configMap, metav1.CreateOptions{})
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) {
		return fmt.Errorf("%w create ConfigMaps in namespace %s: %w", ErrDenied, i.Namespace, err)
	}
	if err != nil {
		return fmt.Errorf("creating ConfigMap %s: %w", configMap.Name, err)
	}
	return nil
}

// configMap is an empty one that goes with the run's Job.
func (i *Inside) configMap(name string) *corev1.ConfigMap {
	immutable := true
	made := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: i.Namespace, Labels: jobspec.RunLabels(i.RunID)},
		Immutable:  &immutable,
	}
	if i.JobUID != "" {
		made.OwnerReferences = []metav1.OwnerReference{{
			APIVersion: batchv1.SchemeGroupVersion.String(), Kind: "Job", Name: jobspec.JobName(i.RunID), UID: types.UID(i.JobUID),
		}}
	}
	return made
}
