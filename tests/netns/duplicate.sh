#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: M8
#
# Somebody has taken an address of the pool without asking: the kernel of the guest that is given it
# finds the duplicate, dhclient and dibbler-client decline it and get another address.
LIMIT=90
NEEDS="dhclient dibbler-client sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-clients.sh"

# dibbler looks for duplicates among addresses that do not end.
config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::1fff", allocate: sequential}]}
	  - interface: br1
	    mode: dhcpv6-stateful
	    prefixes: [{prefix: "2001:db8:2::/64", preferred: infinite, valid: infinite}]
	    dhcp6: {pools: [{range: "2001:db8:2::1000-2001:db8:2::1fff", allocate: sequential}]}
END
ready()
{
	ip -n "$1" -6 -o addr show dev eth0 scope link | grep -v tentative | grep -q .
}

router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
for n in 1 2; do
	guest_new "g$n" "br$((n - 1))" "$n"
	guest_new "squatter$n" "br$((n - 1))" "$((n + 2))"
	guest_up "squatter$n"
	ip -n "squatter$n" addr add "2001:db8:$n::1000/64" dev eth0 nodad
	guest_up "g$n"
	# dibbler does not start while the link-local address is tentative.
	wait_for 10 "a link-local address of g$n" ready "g$n"
	in_ns "g$n" sysctl -qw net.ipv6.conf.eth0.accept_dad=1
done
daemon_start

dibbler_start g2 ia
dhclient_run g1 || fail "dhclient got nothing after its Decline"
for n in 1 2; do
	wait_for 20 "the Decline of g$n" lease_is "2001:db8:$n::1000" declined
	logged "event=lease-declined .*addr=2001:db8:$n::1000" || fail "the log says nothing"
	wait_for 10 "the duplicate in g$n to go" not guest_has "g$n" "^2001:db8:$n::1000/"
done
# dibbler 1.0.1 does not survive its Decline, and not what it wrote down before.
wait_for 10 "dibbler to end" not alive "$(cat "$T/g2/client.pid")"
rm "$T"/g2/state/*
dibbler_start g2 ia
for n in 1 2; do
	wait_for 20 "another address in g$n" guest_has "g$n" "^2001:db8:$n::1001/128\$"
	same "its lease" active "$(lease_state "2001:db8:$n::1001")"
done
client_stop g2 TERM
daemon_stop_cleanly
