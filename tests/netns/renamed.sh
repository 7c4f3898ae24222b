#!/bin/sh
# SPDX-License-Identifier: ISC
#
# An interface that is renamed belongs to another network by its new name. Its hosts, which saw
# nothing of it, are told the prefix of that, and that the other prefix and the DNS server ended.
#
# What is for the host on an interface goes by the new name, too.
#
# rows: S20 S21 N1
LIMIT=90
NEEDS="rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - {interface: one, mode: slaac, prefix: 2001:db8:1::/64, dns: [2001:db8:1::53]}
	  - {interface: two, mode: slaac, prefix: 2001:db8:2::/64}
	  - name: taps
	    interfaces: [tap*]
	    mode: slaac
	    prefix: 2001:db8:3::/64
	    ra: {multicast: private}
	    hosts: [{name: second, interface: tap2, ra: {prefix: "2001:db8:4::/64"}}]
END
router_new
bridge_new one
guest_new g1 one 1
guest_up g1
daemon_start
wait_for 20 "an address" guest_has g1 '^2001:db8:1::'

# has_deprecated NAME NETWORK: whether the guest's address there is.
has_deprecated()
{
	ip -n "$1" -6 -o addr show dev eth0 deprecated | grep -q " 2001:db8:$2::"
}

not has_deprecated g1 1 || fail "the address is deprecated from the beginning"
ip -n router link set one down
ip -n router link set one name two
ip -n router link set two up
wait_for 10 "an address of the other network" guest_has g1 '^2001:db8:2::'
wait_for 5 "the end of the first" has_deprecated g1 1
not has_deprecated g1 2 || fail "both are deprecated"
in_ns g1 rdisc6 -1 -w 5000 eth0 >"$T/g1.rdisc6.log"
grep -A 2 'Recursive DNS server *: *2001:db8:1::53' "$T/g1.rdisc6.log" | grep -q 'lifetime *: *0 ' ||
	fail "the DNS server has not ended"
guest_default_route g1 || fail "the default route went"

bridge_new tap1
guest_new g2 tap1 2
guest_up g2
wait_for 20 "an address" guest_has g2 '^2001:db8:3::'
ip -n router link set tap1 down
ip -n router link set tap1 name tap2
ip -n router link set tap2 up
wait_for 10 "an address in its own prefix" guest_has g2 '^2001:db8:4::'
wait_for 5 "the end of the other" has_deprecated g2 3
same "ends of the router" 0 "$(logged_times event=ra-final)"
daemon_stop_cleanly
