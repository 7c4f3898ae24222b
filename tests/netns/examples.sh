#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each example configuration runs: the daemon gets ready on the interfaces that it names, and
# advertises on each. Only the user and the place of the store are changed.
LIMIT=90
NEEDS="rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"

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
	interfaces=$(sed -n 's/^  [- ] interface: *//p' "$example")
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
