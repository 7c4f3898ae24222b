#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z7 Z8
#
# Each fuzz target of the whole core gets its corpus and some hundred inputs that a seed makes.
set -eu
: "${FUZZ_BIN:=$PWD/tests/fuzz}"
corpus=${srcdir:-.}/tests/fuzz/corpus
for target in client steps; do
	printf '%s: ' "$target"
	timeout 120 "$FUZZ_BIN/replay_$target" "$corpus/$target" 300
done
