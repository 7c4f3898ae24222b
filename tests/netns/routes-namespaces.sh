#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: P8 P9 H8 G12
#
# Two namespaces of a pattern with the same prefixes and the same client: each has the routes of its
# own leases, also after it was deleted and made again; the daemon's own namespace has none.
LIMIT=90
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

networks()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - name: tenant
		    netns: "qr-*"
		    interfaces: [to-guest]
		    mode: dhcpv6-stateful
		    prefix: 2001:db8:1::/64
		    dhcp6:
		      $1
		      pools: ["2001:db8:1::1:0/112"]
		      delegate: [{prefix: "2001:db8:100::/56", length: 56}]
	END
}

# tenant_new NAMESPACE GUEST NUMBER
tenant_new()
{
	ns_new "$1"
	in_ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=1
	ns_new "$2"
	ip -n "$1" link add to-guest type veth peer name eth0 netns "$2" \
		address "02:00:00:00:00:0$3"
	in_ns "$2" sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=0 net.ipv6.conf.eth0.use_tempaddr=0
	ip -n "$1" link set to-guest up
	ip -n "$2" link set eth0 up
	mkdir -p "$T/$2"
}

# routes NAMESPACE: all of ours, one a line, without what says nothing.
routes()
{
	ip -n "$1" -6 route show proto 83 | sed 's/ pref medium//; s/ *$//; s/ dev lo//'
}

# has NAMESPACE NUMBER: the one prefix of the pool, and the pool itself below it.
has()
{
	[ "$(routes "$1")" = "2001:db8:100::/56 via fe80::ff:fe00:$2 dev to-guest metric 1024
unreachable 2001:db8:100::/56 metric 2147483647" ]
}

has_none()
{
	[ -z "$(routes "$1")" ]
}

networks "routes: prefixes"
router_new
daemon_start
for set in CapPrm CapEff; do
	same "$set" 0000000000203400 "$(sed -n "s/^$set:[[:space:]]*//p" "/proc/$daemon_pid/status")"
done
tenant_new qr-a g1 1
tenant_new qr-b g2 2
for guest in g1 g2; do
	wait_for 20 "a default route in $guest" guest_default_route "$guest"
	dhclient_run "$guest" -P || fail "dhclient got nothing in $guest"
done
wait_for 5 "the routes of the first" has qr-a 1
wait_for 5 "the routes of the second" has qr-b 2

# What a namespace had is gone with it; its lease is not.
client_kill g1
ip netns del qr-a
wait_for 10 "a line about it" logged 'event=namespace-gone .*netns=qr-a'
wait_for 10 "its link to go" not ip -n g1 link show dev eth0
ip netns del g1
tenant_new qr-a g1 1
wait_for 10 "the routes in the new namespace" has qr-a 1

daemon_stop KILL
ip -n qr-b -6 route flush proto 83
daemon_start
wait_for 10 "the routes to be mended" has qr-b 2
has qr-a 1 || fail "the routes of the other namespace changed"

networks "routes: off"
kill -HUP "$daemon_pid"
wait_for 10 "all routes of the first to go" has_none qr-a
wait_for 10 "all routes of the second to go" has_none qr-b
has_none router || fail "the daemon's own namespace has routes"
not logged level=error || fail "an error: $(grep level=error "$daemon_log")"
daemon_stop_cleanly
