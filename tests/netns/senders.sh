#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Who a client is follows from the link-layer address of its frame, also when it is heard of for the
# first time: for hosts that come one after the other as fast as they can, and for thousands that
# were waiting already. None of their DUIDs says it.
LIMIT=90
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

BUSY=6000 WAITING=4000

router_new
ns_new guests
ip -n router link add tap0 type veth peer name eth0 netns guests
in_ns guests sysctl -qw net.ipv6.conf.eth0.router_solicitations=0
ip -n router link set tap0 up
ip -n guests link set eth0 up
# The kernel's table is one for all namespaces; those that are there for good do not count in it.
seq 0 $((BUSY + WAITING - 1)) | while read -r host; do
	printf 'neigh add fe80::1000:%x dev tap0 lladdr 02:10:00:00:%02x:%02x nud permanent\n' \
		"$host" $((host / 256)) $((host % 256))
done | ip -n router -batch -
config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	networks:
	  - interface: tap0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {rapid-commit: true}
END
daemon_start

leases()
{
	sqlite3 "$T/store/leases.db" "SELECT count(*) FROM lease WHERE $1"
}

# all_leased COUNT
all_leased()
{
	[ "$(leases "state = 'active'")" -eq "$1" ]
}

in_ns guests "$NETNS_BIN/frame" eth0 0 $BUSY
wait_for 20 "a lease for each" all_leased $BUSY
same "leases without the address of the frame" 0 "$(leases "mac_source IS NOT 'frame'")"

kill -STOP "$daemon_pid"
in_ns guests "$NETNS_BIN/frame" eth0 $BUSY $WAITING
kill -CONT "$daemon_pid"
wait_for 20 "a lease for each that waited" all_leased $((BUSY + WAITING))
same "leases of those without the address of the frame" 0 "$(leases "mac_source IS NOT 'frame'")"
same "leases with the address of another frame" 0 "$(leases \
	"lower(replace(mac, ':', '')) <> '0210' || substr(lower(replace(duid, ':', '')), 21, 8)")"
