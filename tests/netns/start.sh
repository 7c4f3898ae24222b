#!/bin/sh
# SPDX-License-Identifier: ISC
#
# ./start shows four guests and exits with 0 when it has no terminal; stopped half-way, or killed,
# it leaves nothing behind.
set -eu

PATH=$PATH:/usr/sbin:/sbin
for program in unshare dhclient rdisc6 sqlite3 ping; do
	command -v "$program" >/dev/null || { echo "skipped: needs $program"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: needs root"; exit 77; }
unshare -mnpf --kill-child --mount-proc true 2>/dev/null || {
	echo "skipped: may not make namespaces"
	exit 77
}
export SEXTANTD
start=$(cd "${srcdir:-.}" && pwd)/start
out=$(mktemp)
trap 'rm -f "$out"' EXIT

fail()
{
	echo "FAILED: $*"
	cat "$out"
	exit 1
}

timeout 90 "$start" </dev/null >"$out" 2>&1 || fail "exit status $?"
for what in '^slaac: ' '^stateless: ' '^stateful: ' '^site: ' 'address *2001:db8:1::ff:fe00:1/64' \
	'address *2001:db8:2::[0-9a-f]*/128' 'route *default via fe80::' 'DNS *2001:db8::53' \
	'prefix *2001:db8:1.*/56' 'slaac -> stateful .*time='; do
	grep -q "$what" "$out" || fail "it does not show '$what'"
done

# ended PID: whether it is gone, within 15 s.
ended()
{
	tries=150
	while [ -d "/proc/$1" ]; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

# The process that all others live in is the child of unshare.
for signal in TERM KILL; do
	: >"$out"
	START_TEST=$$ "$start" </dev/null >"$out" 2>&1 &
	shell=$!
	tries=100
	until grep -q '^slaac: ' "$out"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "nothing is shown"
		sleep 0.1
	done
	child=$(ps -o pid= --ppid "$shell" | head -n 1 | tr -d ' ')
	first=$(ps -o pid= --ppid "$child" | head -n 1 | tr -d ' ')
	[ -n "$first" ] || fail "no processes below ./start"
	kill "-$signal" "$shell"
	wait "$shell" || true
	ended "$first" || fail "the guests survive SIG$signal"
	tries=20
	while left=$(grep -lsz "^START_TEST=$$\$" /proc/[0-9]*/environ); do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "left behind after SIG$signal: $left"
		sleep 0.1
	done
done
