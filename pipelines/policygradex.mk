# The pipeline as a graph of files: one rule per stage; % is a run directory such as runs/halfcheetah/seed-0.
# Called by the Makefile with BIN (the programs), threads, kernels, and RUNS for the last stage. Programs write a file
# whole or not at all.
SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS   += --no-builtin-rules --warn-undefined-variables
# The programs write a file whole or not at all, so no failure or interruption is a reason to delete one.
.PRECIOUS: %/meta-train.h5 %/collect-gradients.h5 %/sample-subsets.h5 %/linearized-adapt.h5 %/score.h5 %/cluster.h5 \
  %/full-train-eval.h5
.SECONDARY:
RUNS ?=
# The programs use OpenBLAS on one thread. Told before it is loaded, it does not start others that wait in a busy loop.
export OPENBLAS_NUM_THREADS := 1
# The kernels that every processor with AVX2 and FMA has, whatever the environment says: OpenBLAS's Haswell kernels, and
# the C library's own choice among its functions, which is then the one with fused multiply-adds.
kernels ?= native
ifeq ($(kernels),common)
override export OPENBLAS_CORETYPE := Haswell
unexport GLIBC_TUNABLES
endif

# What stands before a program that takes long; the Makefile's launch=.
launch ?=

# A stage's slice of the configuration is rewritten only when its bytes change, so a stage runs again exactly when
# something that its result depends on has changed. The artifacts that a stage reads are its prerequisites, each of which
# it takes by an option of that name. A log grows: a stage that goes on after a stop goes on in it.
#
# $(call stage,<launch>,<further options>)
define stage
@mkdir -p $(@D)/logs
scripts/logged $(@D)/logs/$(basename $(@F)).log $(strip $(1) $(BIN)/$(basename $(@F))) --config $< $(strip $(foreach \
  input,$(filter %.h5,$^),--$(basename $(notdir $(input))) $(input)) $(2)) --output $@
endef

# The Makefile has them written before. Where nothing is built yet, a dry run gets past them by this rule.
%.yaml:
	@[ -e $@ ] || { echo "$@ is missing; pgx config writes it" >&2; exit 64; }

# The graph of Stage.inputs (Sources/Configuration/Stage.swift), which a test compares with these rules.
%/meta-train.h5: %/config/meta-train.yaml
	$(call stage,$(launch),--threads $(threads) --checkpoints $*/config/checkpoints.yaml)

%/collect-gradients.h5: %/config/collect-gradients.yaml %/meta-train.h5
	$(call stage,$(launch),--threads $(threads) --checkpoints $*/config/checkpoints.yaml)

%/sample-subsets.h5: %/config/sample-subsets.yaml
	$(call stage)

%/linearized-adapt.h5: %/config/linearized-adapt.yaml %/collect-gradients.h5 %/sample-subsets.h5
	$(call stage,$(launch),--threads $(threads))

%/score.h5: %/config/score.yaml %/collect-gradients.h5 %/sample-subsets.h5 %/linearized-adapt.h5
	$(call stage,$(launch),--threads $(threads))

%/cluster.h5: %/config/cluster.yaml %/score.h5
	$(call stage,$(launch))

%/full-train-eval.h5: %/config/full-train-eval.yaml %/cluster.h5
	@mkdir -p $(@D)/logs
	scripts/logged $(@D)/logs/full-train-eval.log $(BIN)/full-train-eval merge --config $< --cluster $*/cluster.h5 \
	  --sets $*/full-train-eval --output $@

# A task set depends on the configuration and on its own members, never on who asked for it: what several groupings
# share is trained once, and a new grouping trains only what is new. Its training has a slice of its own, so that other
# evaluation episodes never train again; it depends on meta-train where it begins with that policy. Which sets there are is known once cluster.h5 is there, so the Makefile calls
# this file a second time for them. RUNS are the run directories.
sets = $(if $(wildcard $(1)/cluster.h5),$(shell $(BIN)/full-train-eval sets --cluster $(1)/cluster.h5)$(if \
  $(filter-out 0,$(.SHELLSTATUS)),$(error its task sets cannot be told)))

begin = $(if $(shell grep -sx '  start: "meta"' $(1)/config/full-train-eval-training.yaml),$(1)/meta-train.h5)

define task_sets
$(1)/full-train-eval.h5: $(patsubst %,$(1)/full-train-eval/%.h5,$(2))

.PRECIOUS: $(1)/full-train-eval/policies/%.h5 $(1)/full-train-eval/%.h5
$(1)/full-train-eval/policies/%.h5: $(1)/config/full-train-eval-training.yaml $(call begin,$(1))
	@mkdir -p $(1)/full-train-eval/policies $(1)/logs/full-train-eval
	@echo "full-train-eval: set $$$$(echo $(2) | tr ' ' '\n' | grep -nx $$* | cut -d: -f1) of $(words $(2))"
	scripts/logged $(1)/logs/full-train-eval/$$*.log $(strip $(launch) $(BIN)/full-train-eval) train --config $$< \
	  --set $$* --cluster $(1)/cluster.h5 --threads 1 --checkpoints $(1)/config/checkpoints.yaml \
	  $(addprefix --meta-train ,$(call begin,$(1))) --output $$@

$(1)/full-train-eval/%.h5: $(1)/config/full-train-eval.yaml $(1)/full-train-eval/policies/%.h5
	scripts/logged $(1)/logs/full-train-eval/$$*.log $(strip $(launch) $(BIN)/full-train-eval) evaluate --config $$< \
	  --policy $(1)/full-train-eval/policies/$$*.h5 --threads 1 --output $$@
endef
$(foreach run,$(RUNS),$(eval $(call task_sets,$(run),$(call sets,$(run)))))
