#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z3
#
# One relay floods with Solicits of ever new clients, more than the daemon can answer. Clients behind
# another relay on the same link, on that link itself and on another link get their leases within a
# second all the same.
LIMIT=120
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	  # What a limit drops costs so little that the flood would not be more than can be answered.
	  limits:
	    {messages-per-mac: 1000000, messages-per-port: 1000000, messages-per-link: 1000000}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    relays: ["2001:db8:1::/64"]
	  - interface: br1
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
END
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
# Two relays and a client on one link, a client on another.
guest_new r1 br0 1
guest_new r2 br0 2
guest_new g3 br0 3
guest_new g4 br1 4
for guest in r1 r2 g3 g4; do
	guest_up "$guest"
done
ip -n r1 addr add 2001:db8:1::a1/64 dev eth0
ip -n r2 addr add 2001:db8:1::a2/64 dev eth0
daemon_start

# clients NAMESPACE ARGUMENT...: bindloop there, behind a relay in the namespaces of relays.
clients()
{
	clients_ns=$1
	shift
	case $clients_ns in
	r*) set -- "$@" -r 2001:db8:1::ff -d 2001:db8:1::1 ;;
	esac
	in_ns "$clients_ns" "$NETNS_BIN/bindloop" -i eth0 "$@"
}

# one NAMESPACE FIRST: how many milliseconds a new client takes.
one()
{
	clients "$1" -f "$2" -n 1 -t 5 2>&1 >/dev/null | sed -n 's/.* after \([0-9]*\) ms.*/\1/p'
}

# worst NAMESPACE FIRST COUNT: the longest but one of that many, one after the other.
worst()
{
	at=$2
	while [ "$at" -lt $(($2 + $3)) ]; do
		one "$1" "$at"
		at=$((at + 1))
	done | sort -n | tail -n 2 | head -n 1
}

before=$(worst r2 0 10)
clients r1 -x 400000 -t 80 2>"$T/r1.flood.log" &
wait_for 10 "the relay to be held back" logged 'event=flood .*src=2001:db8:1::a1'
relay=$(worst r2 100 20)
beside=$(worst g3 200 20)
far=$(worst g4 300 20)
say "a lease took $before ms at most before the flood (the longest but one);" \
	"during it $relay ms behind another relay, $beside ms beside it, $far ms on another link"
for pid in $(ip netns pids r1); do
	kill "$pid"
done
wait_for 5 "the flood to end" not ns_used r1
say "flooded with $(cat "$T/r1.flood.log")"
for took in "$relay" "$beside" "$far"; do
	[ "$took" -le 1000 ] || fail "a client waited for $took ms"
done
daemon_stop_cleanly
grep -o 'event=dhcp6-counters.*' "$daemon_log" | tail -n 1
