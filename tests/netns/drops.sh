#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What the daemon itself drops or loses is counted: datagrams by an interface of no network, answers
# that may not be sent, answers that wait for a commit that fails.
LIMIT=60
NEEDS="sqlite3 bash rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
END
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
guest_new g1 br0 1
guest_new g2 br1 2
guest_up g1
guest_up g2
ip -n g2 addr add 2001:db8:2::2/64 dev eth0
daemon_start

# counted EVENT NAME: whether the daemon has counted any, by now.
counted()
{
	kill -USR1 "$daemon_pid"
	wait_until 2 logged "event=$1.* $2=[1-9]"
}

# To one of the router's addresses, on a link that is of no network.
say_hello()
{
	in_ns g2 bash -c 'printf x >/dev/udp/2001:db8:2::1/547'
}
wait_for 10 "the way to the router" say_hello
counted socket-counters other-interface || fail "no datagram of another interface was counted"
not logged 'event=dhcp6-counters.* drop-malformed=' || fail "what was not for us was looked at"

# A rule that forbids what is sent to the guest.
ip -n router -6 rule add to fe80::/64 prohibit
in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -n 1 -t 1 2>/dev/null && fail "an answer came"
counted socket-counters send-failed || fail "no failed send was counted"
counted dhcp6-counters sends-lost || fail "no lost answer was counted"
ip -n router -6 rule del to fe80::/64 prohibit

# A store that cannot be written to: it is locked by somebody else for longer than it waits.
sqlite3 "$T/store/leases.db" '.timeout 5000' 'BEGIN IMMEDIATE' '.system touch '"$T/locked" \
	'.system sleep 30' &
lock=$!
wait_for 5 "the lock" test -e "$T/locked"
in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -f 7 -n 1 -t 20 2>/dev/null >/dev/null &
loop=$!
wait_for 20 "a commit that fails" logged event=store-failed
counted dhcp6-counters replies-dropped || fail "no dropped reply was counted"
kill "$lock"
# The client asks again, and is served.
wait_for 20 "the lease" wait "$loop"
daemon_stop_cleanly
