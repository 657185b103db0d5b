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

FOLDERS := $(addprefix support/,$(shell cat checker/topics)) memview

# A recipe that fails makes make end with 2. check's own status, 0 or 1, becomes make's in question mode.
ifneq ($(filter check,$(MAKECMDGOALS)),)
MAKEFLAGS += -q
endif

.PHONY: build
build: ## build all topics, and say what to do next
	@checker/setup
	@status=0; for folder in $(FOLDERS); do \
		$(MAKE) -s -k -C $$folder || { status=1; echo "$$folder: not everything could be built, see above" >&2; }; \
	done; exit $$status
	@echo "Built. Next: read lab/README.md, change a program in support/, then make check TOPIC=memory-areas"

.PHONY: check
check: ## grade SUBMISSION=PATH (default support), or of it TOPIC=NAME or ONLY=TOPIC.PROGRAM; RESULT=FILE for the result
	+@checker/check "TOPIC=$$TOPIC" "SUBMISSION=$$SUBMISSION" "ONLY=$$ONLY" "RESULT=$$RESULT"

.PHONY: watch
watch: ## check again on every save; the next failing test first (TOPIC=NAME for one topic)
	@checker/watch "TOPIC=$$TOPIC"

.PHONY: doctor
doctor: ## say how student code is confined on this machine, why, and what would raise it
	@checker/doctor

.PHONY: bench
bench: ## time both copies against cp
	@$(MAKE) -C support/copy bench

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
	@rm -rf .lab
	@status=0; for folder in $(FOLDERS); do $(MAKE) -s -C $$folder clean || status=1; done; exit $$status

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z]*\):.* ## /\1\t/p' Makefile | expand -t 12
