#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The router's link-local address becomes another one: hosts hear three ends of the router they knew
# by the old one, 3 s apart, although the interface has it no longer, and take the new one alone. So
# it is when the link-layer address is changed, for which the link goes down, and when an address is
# put in the place of that which the kernel made.
#
# rows: S1 S18
LIMIT=90
NEEDS="rdisc6 tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"

# ends ADDRESS: when an end was heard of the router by that address, a line each in seconds.
ends()
{
	awk -v from="$1" '/^[0-9]/ { at = $1; mine = index($0, " " from " > ff02::1:") }
		/router lifetime 0s/ && mine { print at }' "$T/heard.txt"
}

has_ends()
{
	[ "$(ends "$2" | wc -l)" -ge "$1" ]
}

# routes_by ADDRESS: whether the guest's default route leads there, and nowhere else.
routes_by()
{
	[ "$(ip -n g1 -6 route show default | awk '{print $3}')" = "$1" ]
}

# moved_on FORMER NEW
moved_on()
{
	wait_for 15 "three ends of $1" has_ends 3 "$1"
	# Not cut short, and not one more.
	wait_for 5 "another advertisement" rdisc6_by "$2"
	same "ends of $1" 3 "$(ends "$1" | wc -l)"
	ends "$1" | awk 'NR > 1 && ($1 - last < 2.9 || $1 - last > 4) { exit 1 } { last = $1 }' ||
		fail "the ends are not 3 s apart: $(ends "$1" | tr '\n' ' ')"
	wait_for 5 "the new router alone" routes_by "$2"
}

rdisc6_by()
{
	in_ns g1 rdisc6 -1 -w 3000 eth0 | grep -q "from $1"
}

down_again()
{
	[ "$(logged_times event=ra-link-down)" -gt "$downs" ]
}

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - {interface: br0, mode: slaac, prefix: 2001:db8:1::/64}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
ip netns exec g1 tcpdump -tt -l -v -ni eth0 'icmp6 and ip6[40] = 134' >"$T/heard.txt" 2>/dev/null &
# shellcheck disable=SC2016 # for the inner shell
wait_for 5 "tcpdump" in_ns g1 sh -c '[ "$(wc -l </proc/net/packet)" -gt 1 ]'
daemon_start
first=fe80::ff:fe00:ff01 second=fe80::ff:fe00:ffbb
wait_for 10 "the router" routes_by "$first"

ip -n router link set br0 down
ip -n router link set br0 address 02:00:00:00:ff:bb
ip -n router link set br0 up
moved_on "$first" "$second"

# There is none for a moment.
downs=$(logged_times event=ra-link-down)
ip -n router addr del "$second/64" dev br0
wait_for 5 "no advertisements" down_again
ip -n router addr add fe80::1/64 dev br0 nodad
moved_on "$second" fe80::1
not logged 'event=send-failed' || fail "$(grep send-failed "$daemon_log")"

# What is put on and taken away may be somebody else's by now.
ip -n router addr add fe80::2/64 dev br0 nodad
ip -n router addr del fe80::1/64 dev br0
wait_for 10 "the new router" rdisc6_by fe80::2
daemon_stop_cleanly
same "ends of fe80::1" 0 "$(ends fe80::1 | wc -l)"
