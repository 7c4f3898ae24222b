#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z3 G19
#
# A thousand Solicits a second from addresses that nobody has. What is answered waits in the kernel
# for neighbours that never show, until the socket takes no more; clients of another link, and
# behind a relay there, get their leases at once all the same, by frames to where they were heard.
LIMIT=60
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	  - interface: br1
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
	    hosts: [{mac: "02:00:00:00:00:02", address: "2001:db8:2::beef"}]
	    relays: [2001:db8:2::a3]
END
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
guest_new g1 br0 1
guest_new g2 br1 2
guest_new r3 br1 3
for guest in g1 g2 r3; do
	guest_up "$guest"
done
ip -n r3 addr add 2001:db8:2::a3/64 dev eth0
daemon_start

# one NAMESPACE FIRST [ARGUMENT...]: how many milliseconds a new client takes.
one()
{
	one_ns=$1 one_first=$2
	shift 2
	in_ns "$one_ns" "$NETNS_BIN/bindloop" -i eth0 -f "$one_first" -n 1 -t 6 "$@" \
		2>"$T/$one_ns.log" >"$T/$one_ns.bound" || return 1
	sed -n 's/.* after \([0-9]*\) ms.*/\1/p' "$T/$one_ns.log"
}

counted()
{
	kill -USR1 "$daemon_pid"
	sleep 0.1
	logged "event=socket-counters.*socket=udp.* $1="
}

# Known to the kernel, as the last hop of relays elsewhere is.
one r3 90 -r 2001:db8:2::ff -d 2001:db8:2::1 >"$T/before"
in_ns g1 "$NETNS_BIN/torrent" -i eth0 -k solicit -x 1000 -t 50 -n 0 -m 64 2>"$T/g1.log" &
flood=$!
wait_for 10 "the socket to be full" counted send-later
for i in 1 2 3 4 5 6 7 8; do
	direct=$(one g2 "$i") || fail "a client got no lease"
	grep -q '^held .* 2001:db8:2::beef$' "$T/g2.bound" || fail "a client got not what is reserved"
	relayed=$(one r3 "10$i" -r 2001:db8:2::ff -d 2001:db8:2::1) ||
		fail "a client behind a relay got no lease"
	[ "$direct" -le 1000 ] || fail "a client waited for $direct ms"
	[ "$relayed" -le 1000 ] || fail "a client behind a relay waited for $relayed ms"
done
alive "$flood" || fail "the flood was over too soon"
kill "$flood"
counted sent-direct || fail "nothing went out as a frame"
daemon_stop_cleanly
