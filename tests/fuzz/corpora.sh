#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z7 Z8
#
# Each fuzz target gets its corpus, which is small and goes where a long run went, and some hundred
# inputs that a seed makes.
set -eu
: "${FUZZ_BIN:=$PWD/tests/fuzz}"
corpus=${srcdir:-.}/tests/fuzz/corpus
for target in client conf config pages ra relay steps; do
	printf '%s: ' "$target"
	timeout 120 "$FUZZ_BIN/replay_$target" "$corpus/$target" 300
done
