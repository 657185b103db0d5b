# Makefile - the one entry point of the lab; `make help` lists the targets

.DEFAULT_GOAL := build
SHELL := bash
MAKEFLAGS += --no-print-directory
SUBMISSION ?= support

# What the caller names goes to the scripts by the environment, as it is: any path is possible.
override TOPIC := $(value TOPIC)
override SUBMISSION := $(value SUBMISSION)
override ONLY := $(value ONLY)
override RESULT := $(value RESULT)
export TOPIC SUBMISSION ONLY RESULT

TOPICS := $(shell cat checker/topics)

# A recipe that fails makes make end with 2. check's own status, 0 or 1, becomes make's in question mode.
ifneq ($(filter check,$(MAKECMDGOALS)),)
MAKEFLAGS += -q
endif

.PHONY: build
build: ## build all topics, and say what to do next
	@checker/setup
	@for topic in $(TOPICS); do $(MAKE) -s -C support/$$topic || exit; done
	@$(MAKE) -s -C memview
	@echo "Built. Next: read lab/README.md, change a program in support/, then make check TOPIC=memory-areas"

.PHONY: check
check: ## grade SUBMISSION=PATH (default support); TOPIC=NAME for one topic, RESULT=FILE for the result
	+@checker/check "TOPIC=$$TOPIC" "SUBMISSION=$$SUBMISSION" "ONLY=$$ONLY" "RESULT=$$RESULT"

.PHONY: watch
watch: ## check again on every save; the next failing test first (TOPIC=NAME for one topic)
	@checker/watch "TOPIC=$$TOPIC"

.PHONY: doctor
doctor: ## say how student code is confined on this machine, why, and what would raise it
	@checker/doctor

.PHONY: bench
bench: ## time both copies against cp
	@support/copy/benchmark_cp.sh

.PHONY: skeletons
skeletons: ## cut support/'s skeletons from the solutions anew
	@tests/skeletons

.PHONY: test
test: ## test the kit itself
	@tests/run

.PHONY: corpora
corpora: ## grade every variant, mutant and cheat
	@tests/run {variants,mutants,cheats}' --shard '{1,2}/2

.PHONY: lint
lint: ## formatting and static checks of C, shell, Bats and Markdown
	@tests/lint

.PHONY: mutation
mutation: ## mutate the solutions and count what the suites miss (TOPIC=NAME for one topic)
	@tests/mutation "$$TOPIC"

.PHONY: clean
clean: ## remove what was built
	@for topic in $(TOPICS); do $(MAKE) -s -C support/$$topic clean || exit; done
	@$(MAKE) -s -C memview clean
	@rm -rf .lab

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z]*\):.* ## /\1\t/p' Makefile | expand -t 12
