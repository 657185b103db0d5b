#!/usr/bin/env bash
# generate.sh - make a file of random bytes to copy: 32 MiB in in.dat
#
# usage: generate.sh [MIB] [FILE]
#
# Random, so that no file system stores less of it, and no two pages are alike.
set -euo pipefail

if (($# > 2)) || [[ ! ${1-32} =~ ^[0-9]+$ ]]; then
  echo "usage: generate.sh [MIB] [FILE]" >&2
  exit 2
fi
head -c "${1-32}M" /dev/urandom >"${2-in.dat}"
