#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The disk does not answer for 10 s: Information-requests and solicitations of routers are answered
# meanwhile, nobody is told of a lease, memory stays bounded; afterwards nothing is lost. The same
# while it is told to stop: what was promised is stored before it ends.
# rows: I6 I15
LIMIT=90
NEEDS="sqlite3 dhclient rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-faults.sh"

stall=${STALL:-10}
config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6:
	      pools: [{range: "2001:db8:1::1:0-2001:db8:1::1:ffff"}]
	      options: {dns: ["2001:db8::53"]}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_new g2 br0 2
guest_up g1
guest_up g2
disk_new
daemon_start
loop_start g1 4000 -w 4000 -l
wait_for 20 "leases" test -s "$T/g1.told"
sleep 1

before_rss=$(daemon_rss)
disk_is stall
# What was on its way is told within this second.
sleep 1
began=$(uptime_seconds)
before=$(loop_bound)
asked=0
while [ $(($(uptime_seconds) - began)) -lt "$stall" ]; do
	timeout 3 ip netns exec g2 rdisc6 -1 -q eth0 >/dev/null || fail "no advertisement"
	dhclient_run g2 -S || fail "no answer to an Information-request"
	client_kill g2
	asked=$((asked + 1))
done
same "leases told meanwhile" "$before" "$(loop_bound)"
rss=$(daemon_rss)
say "stalled for $stall s: $asked router solicitations and Information-requests answered," \
	"no lease told, $before_rss KiB before, $rss KiB at the end"
steady_memory "$rss" -lt $((before_rss + 16 * 1024)) || fail "memory grew"

disk_is good
wait_for 10 "leases to be told again" loop_bound_since "$before"
disk_is stall
sleep 1
kill -TERM "$daemon_pid"
sleep 2
alive "$daemon_pid" || fail "it ended before its leases were stored"
disk_is good
daemon_wait
same "exit status after SIGTERM" 0 "$daemon_status"
loop_stop
leases_compare
