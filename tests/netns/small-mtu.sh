#!/bin/sh
# SPDX-License-Identifier: ISC
#
# IPv6 is set to a smaller MTU than the interface has (net.ipv6.conf.*.mtu, IPv6MTUBytes= of
# systemd-networkd): advertisements that fit the interface, but not that, are split. That it is set
# while the daemon runs, the kernel does not tell: it is found out by what could not be sent.
#
# rows: S16
LIMIT=90
NEEDS="tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"

# 43 prefixes: 1400 octets with the rest.
{
	echo "server: {user: nobody, store: \"sqlite:$T/store/leases.db\"}"
	echo "networks:"
	echo "  - interface: br0"
	echo "    mode: slaac"
	echo "    prefixes:"
	i=1
	while [ "$i" -le 43 ]; do
		echo "      - 2001:db8:$i::/64"
		i=$((i + 1))
	done
} | config_write
router_new
bridge_new br0
guest_new g1 br0 1
guest_up g1
ip netns exec g1 tcpdump -l -ni eth0 'ip6[6] = 44 or icmp6 and ip6[40] = 134' \
	>"$T/heard.txt" 2>/dev/null &
# shellcheck disable=SC2016 # for the inner shell
wait_for 5 "tcpdump" in_ns g1 sh -c '[ "$(wc -l </proc/net/packet)" -gt 1 ]'

# count LENGTH: how many advertisements of that length were heard.
count()
{
	grep -c "router advertisement, length $1$" "$T/heard.txt" || true
}

at_least()
{
	[ "$(count "$2")" -ge "$1" ]
}

in_ns router sysctl -qw net.ipv6.conf.br0.mtu=1280
daemon_start
wait_for 5 "the first part" at_least 1 1240
wait_for 5 "the second part" at_least 1 184
daemon_stop_cleanly
wait_for 5 "the end" at_least 2 184

in_ns router sysctl -qw net.ipv6.conf.br0.mtu=1500
daemon_start
wait_for 5 "a whole one" at_least 1 1400
in_ns router sysctl -qw net.ipv6.conf.br0.mtu=1280
wait_for 30 "the first part" at_least 3 1240
wait_for 5 "the second part" at_least 3 184
wait_for 5 "that it recovered" logged event=send-recovered
daemon_stop_cleanly
same "fragments" 0 "$(grep -c frag "$T/heard.txt" || true)"
