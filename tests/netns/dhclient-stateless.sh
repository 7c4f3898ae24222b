#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: M9
#
# A stateless network: the kernel makes the address (A), dhclient -6 -S asks for the rest (O).
# Nothing is leased and nothing is stored.
LIMIT=60
NEEDS="dhclient rdisc6 sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateless
	    prefix: 2001:db8:1::/64
	    dhcp6:
	      options: {dns: ["2001:db8::53", "2001:db8::54"], search: [example.org, lab.example.org]}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
daemon_start
guest_up g1
wait_for 20 "an address" guest_has g1 '^2001:db8:1::ff:fe00:1/64$'
in_ns g1 rdisc6 -1 -w 5000 eth0 >"$T/g1.rdisc6.log" || fail "rdisc6 heard nothing"
grep -q 'Stateful address conf.  *: *No' "$T/g1.rdisc6.log" || fail "M is set"
grep -q 'Stateful other conf.  *: *Yes' "$T/g1.rdisc6.log" || fail "O is not set"

dhclient_run g1 -S || fail "dhclient -S got nothing"
reason=$(tail -n 1 "$T/g1/reasons")
same "DNS servers" "2001:db8::53 2001:db8::54" "$(told g1 "$reason" new_dhcp6_name_servers)"
same "search list" "example.org. lab.example.org." "$(told g1 "$reason" new_dhcp6_domain_search)"
same "addresses" 2001:db8:1::ff:fe00:1/64 "$(guest_addresses g1)"
same "leases" 0 "$(db "SELECT count(*) FROM lease")"
daemon_stop_cleanly
