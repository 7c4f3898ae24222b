#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: P8 H8
#
# Ten thousand delegated prefixes: their routes are there within a second of processor time after a
# start that finds none of them, a start that finds all of them sets none, and one that finds stale
# ones removes these alone.
LIMIT=90
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"
n=10000

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db9:1::/64
	    dhcp6: {pools: ["2001:db9:1::/80"], delegate: [{prefix: "2001:db8::/32", length: 56}]}
END
router_new
bridge_new br0 2001:db9:1::1/64
guest_new g1 br0 1
guest_up g1
daemon_start
daemon_stop_cleanly
sqlite3 "$T/store/leases.db" "
	INSERT OR IGNORE INTO network VALUES (1, 'br0');
	WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $n)
	INSERT INTO lease (id, network, kind, address, length, duid, iaid, state, preferred, valid,
		since, until, mac_source, link, via)
	SELECT i, 1, 'PD', printf('2001:db8:%x:%x00::', i / 256, i % 256), 56,
		printf('00:03:00:01:02:00:00:00:%02x:%02x', i / 256, i % 256), 1, 'active', 3600, 7200,
		unixepoch(), unixepoch() + 7200, 'duid', 'br0', printf('fe80::1:%x', i) FROM c"
chown nobody "$T/store"/*

all_there()
{
	[ "$(ip -n router -6 route show proto 83 via fe80::/16 | wc -l)" -eq "$n" ]
}

# start WHAT COUNTERS: all routes are there, by these changes.
start()
{
	daemon_start
	wait_for 30 "all routes $1" all_there
	ticks=$(awk '{print $14 + $15}' "/proc/$daemon_pid/stat")
	say "$1: $ticks ticks of $(getconf CLK_TCK) a second"
	[ -n "${SANITIZED-}" ] || [ "$ticks" -lt "$(getconf CLK_TCK)" ] || fail "that is too much"
	kill -USR1 "$daemon_pid"
	wait_for 5 "the counters" logged "event=route-counters .*present=$((n + 1)) failing=0 $2 "
}

ip -n router -6 route flush proto 83
start "none there" "added=$((n + 1)) moved=0 removed=0"
daemon_stop KILL
start "all there" "added=0 moved=0 removed=0"
daemon_stop KILL
ip -n router -6 route del 2001:db8:0:100::/56
ip -n router -6 route replace 2001:db8:0:200::/56 via fe80::9 dev br0 proto 83
ip -n router -6 route add 2001:db8:ffff::/56 via fe80::9 dev br0 proto 83
start "one missing, one wrong, one stale" "added=1 moved=1 removed=1"
daemon_stop_cleanly
