#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Configurations and what `sextantd --check` says about them: good/ that they are good and exit
# status 0, warn/ also the warnings in the .err beside each, bad/ the errors in the .err and 2.
#
# tests/config/run.sh accept [FILE...]   writes the .err files anew, to be read before committing
#
# rows: S26 S27
set -u

: "${SEXTANTD:=$PWD/sextantd}"
cd "${srcdir:-.}/tests/config" || exit 1
said=$(mktemp)
trap 'rm -f "$said"' EXIT
failures=0 checked=0

# try FILE STATUS EXPECTED
try()
{
	checked=$((checked + 1))
	status=0
	timeout 10 "$SEXTANTD" --check "$1" >"$said" 2>&1 || status=$?
	if [ "$2" -eq 0 ]; then
		grep -q "^$1: good, [0-9]* network" "$said" || status=$status-not-said-to-be-good
		grep -v "^$1: good, " "$said" >"$said.rest"
		mv "$said.rest" "$said"
	fi
	if [ -n "$accept" ] && [ "$3" != /dev/null ]; then
		cp "$said" "$3"
	fi
	if [ "$status" != "$2" ] || ! diff -u "$3" "$said"; then
		echo "FAILED: $1: exit status $status, expected $2"
		failures=$((failures + 1))
	fi
}

accept=
[ "${1-}" != accept ] || accept=yes
for file in good/*.yaml good/*.json ../../conf/*.yaml ../../conf/examples/*.yaml; do
	try "$file" 0 /dev/null
done
for file in warn/*.yaml; do
	try "$file" 0 "${file%.*}.err"
done
for file in bad/*.yaml bad/*.json; do
	try "$file" 2 "${file%.*}.err"
done
for file in bad/*.err warn/*.err; do
	[ -e "${file%.err}.yaml" ] || [ -e "${file%.err}.json" ] || {
		echo "FAILED: $file has no configuration beside it"
		failures=$((failures + 1))
	}
done
echo "$checked configurations, $failures failures"
[ "$failures" -eq 0 ]
