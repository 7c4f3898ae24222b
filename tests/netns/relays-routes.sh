#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A relay's messages come in by one link and the way back to it is by another, as between routers
# that choose for themselves: the answers go where the routes say.
LIMIT=60
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	  relays: {interfaces: [in0, out0]}
	networks:
	  - name: branch
	    mode: dhcpv6-only
	    prefix: 2001:db8:1::/64
	    relays: ["2001:db8:ff::1"]
END
router_new
ns_new relay
cable_new router in0 2001:db8:a::1/64 relay eth0 2001:db8:a::2/64
cable_new router out0 2001:db8:b::1/64 relay eth1 2001:db8:b::2/64
ip -n router addr add 2001:db8:ee::1/128 dev lo
ip -n relay addr add 2001:db8:ff::1/128 dev lo
ip -n relay route add 2001:db8:ee::1/128 via 2001:db8:a::1 src 2001:db8:ff::1

# leased FIRST: a new client gets a lease.
leased()
{
	in_ns relay "$NETNS_BIN/bindloop" -i eth0 -f "$1" -n 1 -t 3 -r 2001:db8:1::ff -d 2001:db8:ee::1
}

daemon_start
ip -n router route add 2001:db8:ff::1/128 via 2001:db8:a::2
leased 1 || fail "no lease while both ways are one"
ip -n router route replace 2001:db8:ff::1/128 via 2001:db8:b::2
leased 2 || fail "no lease when the way back is another"
