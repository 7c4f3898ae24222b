#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The store's file system becomes read-only in mid-run and writable again: said once each, nobody is
# told of a lease meanwhile, and no restart is needed. At start it is refused with what to do. (A
# file system with open files cannot be remounted read-only but by an error; those are made up.)
# rows: I6 I15
LIMIT=60
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
mount -t tmpfs -o size=64m,mode=755 store "$T/store"
chown "$daemon_user" "$T/store"
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
disk_new
daemon_start
loop_start g1 400 -l
wait_for 20 "leases" test -s "$T/g1.told"

disk_is readonly
wait_for 10 "a complaint" logged 'event=store-failed.*read-only'
before=$(loop_bound)
sleep 3
same "leases told meanwhile" "$before" "$(loop_bound)"
same "complaints" 1 "$(logged_times event=store-failed)"
disk_is good
wait_for 10 "the end of it" logged event=store-recovered
wait_for 10 "leases to be told again" loop_bound_since "$before"
daemon_stop_cleanly
loop_stop
leases_compare

mount -o remount,ro "$T/store"
daemon_spawn
daemon_wait
same "exit status on a read-only file system" 1 "$daemon_status"
logged 'event=start-failed.*read-only.*writable' || fail "it does not say why"
mount -o remount,rw "$T/store"
daemon_start
daemon_stop_cleanly
