#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: M5
#
# Short lifetimes: dhclient renews at T1 again and again and keeps its address beyond the first
# valid lifetime; while the daemon is away past T2 it rebinds; when the guest is gone its lease
# expires.
LIMIT=150
NEEDS="dhclient sqlite3 tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    ra: {interval: {min: 3s, max: 4s}, lifetime: 30s}
	    prefixes: [{prefix: "2001:db8:1::/64", preferred: 8s, valid: 16s}]
	    dhcp6:
	      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
daemon_start
guest_up g1
dhclient_run g1 || fail "dhclient got nothing"
address=$(told g1 BOUND6 new_ip6_address)
same "preferred lifetime" 8 "$(told g1 BOUND6 new_preferred_life)"
same "valid lifetime" 16 "$(told g1 BOUND6 new_max_life)"

# called REASON COUNT: whether dhclient called its script that often.
called()
{
	[ "$(grep -c "^$1\$" "$T/g1/reasons")" -ge "$2" ]
}

# Five renewals at T1 = 4 s go beyond the valid lifetime of 16 s.
wait_for 40 "five renewals" called RENEW6 5
same "address after renewals" "$address/128" "$(guest_addresses g1)"
same "no rebinding" 0 "$(grep -c REBIND6 "$T/g1/reasons")"
since=$(db "SELECT until FROM lease WHERE address = '$address'")
[ "$since" -gt "$(date +%s)" ] || fail "the database does not know of the renewals"

# A Renew without an answer: what dhclient sends next, at T2, is a Rebind to everybody.
daemon_stop KILL
in_ns g1 timeout 20 tcpdump -i eth0 -Z root -n -c 1 'udp dst port 547 and ip6[48] == 5' \
	>"$T/g1.tcpdump.log" 2>&1 || fail "dhclient sent no Renew"
daemon_start
wait_for 15 "the Rebind's answer" called REBIND6 1
same "address after rebinding" "$address/128" "$(guest_addresses g1)"

guest_del g1
wait_for 30 "the lease to expire" lease_is "$address" expired
daemon_stop_cleanly
