#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The kernel refuses what a start asks for: with every number of descriptors, and every time that it
# refuses to tell of a socket, the daemon is either ready or ends with a line that says why. It is
# never ready and deaf.
LIMIT=120
NEEDS="prlimit strace"
. "${srcdir:-.}/tests/netns/lib.sh"

[ -z "${SANITIZED-}" ] || skip "a sanitizer asks the kernel for more, and cannot be traced"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {delegate: [{prefix: "2001:db8:100::/40", length: 56}]}
	  - {name: tenant, netns: "qr-*", interfaces: ["*"], mode: slaac, prefix: 2001:db8:2::/64}
END
router_new
bridge_new br0 2001:db8:1::1/64

# try COMMAND...: starts the daemon by it; leaves its exit status in daemon_status if it ended.
try()
{
	daemon_starts=$((daemon_starts + 1))
	daemon_log=$T/daemon.$daemon_starts.log
	rm -f "$T"/store/*
	ip netns exec router "$@" "$SEXTANTD" -c "$T/sextant.yaml" >"$daemon_log" 2>&1 &
	daemon_pid=$!
	wait_for 20 "a start or an end ($*)" daemon_settled
	alive "$daemon_pid" || daemon_wait
}

# It ended, as it should, with a sentence.
refused()
{
	[ -z "$daemon_pid" ] || fail "it was ready ($*)"
	same "exit status ($*)" 1 "$daemon_status"
	logged 'level=error' || fail "it did not say why it ended ($*)"
}

limit=4 ready=0
while [ "$ready" -lt 3 ]; do
	try prlimit "--nofile=$limit:$limit"
	if [ -n "$daemon_pid" ]; then
		ready=$((ready + 1))
		daemon_stop_cleanly
	else
		refused "with $limit descriptors"
		logged '[Tt]oo many' || fail "it did not say what is missing with $limit"
		same "starts before with fewer descriptors" 0 "$ready"
	fi
	limit=$((limit + 1))
done
say "$((limit - 3)) descriptors are enough"

# strace ends as the daemon did.
nth=1
while :; do
	try strace -f -qq -o "$T/trace" -e trace=epoll_ctl -e "inject=epoll_ctl:error=ENOSPC:when=$nth"
	grep -q INJECTED "$T/trace" || break
	refused "epoll_ctl() $nth"
	logged 'No space left' || fail "the reason is not said: epoll_ctl() $nth"
	nth=$((nth + 1))
done
[ "$nth" -gt 10 ] || fail "only $((nth - 1)) descriptors are listened to"
say "$((nth - 1)) descriptors are listened to"
kill -TERM "$(pgrep -P "$daemon_pid")"
daemon_wait
same "exit status" 0 "$daemon_status"

# What goes wrong later.
try strace -f -qq -o "$T/trace" -e trace=epoll_wait -e inject=epoll_wait:error=EINVAL:when=2+
[ -z "$daemon_pid" ] || daemon_wait
refused "epoll_wait()"

# The user is not missing, the file of users cannot be read.
echo 'passwd: files' >"$T/nsswitch.conf"
mount --bind "$T/nsswitch.conf" /etc/nsswitch.conf
try strace -f -qq -o "$T/trace" -P /etc/passwd -e trace=openat -e inject=openat:error=EIO
refused "/etc/passwd"
logged "cannot look for the user 'nobody': Input/output error" || fail "it says something else"
