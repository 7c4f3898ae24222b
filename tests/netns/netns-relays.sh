#!/bin/sh
# SPDX-License-Identifier: ISC
#
# One network, relays and all, for every namespace of a pattern: two tenants have the same prefix,
# the same relay and guests with the same DUID, and each gets an address out of its own pool of one,
# from the first message on and after a reload.
#
#	g1 -- lan1 [relay-a] north -- up0 [qr-a]
#	g2 -- lan2 [relay-b] north -- up0 [qr-b]
#
# rows: R1 R7 R19 I7
LIMIT=120
NEEDS="dhclient dhcrelay sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

# tenant_new LETTER GUEST LINK
tenant_new()
{
	ns_new "qr-$1"
	ns_new "relay-$1"
	cable_new "qr-$1" up0 2001:db8:ff::1/64 "relay-$1" north 2001:db8:ff::2/64
	far_guest_new "$2" "relay-$1" "$3" 2001:db8:1::1/64 1
	relay_start "relay-$1" dhcrelay -6 -d --no-pid -I -l "$3" -u 2001:db8:ff::1%north
}

# lease GUEST: what it is told.
lease()
{
	rm -f "$T/$1/dhclient.leases" "$T/$1/BOUND6"
	ip -n "$1" -6 addr flush dev eth0 scope global
	dhclient_run "$1" || fail "dhclient in $1 got nothing"
	same "address of $1" 2001:db8:1::1000 "$(told "$1" BOUND6 new_ip6_address)"
	client_kill "$1"
}

reloaded()
{
	logged 'event=reloaded'
}

leases()
{
	db "SELECT network, address FROM leases WHERE state = 'active' ORDER BY network" | tr '\n' ' '
}

config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	  relays: {interfaces: [up0]}
	networks:
	  - name: branch
	    netns: "qr-*"
	    mode: dhcpv6-only
	    prefix: 2001:db8:1::/64
	    relays: [2001:db8:ff::2]
	    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::1000"}]}
END
router_new
tenant_new a g1 lan1
daemon_start
lease g1
# This one comes while the daemon runs.
tenant_new b g2 lan2
wait_for 10 "its namespace" logged 'event=namespace-found .*netns=qr-b'
lease g2
both="branch@qr-a|2001:db8:1::1000 branch@qr-b|2001:db8:1::1000 "
same "leases" "$both" "$(leases)"
logged 'event=lease-bound .*net=branch@qr-b link=up0 relay=2001:db8:ff::2 ' ||
	fail "the log does not tell the way"

kill -HUP "$daemon_pid"
wait_for 5 "the reload" reloaded
lease g1
lease g2
same "leases after the reload" "$both" "$(leases)"
daemon_stop_cleanly
