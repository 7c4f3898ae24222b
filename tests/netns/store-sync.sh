#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Syncs that fail while clients bind: it is said each time and when it is over, no lease is told
# that is not stored, and leases go on to be given without a restart.
# rows: I6 I15
LIMIT=180
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-faults.sh"

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
disk_new
daemon_start
loop_start g1 400 -l
wait_for 60 "leases" test -s "$T/g1.told"

recovered()
{
	[ "$(logged_times event=store-recovered)" -eq "$1" ]
}

# Once, and several times in a row: opening it again fails too then.
round=0
for times in 1 2 1 5 3 1 9 1; do
	round=$((round + 1))
	disk_is fail "$times" "$round"
	wait_for 20 "recovery $round" recovered "$round"
done
same "complaints" "$round" "$(logged_times event=store-failed)"
before=$(loop_bound)
wait_for 10 "leases to be told again" loop_bound_since "$before"
loop_stop
daemon_stop KILL
say "$round failures of up to 9 syncs, each said once, each recovered from"
leases_compare
