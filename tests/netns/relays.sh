#!/bin/sh
# SPDX-License-Identifier: ISC
#
# rows: R1 R2 R3 R7 R19 R22 C5 G12
# Real relays between guests and the daemon: ISC dhcrelay with an Interface-Id, by unicast and by
# ff05::1:3, WIDE dhcp6relay, and both in a chain. The daemon's interface has no clients, and the
# network has no interface.
#
#	g1 -- lan1 [relay1] north -- up0 [router]
#	g2 -- lan2 [relay2] north -- mid [relay1]
LIMIT=120
NEEDS="dhclient dhcrelay dhcp6relay sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

# reload_with FILE NUMBER
reload_with()
{
	cp "$T/$1.yaml" "$T/sextant.yaml"
	kill -HUP "$daemon_pid"
	wait_for 5 "reload $2" reloaded "$2"
}

reloaded()
{
	[ "$(logged_times event=reloaded)" -eq "$1" ]
}

hears_relays()
{
	ip -n router maddr show dev up0 | grep -q ff05::1:3
}

# asks NAME: dhclient, without any memory, leaves its address in $address.
asks()
{
	rm -f "$T/$1/dhclient.leases" "$T/$1/BOUND6"
	ip -n "$1" -6 addr flush dev eth0 scope global
	dhclient_run "$1" || fail "dhclient in $1 got nothing"
	address=$(told "$1" BOUND6 new_ip6_address)
	client_kill "$1"
}

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db", log-level: debug}
	networks: [{interface: up0, mode: dhcpv6-only, prefix: "2001:db8:ff::/64"}]
END
cp "$T/sextant.yaml" "$T/without.yaml"
config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	  log-level: debug
	  relays: {interfaces: [up0]}
	networks:
	  - name: one
	    mode: dhcpv6-only
	    prefix: 2001:db8:1::/64
	    relays: [2001:db8:ff::2, {address: "fe80::/64", interface: up0}]
	  - name: two
	    mode: dhcpv6-only
	    prefix: 2001:db8:2::/64
	    relays: [2001:db8:ff::2]
	  - name: port
	    mode: dhcpv6-only
	    prefix: 2001:db8:3::/64
	    relays: [{address: "2001:db8:ff::2", interface-id: "port7"}]
END
ns_new router
ns_new relay1
ns_new relay2
cable_new router up0 2001:db8:ff::1/64 relay1 north 2001:db8:ff::2/64
cable_new relay1 mid 2001:db8:fe::1/64 relay2 north 2001:db8:fe::2/64
far_guest_new g1 relay1 lan1 2001:db8:1::1/64 1
far_guest_new g2 relay2 lan2 2001:db8:2::1/64 2
cp "$T/sextant.yaml" "$T/with.yaml"
cp "$T/without.yaml" "$T/sextant.yaml"
daemon_start

say "an interface that comes to hear relays, and no longer"
not hears_relays || fail "relays are heard although there are none"
reload_with with 1
wait_for 5 "the group of relays" hears_relays
reload_with without 2
wait_for 5 "the group of relays to be left" not hears_relays
ip -n router link set up0 down
ip -n router link set up0 up
ip -n router addr add 2001:db8:ff::1/64 dev up0
reload_with with 3
wait_for 5 "the group of relays again" hears_relays

say "dhcrelay, by unicast"
relay_start relay1 dhcrelay -6 -d --no-pid -I -l lan1 -u 2001:db8:ff::1%north
asks g1
first=$address
case $first in
2001:db8:1:*) ;;
*) fail "$first is not of the network of the relay" ;;
esac
same "the lease of $first" active "$(lease_state "$first")"
logged "event=lease-bound .*net=one link=up0 relay=2001:db8:ff::2 interface-id=.*addr=$first" ||
	fail "the log does not tell the way"
dhclient_run g1 -r || fail "dhclient could not release through the relay"
wait_for 5 "the release in the database" lease_is "$first" released
relay_stop

say "dhcrelay, by multicast"
relay_start relay1 dhcrelay -6 -d --no-pid -I -l lan1 -u north
asks g1
same "the address by another way" "$first" "$address"
relay_stop

say "WIDE dhcp6relay"
relay_start relay1 dhcp6relay -f -D -b 2001:db8:ff::2 -r north -s 2001:db8:ff::1 lan1
asks g1
same "the address by another relay" "$first" "$address"
relay_stop

say "dhcrelay behind dhcrelay"
relay_start relay1 dhcrelay -6 -d --no-pid -I -l mid -u 2001:db8:ff::1%north
outer=$relay_pid
relay_start relay2 dhcrelay -6 -d --no-pid -I -l lan2 -u 2001:db8:fe::1%north
asks g2
second=$address
case $second in
2001:db8:2:*) ;;
*) fail "$second is not of the network behind both relays" ;;
esac
logged "event=lease-bound .*net=two link=up0 relay=2001:db8:fe::2 .*addr=$second" ||
	fail "the log does not tell the relay behind the relay"
relay_stop

say "WIDE dhcp6relay behind dhcrelay"
relay_start relay2 dhcp6relay -f -D -b 2001:db8:fe::2 -r north -s 2001:db8:fe::1 lan2
asks g2
same "the address behind both" "$second" "$address"
relay_stop
relay_pid=$outer
relay_stop

say "a relay that is not configured"
ip -n relay1 addr add 2001:db8:ff::3/64 dev north
ip -n relay1 addr del 2001:db8:ff::2/64 dev north
relay_start relay1 dhcp6relay -f -b 2001:db8:ff::3 -r north -s 2001:db8:ff::1 lan1
rm -f "$T/g1/BOUND6" "$T/g1/dhclient.leases"
ip netns exec g1 timeout 20 dhclient -6 -d -D LL -lf "$T/g1/none.leases" -pf "$T/g1/none.pid" \
	-sf /bin/true eth0 >/dev/null 2>&1 &
wait_for 15 "the drop" logged 'event=dhcp6-drop .*src=2001:db8:ff::3 .*reason=relay-unknown'
relay_stop
daemon_stop_cleanly
