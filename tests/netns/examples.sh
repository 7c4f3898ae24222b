#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each example configuration runs: the daemon gets ready on the interfaces that it names or that match
# its patterns, advertises on each, and where M is on leases to whoever comes, unless the example says
# that it does not. Only the user and the place of the store are changed.
LIMIT=180
NEEDS="dhclient rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"

# interfaces_of FILE: those of its networks; of a pattern one that matches. Not those in namespaces.
interfaces_of()
{
	sed -n '/^networks:/,$s/^  [- ] interface: *//p' "$1"
	grep -q netns "$1" ||
		sed -n '/^networks:/,$s/^  [- ] interfaces: *\[\(.*\)\].*/\1/p' "$1" |
		tr ',' '\n' | tr -d ' "' | tr '*' 7
}

# leases_to GUEST FILE
leases_to()
{
	grep -q 'Stateful address conf.  *: *Yes' "$T/rdisc6.log" || return 0
	! grep -q 'pools: \[\]' "$2" || return 0
	dhclient_run "$1" || fail "no lease for $1"
	client_kill "$1"
}

router_new
number=0
for example in "$netns_dir"/../../conf/examples/*.yaml; do
	say "${example##*/}"
	{
		echo "server:"
		echo "  user: nobody"
		echo "  store: sqlite:$T/store/leases.db"
		sed -e '/^server:/d' -e '/^  user:/d' -e '/^  store:/d' "$example"
	} | config_write
	interfaces=$(interfaces_of "$example")
	guests=
	for interface in $interfaces; do
		number=$((number + 1))
		bridge_new "$interface"
		guest_new "g$number" "$interface" "$number"
		guest_up "g$number"
		guests="$guests g$number"
	done
	daemon_start
	for guest in $guests; do
		in_ns "$guest" rdisc6 -1 -w 5000 eth0 >"$T/rdisc6.log" ||
			fail "no advertisement for $guest"
		leases_to "$guest" "$example"
	done
	daemon_stop_cleanly
	for guest in $guests; do
		guest_del "$guest"
	done
	for interface in $interfaces; do
		ip -n router link del "$interface"
	done
	rm -r "$T/store"
done
