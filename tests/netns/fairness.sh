#!/bin/sh
# SPDX-License-Identifier: ISC
#
# One link is flooded with Solicits of ever new clients, more than the daemon can answer. A client on
# another link gets its lease within a second all the same, each time, and advertisements are on
# time.
LIMIT=90
NEEDS="sqlite3 rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-faults.sh"

config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	  # One machine floods in the name of many: what it sends is to be answered as if it were many.
	  limits: {messages-per-mac: 1000000}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	  - interface: br1
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
END
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
guest_new g1 br0 1
guest_new g2 br1 2
guest_up g1
guest_up g2
daemon_start

# one FIRST: how many milliseconds a new client takes.
one()
{
	in_ns g2 "$NETNS_BIN/bindloop" -i eth0 -f "$1" -n 1 -t 5 2>&1 >/dev/null |
		sed -n 's/.* after \([0-9]*\) ms.*/\1/p'
}

# worst FIRST COUNT: the longest but one of that many, one after the other.
worst()
{
	at=$1
	while [ "$at" -lt $(($1 + $2)) ]; do
		one "$at"
		at=$((at + 1))
	done | sort -n | tail -n 2 | head -n 1
}

before=$(worst 0 10)
ip netns exec g1 "$NETNS_BIN/bindloop" -i eth0 -x 400000 -t 60 2>"$T/g1.flood.log" &
flood_pid=$!
wait_for 10 "the flood to be held back" logged event=flood
during=$(worst 100 20)
say "a lease took $before ms at most before the flood, $during ms during it (the longest but one of 20)"

# Advertisements that somebody asked for, and some that nobody did.
for _ in 1 2 3; do
	timeout 5 ip netns exec g2 rdisc6 -1 -q eth0 >/dev/null || fail "no advertisement"
done
kill -USR1 "$daemon_pid"
wait_for 5 "the counters" logged 'event=ra-counters.*link=br1'
late=$(sed -n 's/.*event=ra-counters.*link=br1.* late-ms=\([0-9]*\).*/\1/p' "$daemon_log" | tail -n 1)
kill "$flood_pid"
wait "$flood_pid" || true
say "advertisements were at most ${late:-0} ms late; flooded with $(cat "$T/g1.flood.log")"
[ "$during" -le 1000 ] || fail "a client on the other link waited for $during ms"
# 10 with LATE_MS=10, on a machine that does nothing else.
[ "${late:-0}" -le "${LATE_MS:-50}" ] || fail "advertisements are late"
daemon_stop_cleanly
grep -o 'event=dhcp6-counters.*' "$daemon_log" | tail -n 1
