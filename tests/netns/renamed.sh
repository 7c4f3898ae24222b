#!/bin/sh
# SPDX-License-Identifier: ISC
#
# An interface that is renamed belongs to another network by its new name. Its hosts, which saw
# nothing of it, are told the prefix of that, and that the other prefix and the DNS server ended.
#
# rows: S20 S21 N1
LIMIT=60
NEEDS="rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - {interface: one, mode: slaac, prefix: 2001:db8:1::/64, dns: [2001:db8:1::53]}
	  - {interface: two, mode: slaac, prefix: 2001:db8:2::/64}
END
router_new
bridge_new one
guest_new g1 one 1
guest_up g1
daemon_start
wait_for 20 "an address" guest_has g1 '^2001:db8:1::'

# deprecated NETWORK: whether the guest's address there is.
deprecated()
{
	ip -n g1 -6 -o addr show dev eth0 deprecated | grep -q " 2001:db8:$1::"
}

not deprecated 1 || fail "the address is deprecated from the beginning"
ip -n router link set one down
ip -n router link set one name two
ip -n router link set two up
wait_for 10 "an address of the other network" guest_has g1 '^2001:db8:2::'
wait_for 5 "the end of the first" deprecated 1
not deprecated 2 || fail "both are deprecated"
in_ns g1 rdisc6 -1 -w 5000 eth0 >"$T/g1.rdisc6.log"
grep -A 2 'Recursive DNS server *: *2001:db8:1::53' "$T/g1.rdisc6.log" | grep -q 'lifetime *: *0 ' ||
	fail "the DNS server has not ended"
guest_default_route g1 || fail "the default route went"
same "ends of the router" 0 "$(logged_times event=ra-final)"
daemon_stop_cleanly
