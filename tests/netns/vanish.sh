#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Links are taken away between a Request and its Reply, while the store is slow: the daemon goes on
# for the others, what it stored is kept, and the client gets the same address when it is back.
# rows: I6 I15
LIMIT=60
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-faults.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: v0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
END
router_new
bridge_new br0 2001:db8:2::1/64
guest_new g2 br0 2
guest_up g2
ns_new g1

link_new()
{
	ip -n router link add v0 type veth peer name eth0 netns g1 address 02:00:00:00:00:01
	ip -n router link set v0 up
	ip -n router addr add 2001:db8:1::1/64 dev v0 nodad
	ip -n g1 link set eth0 up
}

link_new
disk_new
daemon_start
rounds=0
while [ "$rounds" -lt 5 ]; do
	first=$((rounds * 100))
	disk_is stall
	loop_start g1 20 -f "$first"
	# Every Request of theirs is in: the server has told the store, or waits to.
	sleep 0.7
	ip -n router link del v0
	disk_is good
	wait "$loop_pid" || true
	link_new
	in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -f "$first" -n 20 -t 10 >"$T/g1.told" \
		2>"$T/g1.bindloop.log" || fail "bindloop: $(tail -n 1 "$T/g1.bindloop.log")"
	loop_guest=g1
	leases_compare
	same "rows" "$(((rounds + 1) * 20))" "$(db "SELECT count(*) FROM leases WHERE address LIKE '2001:db8:1:%'")"
	in_ns g2 "$NETNS_BIN/bindloop" -i eth0 -f 5000 -n 1 -t 5 >/dev/null 2>&1 ||
		fail "the other link is not served"
	rounds=$((rounds + 1))
done
daemon_stop_cleanly
say "$rounds times a link with 20 Requests in flight went away"
