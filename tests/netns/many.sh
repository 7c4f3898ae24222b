#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: I6
#
# Many clients at once: each gets an address of its own, and again the same one when it comes back.
LIMIT=120
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1:0-2001:db8:1::1:1fff"}]}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
daemon_start

# bind FILE
bind()
{
	in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -n 5000 -t 50 >"$1" 2>>"$T/g1.bindloop.log" ||
		fail "bindloop: $(tail -n 1 "$T/g1.bindloop.log")"
	grep '^held ' "$1" | sort >"$1.held"
	same "clients with a lease" 5000 "$(wc -l <"$1.held")"
}

bind "$T/first"
same "addresses given twice" "" "$(awk '{print $3}' "$T/first.held" | sort | uniq -d)"
same "leases in the database" "5000|5000" \
	"$(db "SELECT count(*), count(DISTINCT address) FROM lease WHERE state = 'active'")"
daemon_stop KILL
daemon_start
bind "$T/second"
cmp -s "$T/first.held" "$T/second.held" || fail "some clients have another address after a crash"
tail -n 1 "$T/g1.bindloop.log"
daemon_stop_cleanly
