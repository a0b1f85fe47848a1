# PolicyGradEx: the front door. The pipeline itself is pipelines/policygradex.mk.
SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS   += --no-builtin-rules --warn-undefined-variables --no-print-directory
.DEFAULT_GOAL := help
# The stages run in parallel where the pipeline allows it; the targets of this file do not.
.NOTPARALLEL:

benchmark ?= halfcheetah
profile   ?=
seed      ?= 0
seeds     ?= $(seed)
threads   ?= $(shell nproc)
runs      ?= runs
peers     ?=
against   ?=
torch     ?=
only      ?=
rounds    ?= 5
kernels   ?= native
record    ?=
force     ?=
# Stands before every recipe that takes long: where it is sent, such as "srun --cpus-per-task=8"; empty to run it here.
launch    ?=

# What is said on the command line becomes part of commands, so it holds nothing that make or a shell would act on.
unsafe := ; & | < > ( ) ` ' " \ * ? { } [ ] ! % : \# $$
said    = $(filter command% environment%,$(origin $(1)))
$(foreach name,benchmark profile seed seeds threads runs against only rounds seconds record force ablation tasks launch shard start,$(if $(call said,$(name)),$(foreach \
  character,$(unsafe),$(if $(findstring $(character),$(value $(name))),$(error $(name) is "$(value $(name))", \
  without $(character) it could be used)))))
$(foreach name,benchmark profile seed threads runs,$(if $(call said,$(name)),$(if $(word 2,$(value $(name))),$(error \
  $(name) is "$(value $(name))", without a space it could be used))))

ifeq ($(shell [[ "$(threads)" =~ ^([1-9][0-9]{0,2}|10[01][0-9]|102[0-4])$$ ]] && echo fits),)
$(error threads is "$(threads)", it must be a number from 1 to 1024)
endif

ifneq ($(kernels),native)
ifneq ($(kernels),common)
$(error kernels is "$(kernels)", it must be native or common)
endif
endif

STAGES := meta-train collect-gradients sample-subsets linearized-adapt score cluster full-train-eval
BIN    := .build/release
CONFIG := configs/$(benchmark).yaml
RUN    := $(runs)/$(benchmark)$(if $(profile),-$(profile))
DIRS   := $(seeds:%=$(RUN)/seed-%)
DAG    := -f pipelines/policygradex.mk BIN=$(BIN) threads=$(threads) kernels=$(kernels) launch='$(launch)'

export PKG_CONFIG_PATH := $(CURDIR)/.deps/mujoco/pkgconfig$(if $(value PKG_CONFIG_PATH),:$(value PKG_CONFIG_PATH))
SWIFT := swift build -c release --quiet

.PHONY: help all dry-run doctor truth setup build config report test verify golden reliability mutants sanitize parity learning bench growth lint format clean distclean $(STAGES) $(STAGES:%=redo-%)

## make benchmark=NAME all       every stage and the table at the end   (NAME: a file of configs/)
##                               profile=NAME (smoke, …), seed=S or seeds="0 1 2", threads=N, runs=FOLDER, -jN go with any target,
##                               and so do kernels=common: the same bytes on every processor with AVX2 and FMA, and
##                               launch="COMMAND": what takes long is run by that, such as launch="srun --cpus-per-task=8"
all: full-train-eval report

## make benchmark=NAME <stage>   one stage and whatever it still needs:
##                               meta-train collect-gradients sample-subsets linearized-adapt score cluster full-train-eval
$(filter-out full-train-eval,$(STAGES)): config
	+@$(MAKE) $(DAG) $(DIRS:%=%/$@.h5)

# The task sets to train are known once the tasks are grouped, so a second call of make reads them from cluster.h5.
# Every set is trained by one thread, as many sets at once as there are threads (or as -j says).
SETS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(threads)) RUNS="$(DIRS)"
full-train-eval: cluster
	+@$(MAKE) $(DAG) $(SETS) $(DIRS:%=%/$@.h5)

## make redo-<stage>             that stage again, even if it is up to date; if it is stopped, make <stage> does the rest
# The stage's slice becomes new, so what is there stays until its successor is whole; for make -n it counts as new.
ASIF = $(if $(findstring n,$(firstword -$(MAKEFLAGS))),$(DIRS:%=-W %/config/$(1).yaml))
$(filter-out redo-full-train-eval,$(STAGES:%=redo-%)): redo-%: config
	@touch $(DIRS:%=%/config/$*.yaml)
	+@$(MAKE) $(DAG) $(call ASIF,$*) $(DIRS:%=%/$*.h5)
redo-full-train-eval: cluster
	@touch $(DIRS:%=%/config/full-train-eval.yaml) $(DIRS:%=%/config/full-train-eval-training.yaml)
	+@$(MAKE) $(DAG) $(SETS) $(call ASIF,full-train-eval) $(call ASIF,full-train-eval-training) $(DIRS:%=%/full-train-eval.h5)

## make benchmark=NAME dry-run   environment steps, wall time, memory and disk of every stage, predicted in two seconds; runs nothing
dry-run: build
	@OPENBLAS_NUM_THREADS=1 $(BIN)/pgx plan $(CONFIG) $(if $(profile),--profile $(profile)) --seeds "$(seeds)" \
	  --threads $(threads) --run $(RUN)

## make benchmark=NAME truth     what training really gives for the task sets of the section truth, over seeds="0 1", from fresh networks and
##                               from the policy of meta-train, merged into truth.h5; shard=3/16 trains a part, start=scratch or meta one kind
shard ?= 1/1
start ?= both
truth: build
	+@$(MAKE) seeds="$(TRUTH_SEEDS)" $(if $(filter scratch,$(start)),config,meta-train)
	@for seed in $(TRUTH_SEEDS); do run=$(RUN)/seed-$$seed; mkdir -p $$run/truth $$run/logs; \
	  scripts/logged $$run/logs/truth-$(subst /,-of-,$(shard)).log $(strip $(launch) $(BIN)/truth) train \
	    --config $$run/config/truth.yaml $(if $(filter scratch,$(start)),,--meta-train $$run/meta-train.h5) \
	    --shard $(shard) --start $(start) --threads $(threads) --output $$run/truth; done
	@$(BIN)/truth merge $(TRUTH_SEEDS:%=$(RUN)/seed-%) --output $(RUN)/truth.h5
TRUTH_SEEDS = $(or $(if $(call said,seeds),$(seeds)),$(if $(call said,seed),$(seed)),0 1)

## make report                   the table of a finished run; it and the learning curves go to the run's folder report/
report: build
	@$(BIN)/pgx report --save $(DIRS:%=%/full-train-eval.h5)

# A dry run sees today's configuration too, so that it tells what would be done.
config: build
	+@if [ -x $(BIN)/pgx ]; then $(BIN)/pgx config $(CONFIG) $(if $(profile),--profile $(profile)) \
	  --seeds "$(seeds)" --output $(RUN); else echo "(not built yet: a dry run shows the stages after make build)"; fi

## make setup                    the C libraries and the physics engine (called by every target that needs them)
setup:
	@scripts/setup

## make doctor                   what is needed, what was found, what to do; changes nothing, exits with 1 if a requirement is not met
doctor:
	@scripts/doctor "$(runs)" "$(threads)"

## make build                    the release build
build: setup
	@[ -x $(BIN)/pgx ] || echo "building, which takes a few minutes the first time" >&2
	@$(SWIFT)

## make test                     set-up, build and all tests
test: build
	swift test -c release --disable-testable-imports

## make benchmark=NAME verify    the smoke profile with 1, 2 and 8 threads, compared byte for byte; against=FOLDER: with a stored
##                               run of the same profile too
verify: build
	@scripts/verify $(BIN)/pgx $(benchmark) $(seed) $(against)

## make benchmark=NAME golden    the smoke profile with kernels=common, compared with Tests/Fixtures/digests/NAME-smoke.txt; record=1
##                               writes that file, once the versions of stages whose results changed are raised
golden: build
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	  run=$$(scripts/smoke-run $(benchmark) 0 $(threads) $(threads) "$$scratch" kernels=common); \
	  $(BIN)/pgx golden $(benchmark) "$$run" Tests/Fixtures/digests/$(benchmark)-smoke.txt $(if $(record),--record) $(if $(force),--force)

## make reliability              what docs/reliability.md promises, measured in five minutes: kills survived, inputs refused, artifacts
##                               spoilt (for seconds=N, 60), digests compared
seconds ?= 60
reliability: build
	@scripts/reliability $(seconds)

## make mutants                  small wrong edits of the sources (Tests/Mutants/mutants.tsv), each against its module's tests: those
##                               that no test notices; only="WORD WORD" for files whose path holds one
mutants: build
	@$(BIN)/run-mutants Tests/Mutants/mutants.tsv $(if $(only),--only "$(only)")

## make sanitize                 the unit tests, built apart with ThreadSanitizer and then with AddressSanitizer; only=thread or
##                               only=address for one
# Tests that start programs are left out. Reports come from our own code: OpenBLAS, HDF5 and libmujoco are not instrumented.
# Leaks are not asked for: what a C library keeps until the process ends counts as one.
sanitize: setup
	@for kind in $(if $(only),$(only),thread address); do \
	  echo "== $$kind sanitizer, $$(date +%T)"; \
	  ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Sanitizers/thread.txt \
	  LD_LIBRARY_PATH=$(CURDIR)/.deps/mujoco/lib swift test -c release --disable-testable-imports \
	    --sanitize=$$kind --scratch-path .build/$$kind --skip 'PipelineTests|ReliabilityTests|MutantsTests'; \
	done; echo "== done, $$(date +%T)"

## make parity                   compares with Gymnasium and NumPy, which it installs into .deps/parity; torch=1: with PyTorch too
parity: build
	@scripts/parity $(BIN)/pgx $(if $(torch),torch)

## make learning                 trains Gymnasium's two plain tasks over five seeds and checks their returns; ablation=1 also every variation
ablation ?=
learning: build
	@scripts/learning $(threads) $(runs) $(ablation)

## make bench                    speed beside others, alternately, in one run; peers=1 also installs Python's libraries into .deps/peers
##                               and measures them; only="NAME NAME" for some of them, such as only=memory, rounds=N
bench: build
	@$(if $(peers),Benchmarks/peers/setup)
	@$(BIN)/bench $(only) --rounds $(rounds) --threads $(threads) $(if $(peers),--peers .deps/peers/bin/python)

## make growth                   seconds and memory of sample-subsets … cluster at n = 10, 50, 200, 500 tasks; tasks="N N" for others
tasks ?= 10 50 200 500
growth: build
	@$(BIN)/bench --growth $(tasks) --threads $(threads)

## make lint                     format, layers, shell scripts
lint: setup
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks
	scripts/check-layers
	shellcheck -x scripts/setup scripts/requirements scripts/doctor scripts/check-layers scripts/learning scripts/logged \
	  scripts/parity scripts/reliability scripts/smoke-run scripts/verify Benchmarks/peers/setup .ci/run

## make format                   formats all Swift files
format:
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks

## make clean                    removes the build; make distclean also what setup fetched. Runs are never removed.
clean:
	rm -rf .build
distclean: clean
	rm -rf .deps

## make help                     this text
help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST))
	@echo; echo "benchmarks: $(patsubst configs/%.yaml,%,$(wildcard configs/*.yaml))"
