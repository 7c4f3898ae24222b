#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: S1 V12 N3
#
# The kernel configures itself from our advertisements: address, default route, MTU, hop limit;
# rdisc6 sees the DNS servers and the search list. The router's bridge has duplicate detection on,
# so the daemon starts while its link-local address is tentative (S2).
LIMIT=60
NEEDS=rdisc6
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: slaac
	    ra:
	      interval: {min: 3s, max: 4s}
	      preference: high
	      mtu: 1400
	      hop-limit: 33
	      dns: ["2001:db8::53", "2001:db8::54"]
	      search: [example.org, lab.example.org]
	    prefixes:
	      - {prefix: "2001:db8:1::/64", preferred: 1h, valid: 2h}
	      - {prefix: "2001:db8:2::/64", autonomous: false}
END
router_new
in_ns router sysctl -qw net.ipv6.conf.default.accept_dad=1
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_new g2 br0 2
daemon_start
guest_up g1
guest_up g2

wait_for 20 "an address on g1" guest_has g1 '^2001:db8:1::ff:fe00:1/64$'
wait_for 20 "an address on g2" guest_has g2 '^2001:db8:1::ff:fe00:2/64$'
same "addresses of g1" "2001:db8:1:0:0:ff:fe00:1/64" \
	"$(guest_addresses g1 | sed 's/2001:db8:1::ff:/2001:db8:1:0:0:ff:/')"

wait_for 5 "a default route" guest_default_route g1
route=$(ip -n g1 -6 route show default)
case $route in
*"via $(bridge_address br0) dev eth0 "*" mtu 1400 "*"hoplimit 33 pref high"*) ;;
*) fail "default route: $route" ;;
esac
# L without A: a route to the prefix and no address in it.
ip -n g1 -6 route show 2001:db8:2::/64 | grep -q 'dev eth0' || fail "no route to 2001:db8:2::/64"

# The lifetimes are those of the configuration.
ip -n g1 -6 addr show dev eth0 scope global >"$T/g1/addr"
awk '/valid_lft/ {exit !($2 + 0 > 7100 && $2 + 0 <= 7200 && $4 + 0 > 3500 && $4 + 0 <= 3600)}' \
	"$T/g1/addr" || fail "lifetimes: $(cat "$T/g1/addr")"

in_ns g1 rdisc6 -1 -w 5000 eth0 >"$T/g1.rdisc6.log" || fail "rdisc6 heard nothing"
for what in 'Stateful address conf.  *: *No' 'Stateful other conf.  *: *No' \
	'Router preference  *: *high' \
	'Recursive DNS server  *: *2001:db8::53' 'Recursive DNS server  *: *2001:db8::54' \
	'DNS search list  *: *example.org' 'MTU  *: *1400' \
	'Source link-layer address: *02:00:00:00:FF:01' "from $(bridge_address br0)"; do
	grep -q "$what" "$T/g1.rdisc6.log" || fail "rdisc6 does not show '$what'"
done

in_ns g1 ping -6 -n -q -c 1 -W 5 2001:db8:1::ff:fe00:2 >/dev/null || fail "g1 cannot reach g2"
in_ns g1 ping -6 -n -q -c 1 -W 5 2001:db8:1::1 >/dev/null || fail "g1 cannot reach the router"
daemon_stop_cleanly
