#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: S12 S13
#
# A clean stop takes the default route from the guests (S12); a reload and a crash do not (S13).
LIMIT=90
NEEDS="rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: slaac
	    prefix: 2001:db8:1::/64
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
daemon_start
guest_up g1
wait_for 20 "a default route" guest_default_route g1
wait_for 20 "an address" guest_has g1 '^2001:db8:1::'

# advertised: the router still answers, and with a lifetime.
advertised()
{
	in_ns g1 rdisc6 -1 -w 5000 eth0 >"$T/g1.rdisc6.log" || return 1
	grep -q 'Router lifetime  *: *1800' "$T/g1.rdisc6.log"
}

# Every advertisement the guest gets from here on.
ip netns exec g1 ip -6 monitor route >"$T/g1.routes" 2>&1 &
wait_for 5 "an advertisement" advertised
kill -HUP "$daemon_pid"
wait_for 10 "the reload" logged event=reloaded
wait_for 10 "an advertisement after the reload" advertised
guest_default_route g1 || fail "the reload took the default route"
not grep -q '^Deleted default' "$T/g1.routes" || fail "the reload took the default route away"

daemon_stop KILL
daemon_start
wait_for 15 "an advertisement after the crash" advertised
not grep -q '^Deleted default' "$T/g1.routes" || fail "a restart took the default route away"

daemon_stop_cleanly
wait_for 10 "the default route to go" not guest_default_route g1
guest_has g1 '^2001:db8:1::ff:fe00:1/64$' || fail "the stop took the address as well"

# Without forwarding there is no route to offer, but still addresses (S14).
in_ns router sysctl -qw net.ipv6.conf.all.forwarding=0
daemon_start
guest_new g2 br0 2
guest_up g2
wait_for 20 "an address without forwarding" guest_has g2 '^2001:db8:1::ff:fe00:2/64$'
not guest_default_route g2 || fail "a default route from a router that does not forward"
daemon_stop_cleanly

# Who does not forward and does not advertise is no router: it is not in their group (ff02::2).
in_routers_group()
{
	in_ns router grep -q ' br0 *ff020000000000000000000000000002 ' /proc/net/igmp6
}

# config MODE
config()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks: [{interface: br0, mode: $1, prefix: "2001:db8:1::/64"}]
	END
}

config dhcpv6-only
daemon_start
wait_for 5 "the group of servers" in_ns router grep -q ' br0 *ff020000000000000000000000010002 ' /proc/net/igmp6
not in_routers_group || fail "in the routers' group without being one"
config dhcpv6-stateful
kill -HUP "$daemon_pid"
wait_for 5 "the routers' group" in_routers_group
wait_for 10 "an advertisement" in_ns g1 rdisc6 -1 -w 1000 eth0
config dhcpv6-only
kill -HUP "$daemon_pid"
wait_for 5 "the routers' group to be left" not in_routers_group
wait_for 10 "the last advertisement" logged event=ra-final
daemon_stop_cleanly
