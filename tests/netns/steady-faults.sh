#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The kernel does not let a daemon at work read its sockets: it says so once and does not spin, and
# serves everybody again when that has passed.
LIMIT=90
NEEDS="strace"
. "${srcdir:-.}/tests/netns/lib.sh"

[ -z "${SANITIZED-}" ] || skip "a sanitizer cannot be traced"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
daemon_start

# faults_start CALL ERROR
faults_start()
{
	strace -f -qq -o "$T/trace" -e "trace=$1" -e "inject=$1:error=$2" -p "$daemon_pid" &
	strace_pid=$!
	wait_for 10 "strace" grep -q '^TracerPid:[[:space:]]*[1-9]' "/proc/$daemon_pid/status"
}

faults_stop()
{
	kill "$strace_pid"
	wait "$strace_pid" 2>/dev/null || true
}

# asks CLIENT SECONDS
asks()
{
	in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -f "$1" -n 1 -t "$2" >/dev/null 2>&1
}

asks 1 10 || fail "no lease"
faults_start recvmmsg EPERM
not asks 2 3 || fail "a lease without anything being read"
faults_stop
calls=$(grep -c INJECTED "$T/trace")
[ "$calls" -gt 0 ] || fail "nothing was refused"
[ "$calls" -lt 200 ] || fail "it asked $calls times in 3 s"
same "lines about it" 1 "$(logged_times 'event=receive-failed .*Operation not permitted')"
asks 2 10 || fail "no lease when it has passed"

daemon_stop_cleanly
