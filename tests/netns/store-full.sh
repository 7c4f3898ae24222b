#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: I6
#
# The disk is full: nobody is told of a lease that could not be stored, it is said once, and when
# there is room again clients get their leases without a restart.
LIMIT=120
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1:0-2001:db8:1::1:ffff"}]}
END
mount -t tmpfs -o size=4m,mode=755 small "$T/store"
chown "$daemon_user" "$T/store"
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
daemon_start

# bind FIRST COUNT SECONDS: clients FIRST.. try for that long; those that got a lease are counted.
bind()
{
	in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -f "$1" -n "$2" -t "$3" >"$T/g1.bind.$1" \
		2>>"$T/g1.bindloop.log" || true
	grep -c '^held ' "$T/g1.bind.$1" || true
}

same "clients before" 20 "$(bind 0 20 10)"
dd if=/dev/zero of="$T/store/filler" bs=4k 2>/dev/null || true
# Enough to outgrow what SQLite has set aside already.
full=$(bind 1000 2000 10)
[ "$full" -lt 2000 ] || fail "2000 leases fitted on a full disk"
stored=$(db "SELECT count(*) FROM lease WHERE state = 'active'")
[ "$stored" -ge $((20 + full)) ] || fail "$((20 + full)) clients hold leases, $stored are stored"
# Once each time it began: room that a commit found in between is said too, and is soon used up.
complaints=$(logged_times event=store-failed)
[ "$complaints" -ge 1 ] || fail "told nothing"
[ "$complaints" -le 5 ] || fail "told $complaints times"
same "complaints" "$complaints" "$(($(logged_times event=store-recovered) + 1))"

rm "$T/store/filler"
mount -o remount,size=64m "$T/store"
same "clients after" 50 "$(bind 5000 50 20)"
same "the end of it" "$complaints" "$(logged_times event=store-recovered)"
# Whoever was refused gets a lease now.
same "clients that were refused" 2000 "$(bind 1000 2000 40)"
same "addresses held twice" 0 \
	"$(db "SELECT count(*) - count(DISTINCT address) FROM lease WHERE state = 'active'")"
daemon_stop_cleanly
