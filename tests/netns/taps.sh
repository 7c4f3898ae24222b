#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A guest's tap comes up: an advertisement goes out at once, and a guest that solicits 1 ms later
# has its answer within 500 ms (the random delay of RFC 4861 section 6.2.6), so none waits for the
# seconds after which it would ask again.
# Hundreds of taps that are made and removed leave nothing behind.
# rows: S20 E10 G12
LIMIT=60
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

[ -c /dev/net/tun ] || skip "needs /dev/net/tun"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - {name: guests, interfaces: ["tap*"], mode: dhcpv6-stateful, prefix: 2001:db8:1::/64}
END
router_new
in_ns router sysctl -qw net.ipv6.conf.default.accept_dad=0
daemon_start

descriptors()
{
	find "/proc/$daemon_pid/fd" -mindepth 1 | wc -l
}

# Has the counters logged.
count()
{
	told=$(logged_times event=dhcp6-counters)
	kill -USR1 "$daemon_pid"
	wait_for 5 "the counters" counted "$((told + 1))"
}

counted()
{
	[ "$(logged_times event=dhcp6-counters)" -ge "$1" ]
}

# Whether every tap is forgotten: no link has counters.
forgotten()
{
	count
	awk '/^event=process-counters/ {n = 0} /^event=ra-counters/ {n++} END {exit n > 0}' \
		"$daemon_log"
}

# Octets that the daemon holds; nothing where its allocator does not tell.
memory()
{
	sed -n 's/^event=process-counters .*heap=\([0-9]*\).*/\1/p' "$daemon_log" | tail -n 1
}

# value LINE KEY: whole milliseconds.
value()
{
	sed -n "s/^$1 .*$2=\\([0-9]*\\)\\..*/\\1/p" "$T/taps"
}

# taps ARGUMENT...
taps()
{
	in_ns router "$NETNS_BIN/taploop" "$@" >"$T/taps" 2>"$T/taps.log" ||
		fail "taploop: $(cat "$T/taps.log")"
}

# The first ones pay for what is allocated once.
taps -n 20
say "$(cat "$T/taps")"
# The delay is up to 500 ms; what is above is a machine that is busy with other things.
[ "$(value answer max)" -lt 550 ] || fail "a solicitation was answered too late"
wait_for 5 "the taps to be forgotten" forgotten
fds=$(descriptors) heap=$(memory)
taps -q -n 200
say "$(cat "$T/taps")"
[ "$(value first median)" -lt 20 ] || fail "it takes too long to the first advertisement"
wait_for 5 "the taps to be forgotten" forgotten
same "descriptors" "$fds" "$(descriptors)"
# Under a sanitizer what nobody knows of any longer is told at the end.
after=$(memory)
say "heap: $heap octets before, $after after"
[ -z "$heap" ] || [ $((after - heap)) -lt 2048 ] || fail "something stays of each tap"

not logged level=error || fail "an error: $(grep -m 3 level=error "$daemon_log")"
daemon_stop_cleanly
