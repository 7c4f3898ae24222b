#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: S20 G12
#
# Interfaces come and go while the daemon runs: one that does not exist yet is waited for, one that
# is deleted and made again is served again (S20), and one that only loses its carrier too; so is
# one that is renamed, that gets another link-layer address (S19), or that was in another namespace.
# rows: G12 S19 S20
LIMIT=90
NEEDS="dhclient rdisc6 sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - name: tenant
	    interfaces: [br0, "tap*"]
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]}
END
router_new
in_ns router sysctl -qw net.ipv6.conf.default.accept_dad=1
daemon_start
logged 'event=link-missing level=warning link=br0 net=tenant ' || fail "nobody says that br0 is missing"
same "interfaces that are missing" 1 "$(logged_times event=link-missing)"

# round: a bridge, a guest on it, its address in $address.
round()
{
	bridge_new "$1" 2001:db8:1::1/64
	guest_new g1 "$1" 1
	guest_up g1
	wait_for 20 "a default route over $1" guest_default_route g1
	dhclient_run g1 || fail "dhclient got nothing over $1"
	address=$(told g1 BOUND6 new_ip6_address)
}

round br0
first=$address
guest_del g1
ip -n router link del br0
round br0
same "address on the new br0" "$first" "$address"
kill -HUP "$daemon_pid"
wait_for 5 "the reload" logged event=reloaded
same "interfaces that are missing now" 1 "$(logged_times event=link-missing)"

# Down and up again is not new, but hosts have lost what they knew.
ip -n router link set br0 down
guest_del g1
ip -n router addr flush dev br0
ip -n router link set br0 up
guest_new g1 br0 1
guest_up g1
wait_for 20 "a default route after down and up" guest_default_route g1
guest_del g1
ip -n router link del br0

# Another interface of the same network: the same client, the same lease.
round tap7
same "address over tap7" "$first" "$address"
guest_del g1

# Renamed, it begins to match.
bridge_new other
guest_new g1 other 1
guest_up g1
ip -n router link set other down
ip -n router link set other name tap8
ip -n router link set tap8 up
wait_for 20 "a default route over what is tap8 now" guest_default_route g1

# Renamed while it is up, it is the same link of the same network: no end is advertised.
finals=$(logged_times event=ra-final)
if ip -n router link set tap8 name tap88 2>/dev/null; then
	kill -USR1 "$daemon_pid"
	wait_for 5 "the new name" logged 'event=ra-counters .*link=tap88'
	same "ends advertised by a new name" "$finals" "$(logged_times event=ra-final)"
	ip -n router link set tap88 name tap8
fi

# advertised_from ADDRESS: whether an advertisement in g1 has it as its link-layer address.
advertised_from()
{
	in_ns g1 rdisc6 -1 -w 2000 eth0 | grep -qi "source link-layer address: *$1"
}

ip -n router link set tap8 address 02:00:00:00:ee:01
wait_for 20 "the new link-layer address" advertised_from 02:00:00:00:ee:01

tap9_ready()
{
	ip -n router -6 -o addr show dev tap9 scope link | grep -qv tentative
}

# Away to another namespace, and back.
ns_new g2
ns_new elsewhere
ip -n router link add tap9 type veth peer name eth0 netns g2
ip -n router link set tap9 up
ip -n g2 link set eth0 up
wait_for 20 "a default route over tap9" guest_default_route g2
ip -n router link set tap9 netns elsewhere
ip -n g2 link set eth0 down
ip -n elsewhere link set tap9 netns router
ip -n router link set tap9 up
ip -n g2 link set eth0 up
wait_for 20 "a default route over tap9 again" guest_default_route g2

# An MTU that IPv6 does not go with, and back before the daemon looks: it is in no group any longer,
# although nothing is as it was not before.
in_ns router sysctl -qw net.ipv6.conf.default.accept_dad=0
kill -STOP "$daemon_pid"
ip -n router link set tap9 mtu 1200
ip -n router link set tap9 mtu 1500
wait_for 5 "its link-local address" tap9_ready
kill -CONT "$daemon_pid"
mkdir -p "$T/g2"
dhclient_run g2 || fail "dhclient got nothing after the MTU was changed"
not logged level=error || fail "an error: $(grep -m 3 level=error "$daemon_log")"
daemon_stop_cleanly
