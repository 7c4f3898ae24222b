#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two routers share a virtual link-local address, as VRRP gives it to one of them (here the test
# does). Who has it advertises by it, beginning at once and with a burst; who loses it says nothing,
# so that hosts never hear the end of a router that goes on elsewhere. The own link-local address of
# a router that changes ends silently as well, if it is gone.
#
# rows: S2 S4 S12 S18
LIMIT=90
NEEDS="rdisc6 sqlite3 tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"

virtual=fe80::5e00:1

# other_start: the second router's daemon.
other_start()
{
	mkdir -p "$T/other-store"
	chown "$daemon_user" "$T/other-store"
	sed "s,$T/store,$T/other-store," "$T/sextant.yaml" >"$T/other.yaml"
	ip netns exec other "$SEXTANTD" -c "$T/other.yaml" >"$T/other.log" 2>&1 &
	other_pid=$!
	wait_for 20 "the other router" grep -q event=ready "$T/other.log"
}

# heard PATTERN: whether the guest heard such a line of an advertisement.
heard()
{
	grep -q "$1" "$T/heard.txt"
}

# count PATTERN: how many such lines.
count()
{
	grep -c "$1" "$T/heard.txt" || true
}

# at_least NUMBER PATTERN
at_least()
{
	[ "$(count "$2")" -ge "$1" ]
}

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: eth0
	    mode: slaac
	    prefix: 2001:db8:1::/64
	    ra: {source: "$virtual", routers: []}
END
router_new
ns_new other
in_ns other sysctl -qw net.ipv6.conf.all.forwarding=1
ns_new switch
ns_new g1
ip -n switch link add br0 type bridge
ip -n switch link set br0 up
for port in router:1 other:2 g1:3; do
	ip -n switch link add "to-${port%:*}" type veth peer name eth0 netns "${port%:*}" \
		address "02:00:00:00:00:0${port#*:}"
	in_ns "${port%:*}" sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=0
	ip -n switch link set "to-${port%:*}" master br0 up
done
# Beside it, more addresses than are kept of each link.
for i in 1 2 3 4 5 6; do
	ip -n router addr add "fe80::ff:$i/64" dev eth0 nodad
done
for name in router other g1; do
	ip -n "$name" link set eth0 up
done
ip netns exec g1 tcpdump -l -v -ni eth0 'icmp6 and ip6[40] = 134' >"$T/heard.txt" 2>/dev/null &
# shellcheck disable=SC2016 # for the inner shell
wait_for 5 "tcpdump" in_ns g1 sh -c '[ "$(wc -l </proc/net/packet)" -gt 1 ]'
daemon_start
other_start
# Nobody has it: nobody advertises.
in_ns g1 rdisc6 -1 -r 1 -w 1000 eth0 >/dev/null 2>&1 && fail "a router without the address answers"

ip -n router addr add "$virtual/64" dev eth0 nodad
wait_for 3 "the first advertisement" heard "$virtual > ff02::1"
wait_for 20 "a default route" guest_default_route g1
wait_for 10 "its own link-layer address" heard 'source link-address.*02:00:00:00:00:01'

# The takeover: the address is on both for a moment, as it can be.
ip -n other addr add "$virtual/64" dev eth0 nodad
ip -n router addr del "$virtual/64" dev eth0
wait_for 3 "the other's first advertisement" heard 'source link-address.*02:00:00:00:00:02'
wait_for 40 "a burst" at_least 3 'source link-address.*02:00:00:00:00:02'
same "ends that were heard" 0 "$(count 'router lifetime 0s')"
ip -n g1 -6 route show default | grep -q "via $virtual" || fail "the default route went"

# And back; then the one that has it stops, which is an end.
ip -n other addr del "$virtual/64" dev eth0
mark=$(count 'source link-address.*02:00:00:00:00:01')
ip -n router addr add "$virtual/64" dev eth0 nodad
wait_for 5 "the first advertisement after coming back" \
	at_least $((mark + 1)) 'source link-address.*02:00:00:00:00:01'
same "ends that were heard" 0 "$(count 'router lifetime 0s')"
kill -TERM "$other_pid"
wait_for 10 "the other to end" not alive "$other_pid"
same "ends that were heard" 0 "$(count 'router lifetime 0s')"
daemon_stop_cleanly
wait_for 5 "the end" heard 'router lifetime 0s'
wait_for 5 "the default route to go" not guest_default_route g1
not logged 'event=send-failed' || fail "$(grep send-failed "$daemon_log")"
not logged 'event=rogue-router .*src='"$virtual" || fail "the virtual router is called rogue"

# Its own address changes, and the old one is gone when that is known.
config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - {interface: eth0, mode: slaac, prefix: 2001:db8:1::/64}
END
ip -n router addr flush dev eth0
ip -n router addr add fe80::a/64 dev eth0 nodad
daemon_start
wait_for 5 "an advertisement" heard 'fe80::a > ff02::1'
ip -n router addr add fe80::b/64 dev eth0 nodad
ip -n router addr del fe80::a/64 dev eth0
wait_for 10 "an advertisement by the new address" heard 'fe80::b > ff02::1'
not logged 'event=send-failed' || fail "$(grep send-failed "$daemon_log")"
daemon_stop_cleanly
