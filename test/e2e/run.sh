#!/usr/bin/env bash
# Runs the suite: on the cluster of test/cluster, or on the one that KFPPERF_E2E_KUBECONFIG names, with
# the image KFPPERF_E2E_IMAGE that it can pull. Arguments go to go test. Called by `make e2e`.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ -n ${KFPPERF_E2E_KUBECONFIG:-} ]]; then
  export KFPPERF_E2E_IMAGE=${KFPPERF_E2E_IMAGE:?name the image that this cluster can pull}
  export KUBECONFIG=$KFPPERF_E2E_KUBECONFIG
else
  cluster="go -C test/cluster run ."
  $cluster up >/dev/null
  eval "$($cluster env)"
  export KFPPERF_E2E_IMAGE=$IMAGE KFPPERF_E2E_PREPARED_IMAGE=docker.io/kfpperf-test/prepared-runner:e2e
  $cluster image --binary "$PWD/bin/kubectl-kfpperf" --name "$KFPPERF_E2E_IMAGE"
  $cluster image --binary "$PWD/bin/prepared-runner" --name "$KFPPERF_E2E_PREPARED_IMAGE"
fi
export PATH=$PWD/bin:$PATH
go test -tags e2e -count=1 -timeout 35m "$@" ./test/e2e/...
