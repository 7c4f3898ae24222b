#!/bin/sh
# SPDX-License-Identifier: ISC
#
# SIGUSR1 prints the counters; SIGINT and SIGTERM stop cleanly, with a
# lease being asked for at that moment; a second signal ends it at once.
LIMIT=60
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1:0-2001:db8:1::1:ffff"}]}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
daemon_start
in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -n 10 -t 10 >"$T/g1.bind" 2>"$T/g1.bindloop.log" ||
	fail "bindloop"
kill -USR1 "$daemon_pid"
wait_for 5 "the counters" logged 'event=dhcp6-counters.*leases-stored=10'

for signal in INT TERM; do
	ip netns exec g1 "$NETNS_BIN/bindloop" -i eth0 -n 200 -t 60 -l >"$T/g1.$signal" \
		2>"$T/g1.bindloop.log" &
	loop_pid=$!
	wait_for 10 "leases" test -s "$T/g1.$signal"
	daemon_stop "$signal"
	same "exit status after SIG$signal" 0 "$daemon_status"
	logged event=stopping || fail "it does not say that it stops"
	kill -TERM "$loop_pid"
	wait "$loop_pid" || fail "bindloop: $(tail -n 1 "$T/g1.bindloop.log")"
	# What clients were told at the last moment is stored as well.
	awk '$1 == "held" {print $3 "|" $2}' "$T/g1.$signal" | sort >"$T/held"
	db "SELECT address || '|' || duid FROM lease WHERE state = 'active'" | sort >"$T/stored"
	comm -23 "$T/held" "$T/stored" >"$T/lost"
	[ ! -s "$T/lost" ] || fail "held, but not stored: $(head -n 3 "$T/lost")"
	daemon_start
done
daemon_stop_cleanly
