#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: H12 H14 H7 H8
#
# Hosts with a prefix of their own by Router Advertisement: all of it is routed to the host, on a
# shared link and on one it is alone on, so any address that the host makes of it is reached. The
# route outlives the daemon, moves with the host, and goes with its configuration.
LIMIT=90
NEEDS="rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"

config()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - name: shared
		    interface: br0
		    mode: slaac
		    prefix: 2001:db8:1::/64
		    ra: {multicast: off, interval: {min: 3s, max: 4s}}
		    hosts:
		      - {name: g1, mac: "02:00:00:00:00:01", ra: {prefix: "2001:db8:a::/64"}}
		      - {name: away, mac: "02:00:00:00:00:09", ra: {prefix: "2001:db8:f::/64"}}
		  - name: taps
		    interfaces: [to-t*]
		    mode: slaac
		    ra: {multicast: private, solicited-delay: 0s, interval: {min: 3s, max: 4s}}
		    hosts:
		      - {name: t1, mac: "02:00:00:00:00:03", ra: {prefix: "2001:db8:c::/64"}}
		      - {name: port, interface: to-t4, ra: {prefix: "2001:db8:b::/64"}}
		      $1
	END
}

# routed PREFIX HOW
routed()
{
	ip -n router -6 route show "$1" proto 83 | grep -q "^$1 via $2 metric 1024 "
}

# tap_new NAME NUMBER: a guest alone at the other end of a link of the router's.
tap_new()
{
	guest_new "$1" br0 "$2"
	ip -n router link set "to-$1" nomaster down
	in_ns router sysctl -qw "net.ipv6.conf.to-$1.addr_gen_mode=0"
	ip -n router link set "to-$1" up
	guest_up "$1"
}

router_new
bridge_new br0
ns_new far
cable_new router up0 2001:db8:ff::1/64 far eth0 2001:db8:ff::2/64
ip -n far -6 route add 2001:db8::/32 via 2001:db8:ff::1
# reaches NAME ADDRESS: one that the guest makes for itself of its prefix.
reaches()
{
	ip -n "$1" -6 addr replace "$2/64" dev eth0
	wait_for 10 "$2 to be reached" in_ns far ping -6 -n -q -c 1 -W 1 "$2"
}

config '- {name: t2, mac: "02:00:00:00:00:04", ra: {prefix: "2001:db8:d::/64"}}'
ip -n router -6 route add 2001:db8:f::/64 via fe80::9 dev br0 proto 83
ip -n router -6 route add 2001:db8:e::/64 via fe80::9 dev br0 proto 83
daemon_start
guest_new g1 br0 1
guest_up g1
wait_for 20 "the route to g1" routed 2001:db8:a::/64 "fe80::ff:fe00:1 dev br0"
wait_for 20 "a default route" guest_default_route g1
reaches g1 2001:db8:a::77
tap_new t1 3
wait_for 20 "the route to t1" routed 2001:db8:c::/64 "fe80::ff:fe00:3 dev to-t1"
wait_for 20 "a default route" guest_default_route t1
reaches t1 2001:db8:c::1:2:3:4
tap_new t4 5
wait_for 20 "the route by the port" routed 2001:db8:b::/64 "fe80::ff:fe00:5 dev to-t4"

# What nobody of the configuration has is stale; a host that has not been heard of keeps its route.
routed 2001:db8:f::/64 "fe80::9 dev br0" || fail "the route of a silent host went"
not routed 2001:db8:e::/64 "fe80::9 dev br0" || fail "a stale route is there"
in_ns far ping -6 -n -c 1 -W 2 2001:db8:d::1 >"$T/silent.log" 2>&1 || true
grep -q -i unreachable "$T/silent.log" || fail "the prefix of a silent host is not unreachable"

daemon_stop KILL
daemon_start
wait_for 5 "the start to have looked" sh -c "kill -USR1 $daemon_pid; sleep 0.2
	grep -q 'route-counters .*present=9' $daemon_log"
routed 2001:db8:a::/64 "fe80::ff:fe00:1 dev br0" || fail "the start took the route away"
routed 2001:db8:c::/64 "fe80::ff:fe00:3 dev to-t1" || fail "the start took the route away"

# Another guest on the link, and the first one on another.
ip netns del t1
wait_for 10 "the link to go" not ip -n router link show dev to-t1
tap_new t2 3
wait_for 20 "the route by the other link" routed 2001:db8:c::/64 "fe80::ff:fe00:3 dev to-t2"
wait_for 20 "a default route" guest_default_route t2
reaches t2 2001:db8:c::9

sed -i '/name: t1/d' "$T/sextant.yaml"
kill -HUP "$daemon_pid"
wait_for 5 "the route to go" not routed 2001:db8:c::/64 "fe80::ff:fe00:3 dev to-t2"
routed 2001:db8:a::/64 "fe80::ff:fe00:1 dev br0" || fail "the route of another host went"
not logged event=route-failed || fail "something failed"
daemon_stop_cleanly
