# Every target that README.md or docs/ name, and nothing that only one machine can run.
SHELL := /bin/bash
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty --match 'v*' 2>/dev/null | sed -n '/^v/p' | grep . || echo v0.1.0-dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
IMAGE ?= ghcr.io/kfpperf/kubectl-kfpperf:$(VERSION)
PLATFORMS := darwin-amd64 darwin-arm64 linux-amd64 linux-arm64 windows-amd64
BIN := $(CURDIR)/bin
CLUSTER := $(GO) -C test/cluster run .

.PHONY: build test fuzz bench lint e2e e2e-slow faults conformance demo archives cluster cluster-down cluster-check

build: ## the plugin, static, in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN)/kubectl-kfpperf ./cmd/kubectl-kfpperf

test: ## unit, script and conformance tests; no cluster, no network
	$(GO) vet ./... && $(GO) vet -tags e2e ./test/e2e/... && $(GO) vet -tags e2e,multiuser ./test/e2e/... && $(GO) vet -tags e2e,slow ./test/e2e/faults
	$(GO) test -race ./...
	$(GO) -C test/cluster test ./...

# The parser of scenarios reads what anybody writes, so it gets FUZZTIME; the others get a few seconds each.
# Up to Go 1.26 a target may fail at its end for no other reason than that the time is over (go.dev/issue/75804).
FUZZTIME ?= 30s
fuzz: ## every fuzz target of the module in turn
	@grep -rEo '^func Fuzz[A-Za-z]+' --include='*_test.go' pkg | sort | while IFS=: read -r file target; do \
		target=$${target#func }; time=5s; [ $$target != FuzzLoad ] || time=$(FUZZTIME); \
		echo "$$target for $$time"; \
		said=$$($(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $$time -fuzzminimizetime 1s ./$${file%/*} 2>&1) || \
			grep -q '^    context deadline exceeded$$' <<<"$$said" || { echo "$$said"; exit 1; }; \
	done

# The benchmarks of single calls give orders of magnitude, and what stands side by side. Those of the whole worker
# make SAMPLES calls each, and fail where they find more than the product promises: a quiet machine is theirs for 13
# minutes, or with SAMPLES=10000 for half of one. docs/bench.md has what they found.
BENCHTIME ?= 0.2s
SAMPLES ?= 1000000
bench: ## every benchmark of the module: single calls briefly, then the whole worker
	$(GO) test -run '^$$' -bench . -benchtime $(BENCHTIME) $$(grep -rl '^func Benchmark' --include='*_test.go' pkg | xargs -n 1 dirname | sort -u | sed 's,^,./,')
	KFPPERF_BENCH_SAMPLES=$(SAMPLES) $(GO) test -run '^$$' -bench . -benchtime 1x -timeout 30m ./test/bench

lint: ## golangci-lint at the version that tools/go.mod pins
	$(GO) build -modfile=tools/go.mod -o $(BIN)/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	$(BIN)/golangci-lint run --build-tags e2e,slow ./...
	$(BIN)/golangci-lint run --build-tags e2e,multiuser --disable unused ./test/e2e/... # what the first phase alone uses is shared
	cd test/cluster && $(BIN)/golangci-lint run --config $(CURDIR)/.golangci.yml ./...

demo: build ## the shipped smoke scenario against the KFP in this process; needs only Go
	$(BIN)/kubectl-kfpperf run smoke.json --sandbox --speed 60x --output-dir $(BIN)

cluster: ## a real Kubernetes with a real KFP on this machine (Debian, root); CLUSTER_FLAGS=--multi-user for a multi-user one
	@$(CLUSTER) up $(CLUSTER_FLAGS)

cluster-down: ## stops it and removes all it made but the build cache
	@$(CLUSTER) down

cluster-check: ## up, dirty kill, up, down: nothing of it may be left on the machine
	bash test/cluster/check.sh

archives: $(PLATFORMS:%=archive-%) ## what a release offers to Krew, in dist/

archive-%: ## one platform's archive, such as archive-linux-arm64
	mkdir -p dist/$* && cp LICENSE dist/$*/
	CGO_ENABLED=0 GOOS=$(word 1,$(subst -, ,$*)) GOARCH=$(word 2,$(subst -, ,$*)) $(GO) build -trimpath \
		-ldflags '$(LDFLAGS)' -o dist/$*/ ./cmd/kubectl-kfpperf
	tar -C dist/$* --sort=name --owner=0 --group=0 --mtime=@0 -czf dist/kubectl-kfpperf_$(subst -,_,$*).tar.gz .

e2e: build archive-$(shell $(GO) env GOOS)-$(shell $(GO) env GOARCH) ## the suite, single-user and multi-user, on the real cluster, or on KFPPERF_E2E_KUBECONFIG with KFPPERF_E2E_IMAGE
	$(GO) build -modfile=tools/krew/go.mod -o $(BIN)/krew sigs.k8s.io/krew/cmd/krew
	CGO_ENABLED=0 $(GO) build -o $(BIN)/prepared-runner ./test/e2e/prepared-runner
	IMAGE=$(IMAGE) bash test/e2e/run.sh $(E2E_FLAGS)

faults: build ## every fault that a run must survive, on the real cluster, in about 40 minutes; writes the table of docs/reliability.md
	CGO_ENABLED=0 $(GO) build -o $(BIN)/prepared-runner ./test/e2e/prepared-runner
	rm -f $(BIN)/faults.jsonl
	IMAGE=$(IMAGE) KFPPERF_E2E_MODES=single-user KFPPERF_E2E_TAGS=slow KFPPERF_E2E_PACKAGES=./test/e2e/faults/ \
		KFPPERF_FAULTS_REPORT=$(BIN)/faults.jsonl bash test/e2e/run.sh -timeout 90m $(E2E_FLAGS)
	$(GO) run ./test/e2e/faults/write-matrix docs/reliability.md <$(BIN)/faults.jsonl

e2e-slow: build ## what takes too long for every change: a Job that outlives its token, 15 minutes (docs/security.md)
	IMAGE=$(IMAGE) KFPPERF_E2E_MODES=multi-user KFPPERF_E2E_TAGS=slow bash test/e2e/run.sh -v -run OutlivesItsToken
