#!/bin/sh
# SPDX-License-Identifier: ISC
#
# soak.sh [SECONDS]
#
# Clients come, renew, release, bind anew and vanish on 50 links, some of which go down and up and
# are made anew, for 45 s if not told otherwise. Leases last some seconds and are remembered for
# some more. At the end as many leases as at first live in as much memory, with as many descriptors,
# and in a file of bounded size.
# rows: I15 I16
LIMIT=$((${1:-45} + 60))
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-faults.sh"

seconds=${1:-45}
links=50
config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db", limits: {remember: 4s}}
	networks:
	  - interfaces: [v*]
	    name: all
	    prefix: 2001:db8:1::/64
	    mode: dhcpv6-stateful
	    dhcp6: {preferred: 4s, valid: 6s}
END
router_new

# Each link has two ends: v1 in the router, e1 in the guests' namespace.
ns_new guests
link_new()
{
	ip -n router link add "v$1" type veth peer name "e$1" netns guests
	ip -n router link set "v$1" up
	ip -n guests link set "e$1" up
}

number=1
while [ "$number" -le "$links" ]; do
	link_new "$number"
	number=$((number + 1))
done
ip -n router addr add 2001:db8:1::1/64 dev v1 nodad
daemon_start

# Clients that vanish without a word: others come in their place, with other names.
visitors()
{
	first=100000
	while :; do
		link=$((first / 100))
		ip netns exec guests "$NETNS_BIN/bindloop" -i "e$((6 + link % (links - 5)))" -f "$first" -n 100 -t 3 \
			>/dev/null 2>&1 || true
		first=$((first + 100))
	done
}

# Residents stay on a link of their own that is left alone, and find their leases there.
residents()
{
	for link in 1 2 3 4 5; do
		ip netns exec guests "$NETNS_BIN/bindloop" -i "e$link" -f $((link * 1000)) -n 100 \
			-t "$1" -l >"$T/residents.$link" 2>"$T/residents.$link.log" &
	done
}

# The others go down and up, and away.
flaps()
{
	link=10
	while :; do
		ip -n router link set "v$link" down
		sleep 0.1
		ip -n router link set "v$link" up
		ip -n router link del "v$((link + 1))"
		sleep 0.1
		link_new "$((link + 1))"
		link=$((link + 2))
		[ "$link" -lt "$links" ] || link=10
	done
}

file_size()
{
	stat -c %s "$T/store/leases.db"
}

# What is there now, in a line: KiB, descriptors, octets of the file, rows.
look()
{
	say "$(daemon_rss) KiB, $(daemon_descriptors) descriptors, $(file_size) octets," \
		"$(db 'SELECT count(*) FROM lease') rows"
}

visitors &
visitors_pid=$!
flaps &
flaps_pid=$!
residents "$seconds"
# It has everything it needs after some lifetimes.
sleep 15
look
rss=$(daemon_rss) descriptors=$(daemon_descriptors) rows=$(db 'SELECT count(*) FROM lease')
end=$(($(uptime_seconds) + seconds - 15))
while [ "$(uptime_seconds)" -lt "$end" ]; do
	sleep 5
	alive "$daemon_pid" || fail "the daemon ended"
	[ $((seconds)) -gt 60 ] || look
done
kill "$visitors_pid" "$flaps_pid"
look
now=$(daemon_rss)
steady_memory "$now" -le $((rss + rss / 4 + 2048)) || fail "memory grew from $rss to $now KiB"
same "descriptors" "$descriptors" "$(daemon_descriptors)"
# 150 octets a lease, three times that while pages wait to be given back, and the log beside it.
size=$(file_size)
[ "$size" -le $((rows * 450 + 1048576)) ] || fail "the file has $size octets for $rows leases"
same "integrity" ok "$(db 'PRAGMA integrity_check')"
# Everybody has gone: within lifetime and memory of it every row goes too.
no_leases()
{
	[ "$(db 'SELECT count(*) FROM lease')" -eq 0 ]
}
small()
{
	[ "$(file_size)" -lt 720896 ]
}
wait_for 30 "no leases" no_leases
look
# Free pages are given back but for half a megabyte, which the next commits notice.
in_ns guests "$NETNS_BIN/bindloop" -i e2 -f 900000 -n 40 -w 1 -t 20 >/dev/null 2>&1 || true
wait_for 10 "a small file" small
look
kill -USR1 "$daemon_pid"
wait_for 5 "the counters" logged event=dhcp6-counters
grep -o 'longest-commit-ms=[0-9]*' "$daemon_log"
daemon_stop_cleanly
say "$(cat "$T"/residents.*.log | awk '{b += $11; r += $13} END {print b, "bound and", r, "renewed by residents"}')"
