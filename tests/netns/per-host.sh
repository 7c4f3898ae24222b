#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two kernel guests on one bridge where nothing is sent by multicast: each gets the prefix that is
# for it alone, one of them no default route; and they are told again.
#
# rows: H12 S9
LIMIT=60
NEEDS="tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: slaac
	    prefix: 2001:db8:1::/64
	    ra: {multicast: off, interval: {min: 3s, max: 4s}}
	    hosts:
	      - {name: g1, mac: "02:00:00:00:00:01", ra: {prefix: "2001:db8:a::/64"}}
	      - {name: g2, mac: "02:00:00:00:00:02", ra: {lifetime: 0s, prefix: "2001:db8:b::/64"}}
END
router_new
bridge_new br0
guest_new g1 br0 1
guest_new g2 br0 2
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
daemon_stop_cleanly
