#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: M4 I7
#
# A link that was down and is up again: dhclient (started anew, as ifupdown does) and dhcpcd (which
# sees the carrier) ask with Confirm whether their leases are still good, and keep them. The same
# after the plug was put into another link: they hear NotOnLink, and get a lease of the new link.
LIMIT=120
NEEDS="dhclient dhcpcd sqlite3 tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-clients.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	  - interface: br1
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
END
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
listen_start br0 br1
daemon_start

# replug NUMBER BRIDGE
replug()
{
	ip -n router link set "to-g$1" down
	wait_for 10 "g$1 to have no carrier" not carrier "$1"
	ip -n router link set "to-g$1" master "$2"
	ip -n router link set "to-g$1" up
	wait_for 10 "g$1 to have a carrier" carrier "$1"
}

carrier()
{
	ip -n "g$1" link show dev eth0 | grep -q LOWER_UP
}

# address_in NUMBER NETWORK: leaves the guest's address there in $address.
address_in()
{
	wait_for 30 "an address of g$1 in $2" guest_has "g$1" "^$2.*/128\$"
	address=$(guest_addresses "g$1" | grep "^$2.*/128\$")
	same "the lease of $address" active "$(lease_state "${address%/*}")"
}

for n in 1 2; do
	guest_new "g$n" br0 "$n"
	guest_up "g$n"
done
dhcpcd_start g2 "ia_na 1"
dhclient_run g1 || fail "dhclient got nothing"
for n in 1 2; do
	address_in "$n" 2001:db8:1:
	echo "$address" >"$T/first.$n"
	not said "$n" confirm || fail "g$n asked for a confirmation before it had something"
done

say "down and up"
client_kill g1
replug 1 br0
replug 2 br0
dhclient_run g1 || fail "dhclient did not get its lease confirmed"
for n in 1 2; do
	wait_for 20 "a Confirm of g$n" said "$n" confirm
	wait_for 10 "its answer" was_told "$n" 'reply.*status-code [Ss]uccess'
	wait_for 20 "the address of g$n" guest_has "g$n" "^$(cat "$T/first.$n")\$"
done

say "into another link"
client_kill g1
replug 1 br1
replug 2 br1
dhclient_run g1 || fail "dhclient got nothing on the other link"
for n in 1 2; do
	wait_for 20 "NotOnLink for g$n" was_told "$n" 'reply.*status-code NotOnLink' br1
	address_in "$n" 2001:db8:2:
done
# dhclient was killed and remembers only that the lease is no good; dhcpcd knows what it had set.
wait_for 10 "the old address of g2 to go" not guest_has g2 "^$(cat "$T/first.2")\$"
client_stop g2 TERM
daemon_stop_cleanly
