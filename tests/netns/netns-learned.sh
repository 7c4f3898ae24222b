#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Prefixes of interfaces in every namespace of a pattern: two tenants have the same prefix and
# guests with the same DUID. When one of them gets another prefix, its guest sees the old one
# deprecated and is given back its lease with lifetimes of 0; the guest of the other sees nothing.
# A namespace that went and comes back still says what is gone, after kill -9 too.
#
# rows: S21 S22 S28 I12 I14 P12
LIMIT=120
NEEDS="dhclient sqlite3 tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"

# tenant_new NAMESPACE GUEST PREFIX
tenant_new()
{
	ns_new "$1"
	in_ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=1
	ip -n "$1" link add up0 type bridge
	ip -n "$1" link set up0 up
	ip -n "$1" addr add "$3::1/64" dev up0 valid_lft 4000 preferred_lft 2000 nodad
	ip -n "$1" link add up1 type bridge
	ip -n "$1" link set up1 up
	ip -n "$1" addr add 2001:db8:f0::1/60 dev up1 nodad
	ip -n "$1" link add other type bridge
	ip -n "$1" link set other up
	ns_new "$2"
	ip -n "$1" link add to-guest type veth peer name eth0 netns "$2" address 02:00:00:00:00:01
	in_ns "$2" sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=0 net.ipv6.conf.eth0.use_tempaddr=0
	ip -n "$1" link set to-guest up
	ip -n "$2" link set eth0 up
	mkdir -p "$T/$2"
}

is_deprecated()
{
	ip -n "$1" -6 addr show dev eth0 deprecated | grep -q "inet6 $2:"
}

# lease GUEST PREFIX: dhclient, without any memory, gets the one address there is, with what is left
# of the prefix.
lease()
{
	rm -f "$T/$1/dhclient.leases" "$T/$1/BOUND6"
	dhclient_run "$1" || fail "dhclient got nothing in $1"
	same "address of $1" "$2::1000" "$(told "$1" BOUND6 new_ip6_address)"
	valid=$(told "$1" BOUND6 new_max_life)
	[ "$valid" -gt 3900 ] || fail "valid for $valid s in $1"
	[ "$valid" -le 4000 ] || fail "valid for $valid s in $1"
	client_kill "$1"
}

# given_back GUEST PREFIX: beside its new one, dhclient is told that its old address has ended; it
# runs its script for that last.
given_back()
{
	rm -f "$T/$1/dhclient.leases" "$T/$1/BOUND6"
	dhclient_run "$1" || fail "dhclient got nothing in $1"
	same "what $1 is given back" "$2::1000 0 0" "$(told "$1" BOUND6 new_ip6_address) $(
		told "$1" BOUND6 new_preferred_life) $(told "$1" BOUND6 new_max_life)"
	client_kill "$1"
}

leases()
{
	db "SELECT network, address FROM leases WHERE state = 'active' AND kind = 'NA' ORDER BY network" | tr '\n' ' '
}

# routed NAMESPACE PREFIX PATTERN
routed()
{
	ip -n "$1" -6 route show "$2" | grep -q "$3"
}

stored()
{
	db "SELECT value FROM meta WHERE name = 'prefixes'" | grep -q -e "$1"
}

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - name: tenant
	    netns: "qr-*"
	    interfaces: [to-guest]
	    mode: dhcpv6-stateful
	    prefixes: [{from-interface: up0, autonomous: true}]
	    ra: {interval: {min: 3s, max: 4s}}
	    dhcp6:
	      pools: [{range: "::1000-::1000"}]
	      delegate: [{from-interface: up1, prefix: "::8:0:0:0:0/61", length: 63, allocate: sequential}]
	  # Its link has what would be delegated first.
	  - name: other
	    netns: "qr-*"
	    interfaces: [other]
	    mode: slaac
	    prefixes: [{from-interface: up1, subnet: 9}]
END
router_new
tenant_new qr-a g1 2001:db8:1
daemon_start
tenant_new qr-b g2 2001:db8:1
for guest in g1 g2; do
	wait_for 20 "an address on $guest" guest_has "$guest" '^2001:db8:1::ff:fe00:1/64$'
	lease "$guest" 2001:db8:1
done
same "leases" "tenant@qr-a|2001:db8:1::1000 tenant@qr-b|2001:db8:1::1000 " "$(leases)"

say "delegations of another interface's prefix"
# delegation GUEST
delegation()
{
	rm -f "$T/$1/dhclient.leases" "$T/$1"/BOUND6*
	dhclient_run "$1" -P || fail "dhclient -P got nothing in $1"
	delegated=$(told "$1" BOUND6 new_ip6_prefix)
	client_kill "$1"
}
for guest in g1 g2; do
	delegation "$guest"
	same "prefix of $guest" 2001:db8:f0:a::/63 "$delegated"
done
for ns in qr-a qr-b; do
	wait_for 5 "the way to it in $ns" routed "$ns" 2001:db8:f0:a::/63 via
	wait_for 5 "no way to the rest in $ns" routed "$ns" 2001:db8:f0:8::/61 unreachable
done
ip -n qr-b addr add 2001:db8:f1::1/60 dev up1 nodad
ip -n qr-b addr del 2001:db8:f0::1/60 dev up1
wait_for 10 "its end" logged 'event=prefix-gone .*net=tenant@qr-b prefix=2001:db8:f0:8::/61'
delegation g1
same "prefix of g1" 2001:db8:f0:a::/63 "$delegated"
dhclient_run g2 -P || fail "dhclient -P got nothing in g2"
client_kill g2
wait_for 5 "another prefix" logged \
	'event=lease-bound .*net=tenant@qr-b .*prefix=2001:db8:f1:a::/63'
wait_for 5 "the end of the old one" logged \
	'event=lease-revoked .*net=tenant@qr-b .*prefix=2001:db8:f0:a::/63'
wait_for 5 "the way to the new one" routed qr-b 2001:db8:f1:a::/63 via
for prefix in 2001:db8:f0:a::/63 2001:db8:f0:8::/61; do
	wait_for 5 "no route to $prefix" not routed qr-b "$prefix" .
done
routed qr-a 2001:db8:f0:a::/63 via || fail "the way in the other namespace is gone, too"

say "another prefix in one of them"
ip -n qr-a addr add 2001:db8:2::1/64 dev up0 valid_lft 4000 preferred_lft 2000 nodad
ip -n qr-a addr del 2001:db8:1::1/64 dev up0
wait_for 10 "a new address on g1" guest_has g1 '^2001:db8:2:'
wait_for 10 "the old one to be deprecated" is_deprecated g1 2001:db8:1:
logged 'event=prefix-gone .*net=tenant@qr-a prefix=2001:db8:1::/64' || fail "no line about it"
given_back g1 2001:db8:1
not is_deprecated g2 2001:db8:1: || fail "the prefix of the other is deprecated, too"
not guest_has g2 '^2001:db8:2:' || fail "the other has the new prefix, too"
lease g2 2001:db8:1
same "leases" "tenant@qr-a|2001:db8:2::1000 tenant@qr-b|2001:db8:1::1000 " "$(leases)"

say "a namespace that goes and comes back while the daemon is dead"
wait_for 5 "the store to know" stored '2001:db8:1::/64 .* [1-9][0-9]* tenant@qr-a'
ip netns del qr-b
ip netns del g2
wait_for 10 "the namespace to be gone" logged 'event=namespace-gone .*netns=qr-b'
logged 'event=prefix-gone .*net=tenant@qr-b prefix=2001:db8:1::/64' || fail "its prefix is not gone"
wait_for 5 "the store to know" stored '2001:db8:1::/64 .* [1-9][0-9]* tenant@qr-b'
kill -9 "$daemon_pid"
wait "$daemon_pid" 2>/dev/null || true
tenant_new qr-b g2 2001:db8:3
ip -n g2 addr add 2001:db8:1:0:0:ff:fe00:1/64 dev eth0 valid_lft 4000 preferred_lft 2000
daemon_start
wait_for 20 "an address on g2" guest_has g2 '^2001:db8:3:'
given_back g2 2001:db8:1
in_ns g2 timeout 20 tcpdump -n -vv -c 1 -i eth0 'icmp6 and ip6[40] == 134' >"$T/g2.tcpdump.log" 2>&1 ||
	fail "no advertisement"
grep -q '2001:db8:1::/64, Flags \[onlink, auto\], valid time 0s' "$T/g2.tcpdump.log" ||
	fail "what is gone is not announced"
same "leases" "tenant@qr-a|2001:db8:2::1000 tenant@qr-b|2001:db8:3::1000 " "$(leases)"
daemon_stop_cleanly
