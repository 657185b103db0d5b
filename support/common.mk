# common.mk - the only build rules; a topic's Makefile is two lines:
#
#	PROGRAMS = hello areas
#	include ../common.mk
#
# NAME is built from NAME.c; NAME-static from NAME.c too, with the C library inside it.
# CPPFLAGS, CFLAGS, LDFLAGS and LDLIBS are yours: they are added to the kit's own, and flags
# other than last time's build again: make grow CPPFLAGS=-DDATA_KB=64
# GENERATED, if the topic's Makefile sets it, names what else `make clean` removes.

KIT_FLAGS = -std=gnu17 -D_GNU_SOURCE -O2 -g -Wall -Wextra -pthread
FLAGS = $(CC) $(KIT_FLAGS) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) / $(LDLIBS)
BUILD = $(CC) $(KIT_FLAGS) -MMD -MP -MF $@.d $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)

.PHONY: all
all: $(PROGRAMS) ## build every program of the topic

# -MMD has the compiler list the headers that each program was built from, in PROGRAM.d.
%: %.c .flags
	$(BUILD) -o $@ $< $(LDLIBS) -lrt

%-static: %.c .flags
	$(BUILD) -static -o $@ $< $(LDLIBS) -lrt

-include $(PROGRAMS:=.d)

# .flags holds the flags of the last build. It is written only when they change, so that it is
# newer than a program just when that program was built with others.
.PHONY: FORCE
.flags: FORCE
	@printf '%s\n' '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(FLAGS))' >$@

# make knows one failure, status 2, but check has two: 1 is a point missing, 2 is no mark at
# all. Only under -q does make hand on a recipe's 1; the + runs the recipe even so.
ifneq ($(filter check,$(MAKECMDGOALS)),)
MAKEFLAGS += -q
endif

# Paths are meant from the topic's folder, of which `..` is support/; any path is possible, so none is expanded. What the
# environment has is the root's.
ifneq ($(origin SUBMISSION),command line)
SUBMISSION := ..
endif
check: override export SUBMISSION := $(value SUBMISSION)
check: override export ONLY := $(value ONLY)
check: override export RESULT := $(value RESULT)

.PHONY: check
check: ## grade this topic, of SUBMISSION=PATH; RESULT=FILE as in the root
	+@../../checker/check "TOPIC=$$(basename "$$(pwd -P)")" "SUBMISSION=$$SUBMISSION" "ONLY=$$ONLY" "RESULT=$$RESULT"

.PHONY: clean
clean: ## remove what was built
	rm -f $(PROGRAMS) $(PROGRAMS:=.d) .flags $(GENERATED)
