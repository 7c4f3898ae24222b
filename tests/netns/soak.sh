#!/bin/sh
# SPDX-License-Identifier: ISC
#
# soak.sh [SECONDS]
#
# Clients come, renew, release, bind anew, move to another network and vanish on 50 links, some of
# which go down and up and are made anew, for 45 s if not told otherwise. Leases last some seconds and
# are remembered for some more, on a real disk. In the last third of the time there is no more memory
# and file than the leases explain, as many descriptors as at first, and one client that renews all
# the time is answered at once while the store gives its free pages back.
# rows: I15 I16
LIMIT=$((${1:-45} + 90))
NEEDS="sqlite3 renice"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-faults.sh"

seconds=${1:-45}
links=50
disk_dir_new
store=$disk_dir/leases.db
config_write <<-END
	server: {user: nobody, store: "sqlite:$store", limits: {remember: 4s, messages-per-client: 1000}}
	networks:
	  - {name: a, interfaces: [a*], prefix: 2001:db8:1::/64, mode: dhcpv6-stateful,
	     dhcp6: {preferred: 4s, valid: 6s}}
	  - {name: b, interfaces: [b*], prefix: 2001:db8:2::/64, mode: dhcpv6-stateful,
	     dhcp6: {preferred: 4s, valid: 6s}}
END
router_new

# Each link has two ends: a1 in the router, e1 in the guests' namespace. Every second one is in b.
link_name()
{
	if [ $(($1 % 2)) -eq 0 ]; then say "b$1"; else say "a$1"; fi
}
ns_new guests
link_new()
{
	ip -n router link add "$(link_name "$1")" type veth peer name "e$1" netns guests
	ip -n router link set "$(link_name "$1")" up
	ip -n guests link set "e$1" up
}

number=1
while [ "$number" -le "$links" ]; do
	link_new "$number"
	number=$((number + 1))
done
ip -n router addr add 2001:db8:1::1/64 dev a1 nodad
daemon_start
# What is measured is the daemon, not how long it waits for a processor among so many clients.
for task in "/proc/$daemon_pid/task"/*; do
	renice -n -10 -p "${task##*/}" >/dev/null || true
done

# visit LINK FIRST: a hundred clients come, and vanish without a word when they have what they want.
visit()
{
	ip netns exec guests "$NETNS_BIN/bindloop" -i "e$1" -f "$2" -n 100 -t 3 >/dev/null 2>&1 || true
}

# Each hundred turns up on one link, then on the next, which is in the other network.
visitors()
{
	first=100000
	while :; do
		link=$((6 + first / 100 % (links - 6)))
		visit "$link" "$first"
		visit "$((link + 1))" "$first"
		first=$((first + 100))
	done
}

# Residents stay on a link of their own that is left alone, and find their leases there.
residents()
{
	for link in 1 2 3 4; do
		ip netns exec guests "$NETNS_BIN/bindloop" -i "e$link" -f $((link * 1000)) -n 100 \
			-t "$1" -l >"$T/residents.$link" 2>"$T/residents.$link.log" &
	done
	ip netns exec guests nice -n -10 "$NETNS_BIN/bindloop" -i e5 -f 5000 -n 1 -t "$1" -e 5 \
		>/dev/null 2>"$T/probe.log" &
	probe_pid=$!
}

# The others go down and up, and away.
flaps()
{
	link=10
	while :; do
		ip -n router link set "$(link_name "$link")" down
		sleep 0.1
		ip -n router link set "$(link_name "$link")" up
		ip -n router link del "$(link_name $((link + 1)))"
		sleep 0.1
		link_new "$((link + 1))"
		link=$((link + 2))
		[ "$link" -lt "$links" ] || link=10
	done
}

file_size()
{
	stat -c %s "$store"
}

rows()
{
	db 'SELECT count(*) FROM lease'
}

# What is there now, in a line: KiB, descriptors, octets of the file, rows.
sample()
{
	say "$(daemon_rss) $(daemon_descriptors) $(file_size) $(rows)"
}

# largest COLUMN FIRST LAST: of the samples of that part of the time, in hundredths.
largest()
{
	awk -v c="$1" -v from="$2" -v to="$3" '{v[NR] = $c}
		END {for (i = 1; i <= NR; i++) if (i * 100 > from * NR && i * 100 <= to * NR && v[i] > most) most = v[i]
		     print most + 0}' "$T/samples"
}

visitors &
visitors_pid=$!
flaps &
flaps_pid=$!
residents "$seconds"
# It has everything it needs after some lifetimes.
sleep 15
end=$(($(uptime_seconds) + seconds - 15)) told=0
while [ "$(uptime_seconds)" -lt "$end" ]; do
	sample >>"$T/samples"
	if [ "$(uptime_seconds)" -ge "$told" ]; then
		say "KiB, descriptors, octets, rows: $(tail -n 1 "$T/samples")"
		told=$(($(uptime_seconds) + seconds / 10))
	fi
	sleep 2
	alive "$daemon_pid" || fail "the daemon ended"
done
kill "$visitors_pid" "$flaps_pid"
wait "$probe_pid" || fail "the probe: $(cat "$T/probe.log")"

# Slabs keep the room of the most leases there ever were, and what collects while the disk is slow
# keeps its room too, up to a megabyte or so; nothing else may need more.
most_before=$(largest 4 0 66) most_after=$(largest 4 66 100)
more=$((most_after > most_before ? most_after - most_before : 0))
rss_before=$(largest 1 0 66) rss_after=$(largest 1 66 100)
say "before and in the last third: $rss_before and $rss_after KiB, $most_before and $most_after rows"
steady_memory "$rss_after" -le $((rss_before + more / 2 + 1024)) ||
	fail "memory grew from $rss_before to $rss_after KiB"
same "descriptors" "$(largest 2 0 33)" "$(largest 2 66 100)"
# 150 octets a lease, three times that while pages wait to be given back.
[ "$(largest 3 66 100)" -le $(((most_before + more) * 450 + 1048576)) ] ||
	fail "the file has $(largest 3 66 100) octets for $most_after rows"
same "integrity" ok "$(db 'PRAGMA integrity_check')"

# Everybody has gone: within lifetime and memory of it every row goes too.
no_leases()
{
	[ "$(rows)" -eq 0 ]
}
small()
{
	[ "$(file_size)" -lt 720896 ]
}
wait_for 30 "no leases" no_leases
# Free pages are given back but for half a megabyte, which the next commits notice.
in_ns guests "$NETNS_BIN/bindloop" -i e2 -f 900000 -n 40 -w 1 -t 20 >/dev/null 2>&1 || true
wait_for 10 "a small file" small
say "at the end: $(sample)"
kill -USR1 "$daemon_pid"
wait_for 5 "the counters" logged event=dhcp6-counters
grep -o 'event=dhcp6-counters.*' "$daemon_log"
daemon_stop_cleanly
cat "$T"/residents.*.log | awk '{b += $11; r += $13} END {print b, "bound and", r, "renewed by residents"}'
tail -n 1 "$T/probe.log"
# One in fifty is what a busy machine may take; a store that stops takes more.
awk '/renewals:/ {exit !($1 > 100 && $(NF - 3) * 50 <= $1)}' "$T/probe.log" || [ -n "${SANITIZED-}" ] ||
	fail "the store made clients wait"
