#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: M8
#
# A client that finds its address in use declines it: it gets another one, and the declined one is
# given to nobody, also after a crash of the daemon.
LIMIT=90
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::1003"}]}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
daemon_start
echo first >"$T/g1/duplicate"
dhclient_run g1 || fail "dhclient got nothing after its Decline"
declined=$(cat "$T/g1/duplicate")
address=$(told g1 BOUND6 new_ip6_address)
grep -q DECLINE "$T/g1/reasons" || fail "dhclient declined nothing"
[ "$address" != "$declined" ] || fail "the declined address was given again"
same "state of the declined address" declined "$(lease_state "$declined")"
same "state of the other one" active "$(lease_state "$address")"

daemon_stop KILL
daemon_start
# Four addresses, one declined, one held: two clients get one, the third does not.
client_kill g1
in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -n 3 -t 5 >"$T/g1.bind" 2>"$T/g1.bindloop.log" || true
same "clients that got one of the two left" 2 "$(grep -c '^held' "$T/g1.bind")"
not grep -q " $declined\$" "$T/g1.bind" || fail "the declined address was given to another client"
daemon_stop_cleanly
