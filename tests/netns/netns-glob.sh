#!/bin/sh
# SPDX-License-Identifier: ISC
#
# One daemon serves every namespace that matches a pattern, as they come and go: leases of two
# namespaces do not mix, one that is deleted is let go of and forgotten without an error, and one
# that comes back finds its leases. Three capabilities are kept for it, no more.
# rows: G12 S20
LIMIT=90
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

# networks [NETWORK]: the configuration, with one more network.
networks()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - name: tenant
		    netns: "qr-*"
		    interfaces: [to-guest]
		    mode: dhcpv6-stateful
		    prefix: 2001:db8:1::/64
		    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::1000"}]}
		  - name: other
		    netns: "qr-*"
		    interfaces: ["to-*"]
		    mode: slaac
		    prefix: 2001:db8:2::/64
		$*
	END
}

# tenant_new NAMESPACE GUEST: a router's namespace and a guest in another, whose link-layer address
# is always the same.
tenant_new()
{
	ns_new "$1"
	in_ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=1
	ns_new "$2"
	ip -n "$1" link add to-guest type veth peer name eth0 netns "$2" address 02:00:00:00:00:01
	in_ns "$2" sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=0 net.ipv6.conf.eth0.use_tempaddr=0
	ip -n "$1" link set to-guest up
	ip -n "$2" link set eth0 up
	mkdir -p "$T/$2"
}

# lease GUEST: what dhclient was told.
lease()
{
	wait_for 20 "a default route in $1" guest_default_route "$1"
	dhclient_run "$1" || fail "dhclient got nothing in $1"
	same "address of $1" 2001:db8:1::1000 "$(told "$1" BOUND6 new_ip6_address)"
}

leases()
{
	db "SELECT network, address FROM leases WHERE state = 'active' ORDER BY network" | tr '\n' ' '
}

descriptors()
{
	find "/proc/$daemon_pid/fd" -mindepth 1 | wc -l
}

descriptors_above()
{
	[ "$(descriptors)" -gt "$1" ]
}

descriptors_are()
{
	[ "$(descriptors)" -eq "$1" ]
}

link_gone()
{
	not ip -n "$1" link show dev eth0
}

networks
router_new
daemon_start
for set in CapPrm CapEff; do
	same "$set" 0000000000202400 "$(sed -n "s/^$set:[[:space:]]*//p" "/proc/$daemon_pid/status")"
done
for set in CapInh CapBnd CapAmb; do
	same "$set" 0000000000000000 "$(sed -n "s/^$set:[[:space:]]*//p" "/proc/$daemon_pid/status")"
done
without=$(descriptors)

tenant_new qr-a g1
tenant_new qr-b g2
lease g1
lease g2
same "leases" "tenant@qr-a|2001:db8:1::1000 tenant@qr-b|2001:db8:1::1000 " "$(leases)"

# The name goes, and the daemon with it: only then does the kernel end the namespace and its links.
client_kill g1
ip netns del qr-a
wait_for 10 "the namespace to be let go of" link_gone g1
ip netns del g1
wait_for 10 "a line about it" logged 'event=namespace-gone .*netns=qr-a'
tenant_new qr-a g1
lease g1
client_kill g1
client_kill g2

# Another interface of one of them belongs to the network with the less exact pattern.
ns_new g3
ip -n qr-b link add to-more type veth peer name eth0 netns g3
ip -n qr-b link set to-more up
ip -n g3 link set eth0 up
wait_for 20 "an address by the other network" guest_has g3 '^2001:db8:2:'

# With the right to enter namespaces, a reload may name further ones.
tenant_new extra g4
networks '  - {name: extra, netns: extra, interface: to-guest, mode: slaac, prefix: "2001:db8:3::/64"}'
kill -HUP "$daemon_pid"
wait_for 20 "an address in a namespace of a reload" guest_has g4 '^2001:db8:3:'
wait_for 20 "leases to stay with the reload" guest_has g3 '^2001:db8:2:'

for ns in qr-a qr-b extra; do
	ip netns del "$ns"
done
wait_for 10 "all descriptors to be closed" descriptors_are "$without"

# Many at once, and names that are used again at once.
for i in $(seq 20); do
	ip netns add "qr-$i"
	ip netns del "qr-$i"
	ip netns add "qr-$i"
done
wait_for 20 "twenty namespaces" descriptors_above $((without + 100))
for i in $(seq 20); do
	ip netns del "qr-$i"
done
wait_for 20 "all descriptors to be closed again" descriptors_are "$without"
not logged level=error || fail "an error: $(grep level=error "$daemon_log")"
daemon_stop_cleanly
