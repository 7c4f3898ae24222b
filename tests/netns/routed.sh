#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two guests, each alone on its link: dhclient gets an address of its own, the default route is the
# router's link-local address, and with a host route for each lease they reach each other through the
# router although no prefix is on any link; an address that nobody has is unreachable. On a third link a box that serves DHCPv6 is no
# router: flags, and no default route.
#
# rows: H6 H7 H9 H10 P9
LIMIT=90
NEEDS="dhclient rdisc6 sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - name: guests
	    interfaces: [to-g*]
	    mode: routed
	    prefix: 2001:db8:1::/64
	    ra: {interval: {min: 3s, max: 4s}}
	    dhcp6: {routes: all, pools: [{range: "2001:db8:1::1000-2001:db8:1::1fff"}]}
	  - name: box
	    interface: to-b1
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
	    ra: {lifetime: 0s, interval: {min: 3s, max: 4s}}
END
router_new
in_ns router ip link add br0 type bridge

# link_new NAME NUMBER: a guest at the other end of a link of the router's.
link_new()
{
	guest_new "$1" br0 "$2"
	ip -n router link set "to-$1" nomaster
	in_ns router sysctl -qw "net.ipv6.conf.to-$1.addr_gen_mode=0"
	ip -n router link set "to-$1" down
	ip -n router link set "to-$1" up
	guest_up "$1"
}
link_new g1 1
link_new g2 2
link_new b1 3
daemon_start

# boot NAME: leaves its address in $address.
boot()
{
	dhclient_run "$1" || fail "dhclient in $1 got nothing"
	address=$(told "$1" BOUND6 new_ip6_address)
	same "addresses of $1" "$address/128" "$(guest_addresses "$1")"
	wait_for 10 "a default route" guest_default_route "$1"
	route=$(ip -n "$1" -6 route show default)
	case $route in
	*"via fe80::"*" dev eth0 "*) ;;
	*) fail "default route: $route" ;;
	esac
	[ -z "$(ip -n "$1" -6 route show 2001:db8:1::/64)" ] || fail "the prefix is on the link"
	wait_for 5 "the host route" host_route "$address" "$1"
}
# By the link-local address and the link of the guest.
host_route()
{
	ip -n router -6 route show "$1" proto 83 | grep -q "^$1 via fe80::ff:fe00:[0-9] dev to-$2 "
}
boot g1
first=$address
boot g2
in_ns g2 ping -6 -n -q -c 1 -W 5 "$first" >/dev/null || fail "g2 cannot reach g1"
in_ns g2 ping -6 -n -c 1 -W 2 2001:db8:1::9999 >"$T/nobody.log" 2>&1 || true
grep -q -i unreachable "$T/nobody.log" || fail "an address that nobody has is not unreachable"
in_ns g1 dhclient -6 -r -cf "$T/g1/dhclient.conf" -lf "$T/g1/dhclient.leases" \
	-pf "$T/g1/dhclient.pid" -sf "$netns_dir/dhclient-script" -e GUEST_DIR="$T/g1" eth0 \
	>>"$T/g1.dhclient.log" 2>&1 || fail "dhclient could not release"
wait_for 5 "the host route to go" not host_route "$first" g1

wait_until 10 in_ns b1 sh -c 'rdisc6 -1 -w 5000 eth0' >/dev/null || fail "rdisc6 heard nothing"
in_ns b1 rdisc6 -1 -w 5000 eth0 >"$T/b1.rdisc6.log"
grep -q 'Router lifetime  *: *0 ' "$T/b1.rdisc6.log" || fail "the box is a default router"
grep -q 'Stateful address conf.  *: *Yes' "$T/b1.rdisc6.log" || fail "M is not on"
not guest_default_route b1 || fail "b1 has a default route"
dhclient_run b1 || fail "dhclient in b1 got nothing"
daemon_stop_cleanly
