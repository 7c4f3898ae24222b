#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Kernel guests on one bridge where nothing is sent by multicast: each gets the prefix that is for it
# alone, one of them no default route, and one of a class a more specific route and another MTU. They
# are told again; and when one gets another prefix by a reload, it alone sees the old one deprecated.
# On a link with one guest the same goes out by multicast.
#
# rows: H12 S9 N1
LIMIT=60
NEEDS="tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"

# config PREFIX: with that for g1.
config()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		classes: [{name: ones, mac: "02:00:00:00:00:03", ra: {mtu: 1400, routes: ["2001:db8:77::/48"]}}]
		networks:
		  - interface: br0
		    mode: slaac
		    prefix: 2001:db8:1::/64
		    ra: {multicast: off, interval: {min: 3s, max: 4s}}
		    hosts:
		      - {name: g1, mac: "02:00:00:00:00:01", ra: {prefix: "$1"}}
		      - {name: g2, mac: "02:00:00:00:00:02", ra: {lifetime: 0s, prefix: "2001:db8:b::/64"}}
		  - interface: br1
		    mode: slaac
		    ra: {multicast: private, interval: {min: 3s, max: 4s}}
		    hosts: [{name: g4, interface: br1, ra: {preference: low, prefix: "2001:db8:d::/64"}}]
	END
}

is_deprecated()
{
	ip -n "$1" -6 addr show dev eth0 deprecated | grep -q "inet6 $2:"
}

config 2001:db8:a::/64
router_new
bridge_new br0
bridge_new br1
guest_new g1 br0 1
guest_new g2 br0 2
guest_new g3 br0 3
guest_new g4 br1 4
in_ns g3 sysctl -qw net.ipv6.conf.default.accept_ra_rt_info_max_plen=64 \
	net.ipv6.conf.eth0.accept_ra_rt_info_max_plen=64
daemon_start
in_ns g1 tcpdump -n -l -i eth0 'icmp6 and ip6[40] == 134' >"$T/g1.tcpdump.log" 2>/dev/null &
guest_up g1
guest_up g2

wait_for 20 "an address on g1" guest_has g1 '^2001:db8:a::ff:fe00:1/64$'
wait_for 20 "an address on g2" guest_has g2 '^2001:db8:b::ff:fe00:2/64$'
same "addresses of g1" 2001:db8:a::ff:fe00:1/64 "$(guest_addresses g1)"
same "addresses of g2" 2001:db8:b::ff:fe00:2/64 "$(guest_addresses g2)"
wait_for 5 "a default route" guest_default_route g1
not guest_default_route g2 || fail "g2 has a default route"
wait_for 15 "a second advertisement for g1" \
	sh -c "[ \$(grep -c '> fe80::ff:fe00:1: ICMP6, router adv' $T/g1.tcpdump.log) -ge 2 ]"
not grep -q '> ff02::1: ICMP6, router adv' "$T/g1.tcpdump.log" ||
	fail "something was sent by multicast"

say "a class, and a link with one guest"
guest_up g3
guest_up g4
wait_for 20 "an address on g3" guest_has g3 '^2001:db8:1::ff:fe00:3/64$'
wait_for 5 "the route of the class" sh -c "ip -n g3 -6 route show 2001:db8:77::/48 | grep -q via"
same "MTU of g3" 1400 "$(in_ns g3 cat /proc/sys/net/ipv6/conf/eth0/mtu)"
same "routes of g1" "" "$(ip -n g1 -6 route show 2001:db8:77::/48)"
wait_for 20 "an address on g4" guest_has g4 '^2001:db8:d::ff:fe00:4/64$'
wait_for 5 "a default route of low preference" \
	sh -c "ip -n g4 -6 route show default | grep -q 'pref low'"

say "another prefix for one of them"
config 2001:db8:c::/64
kill -HUP "$daemon_pid"
wait_for 10 "a new address on g1" guest_has g1 '^2001:db8:c::ff:fe00:1/64$'
wait_for 10 "the old one to be deprecated" is_deprecated g1 2001:db8:a:
same "addresses of g2" 2001:db8:b::ff:fe00:2/64 "$(guest_addresses g2)"
not grep -q '> ff02::1: ICMP6, router adv' "$T/g1.tcpdump.log" ||
	fail "something was sent by multicast"
daemon_stop_cleanly
