#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: P8 I6
#
# A route follows a lease that is on disk, never one that is only decided: while the disk stalls
# there is none. What is committed last, while the daemon is told to stop, has its route in the end.
LIMIT=60
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-faults.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6:
	      pools: ["2001:db8:1::1:0/112"]
	      delegate: [{prefix: "2001:db8:100::/40", length: 56}]
END
routes()
{
	ip -n router -6 route show proto 83 via fe80::/16 | awk '{print $1, $3}'
}

route_by()
{
	routes | grep -q " $1\$"
}

# asks NAME NUMBER: a client on its way, whose lease was decided on.
asks()
{
	guest_new "$1" br0 "$2"
	guest_up "$1"
	dhclient_run "$1" -P &
	wait_for 20 "a lease for $1" logged "event=lease-bound .*mac=02:00:00:00:00:0$2"
}

router_new
bridge_new br0 2001:db8:1::1/64
disk_new
daemon_start
disk_is stall
asks g1 1
sleep 1
same "routes while the disk stalls" "" "$(routes)"
disk_is good
wait_for 10 "the route to g1" route_by fe80::ff:fe00:1

disk_is stall
asks g2 2
kill -TERM "$daemon_pid"
sleep 0.5
same "routes while the disk stalls" 1 "$(routes | wc -l)"
disk_is good
daemon_wait
same "exit status after SIGTERM" 0 "$daemon_status"
route_by fe80::ff:fe00:2 || fail "the last lease has no route"
route_by fe80::ff:fe00:1 || fail "the first lease lost its route"
