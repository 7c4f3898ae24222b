#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two thousand interfaces in one namespace: more than one socket can hold memberships for, all
# advertised on within five seconds of the start, each at a bounded cost of memory.
# rows: G12 E10
LIMIT=60
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

links=2000

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - {name: all, interfaces: ["d*"], mode: dhcpv6-stateful, prefix: 2001:db8:1::/64}
END
router_new
ns_new guests
# The kernel follows the carrier of links at once only if their numbers differ from their peers.
ip -n guests link add other type bridge
in_ns guests sysctl -qw net.ipv6.conf.default.disable_ipv6=1
in_ns router sysctl -qw net.ipv6.conf.default.accept_dad=0

# links_batch NAMESPACE FIRST LAST COMMAND: for each number, which stands where @ does.
links_batch()
{
	seq "$2" "$3" | sed "s/.*/$(printf %s "$4" | sed 's/@/\&/g')/" >"$T/batch"
	ip -n "$1" -batch "$T/batch"
}

# links_new FIRST LAST: veth pairs, whose other ends are in a namespace without IPv6.
links_new()
{
	links_batch router "$1" "$2" 'link add d@ group 7 type veth peer name p@ netns guests'
	links_batch guests "$1" "$2" 'link set p@ up'
	links_batch router "$1" "$2" 'link set d@ up'
}

memory()
{
	awk '/^VmRSS:/ {print $2}' "/proc/$daemon_pid/status"
}

# Whether so many links have a link-local address.
ready()
{
	[ "$(ip -n router -6 -o addr show scope link | wc -l)" -ge "$1" ]
}

# Groups joined: ff02::2 and ff02::1:2, once for each interface.
joined()
{
	# shellcheck disable=SC2016 # for awk
	in_ns router awk -v group="$1" '$3 == group {n++} END {print n + 0}' /proc/net/igmp6
}

# joined_are COUNT: so many interfaces hear DHCPv6 clients.
joined_are()
{
	[ "$(joined ff020000000000000000000000010002)" -eq "$1" ]
}

# Advertisements sent, as the counters say. Log lines of one event are bounded, so they do not.
sent()
{
	kill -USR1 "$daemon_pid"
	[ "$(sed -n 's/^event=socket-counters .*socket=icmp6.* sent=\([0-9]*\).*/\1/p' "$daemon_log" |
		tail -n 1)" -ge "$1" ]
}

links_new 1 1
daemon_start
wait_for 10 "one link" sent 1
one=$(memory)
daemon_stop_cleanly

links_new 2 "$links"
wait_for 30 "the kernel to have its addresses" ready "$links"
started=$(date +%s%3N)
daemon_start
wait_for 10 "all links" sent "$links"
took=$(($(date +%s%3N) - started))
all=$(memory)
say "$links links: $took ms to the last first advertisement, $(((all - one) * 1024 / links)) octets each"
[ "$took" -lt 5000 ] || fail "the start took $took ms"
[ $(((all - one) * 1024 / links)) -lt 8192 ] || fail "a link costs $(((all - one) / links)) KiB"
for group in ff020000000000000000000000000002 ff020000000000000000000000010002; do
	same "members of $group" "$links" "$(joined $group)"
done

# All of them go at once, and come back.
ip -n router link del group 7
wait_for 10 "no memberships" joined_are 0
links_new 1 500
wait_for 30 "memberships" joined_are 500
not logged level=error || fail "an error: $(grep -m 3 level=error "$daemon_log")"
daemon_stop_cleanly
