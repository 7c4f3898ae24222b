#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: P8 P9
#
# A network with clients on its own link and behind a real relay: the prefix of the one is routed to
# it, that of the other is left to the relay, and nothing hides the shorter route that leads there.
#
#	g1 -- br0 [router] up0 -- north [relay1] lan1 -- g2
LIMIT=90
NEEDS="dhclient dhcrelay sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	  relays: {interfaces: [up0]}
	networks:
	  - name: both
	    interface: br0
	    mode: dhcpv6-stateful
	    prefixes: ["2001:db8:1::/64", "2001:db8:2::/64"]
	    relays: [2001:db8:ff::/64]
	    dhcp6:
	      pools: ["2001:db8:1::1:0/112", "2001:db8:2::1:0/112"]
	      delegate: [{prefix: "2001:db8:100::/40", length: 56}]
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
ns_new relay1
cable_new router up0 2001:db8:ff::1/64 relay1 north 2001:db8:ff::2/64
far_guest_new g2 relay1 lan1 2001:db8:2::1/64 2
# As a routing protocol would have it.
ip -n router -6 route add 2001:db8::/32 via 2001:db8:ff::2 dev up0 proto static
daemon_start
relay_start relay1 dhcrelay -6 -d --no-pid -I -l lan1 -u 2001:db8:ff::1%north

# prefix_of NAME: leaves what dhclient -P was told in $prefix.
prefix_of()
{
	dhclient_run "$1" -P || fail "dhclient -P in $1 got nothing"
	prefix=$(cat "$T/$1"/BOUND6* | sed -n 's/^new_ip6_prefix=//p')
}

prefix_of g2
far=$prefix
prefix_of g1
wait_for 5 "the route to g1" sh -c \
	"ip -n router -6 route show $prefix proto 83 | grep -q 'via fe80::ff:fe00:1 dev br0 '"
same "routes of ours" 1 "$(ip -n router -6 route show proto 83 | wc -l)"
case $(ip -n router -6 route get "${far%/*}1") in
*"via 2001:db8:ff::2 "*) ;;
*) fail "the way to what the relay has: $(ip -n router -6 route get "${far%/*}1")" ;;
esac
same "ways in the database" "br0 fe80::ff:fe00:1" \
	"$(db "SELECT link || ' ' || via FROM leases WHERE link IS NOT NULL")"
relay_stop
daemon_stop_cleanly
