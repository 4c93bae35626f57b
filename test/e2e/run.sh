#!/usr/bin/env bash
# Runs the suite: on the cluster of test/cluster, or on the one that KFPPERF_E2E_KUBECONFIG names, with
# the image KFPPERF_E2E_IMAGE that it can pull. Arguments go to go test. Called by `make e2e`.
#
# The suite has a phase for each mode of KFP's server. The cluster of test/cluster is switched between them and
# stays multi-user; KFPPERF_E2E_MODES names one of them to run it alone. Another cluster is not switched: it gets
# the phase of the mode that its KFP says it is in.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH=$PWD/bin:$PATH

say() { printf 'e2e: %s\n' "$*" >&2; }

# own_cluster makes the cluster of test/cluster ready for a phase. A cluster that had to be started anew has no
# images, so they are imported each time; it takes a second or two.
own_cluster() {
  local cluster="go -C test/cluster run ."
  $cluster up $([[ $1 != multi-user ]] || echo --multi-user) >/dev/null
  eval "$($cluster env)"
  export KFPPERF_E2E_IMAGE=$IMAGE KFPPERF_E2E_PREPARED_IMAGE=docker.io/kfpperf-test/prepared-runner:e2e
  $cluster image --binary "$PWD/bin/kubectl-kfpperf" --name "$KFPPERF_E2E_IMAGE"
  $cluster image --binary "$PWD/bin/prepared-runner" --name "$KFPPERF_E2E_PREPARED_IMAGE"
}

# mode_of_the_server prints the mode that the cluster's KFP says it is in.
mode_of_the_server() {
  local health
  health=$(kubectl get --raw /api/v1/namespaces/kubeflow/services/http:ml-pipeline:8888/proxy/apis/v2beta1/healthz)
  if [[ $health =~ \"multi_user\":\ ?true ]]; then echo multi-user; else echo single-user; fi
}

if [[ -n ${KFPPERF_E2E_KUBECONFIG:-} ]]; then
  export KFPPERF_E2E_IMAGE=${KFPPERF_E2E_IMAGE:?name the image that this cluster can pull}
  export KUBECONFIG=$KFPPERF_E2E_KUBECONFIG
  modes=$(mode_of_the_server)
else
  modes=${KFPPERF_E2E_MODES:-single-user multi-user}
fi

failed=0
for mode in $modes; do
  case $mode in
  single-user) tags=e2e${KFPPERF_E2E_TAGS:+,$KFPPERF_E2E_TAGS} ;;
  multi-user) tags=e2e,multiuser${KFPPERF_E2E_TAGS:+,$KFPPERF_E2E_TAGS} ;;
  *) say "KFPPERF_E2E_MODES: no mode is called $mode, but single-user and multi-user" && exit 2 ;;
  esac
  if [[ -z ${KFPPERF_E2E_KUBECONFIG:-} ]]; then own_cluster "$mode"; fi
  say "the tests of a $mode KFP"
  # One package after the other: they share the cluster, and one of them hurts it.
  # Tests that wait more than they do, and measure nothing, run beside each other when the others are through.
  go test -tags "$tags" -count=1 -p 1 -parallel 4 -timeout 35m "$@" "${KFPPERF_E2E_PACKAGES:-./test/e2e/...}" || failed=1
done
exit $failed
