// The sandbox container of every pod: it holds the namespaces and does nothing.
module github.com/kfpperf/kubectl-kfpperf/test/cluster/build/pause

go 1.26.0
