#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: I6 I15
#
# crash.sh [TIMES]
#
# Clients bind, renew and release in a loop while the daemon gets kill -9 at random moments, 50
# times if not told otherwise. Afterwards every lease that a client holds is in the database, as that
# client's, and no address is held twice (I6, I15).
LIMIT=$((60 + 3 * ${1:-50}))
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

disk_dir_new
store=$disk_dir/leases.db
config_write <<-END
	server: {user: nobody, store: "sqlite:$store"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1:0-2001:db8:1::1:ffff"}]}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
daemon_start

# Clients that never come to an end: they release and bind anew.
ip netns exec g1 "$NETNS_BIN/bindloop" -i eth0 -n 400 -t "$LIMIT" -l >"$T/g1.told" 2>"$T/g1.bindloop.log" &
loop_pid=$!

times=${1:-50}
crashes=$times
while [ "$crashes" -gt 0 ]; do
	# A moment between 0 and 0.5 s after it is ready; the clients do not wait for it.
	sleep "0.$(od -An -N2 -tu2 /dev/urandom | awk '{printf "%03d", $1 % 500}')"
	daemon_stop KILL
	daemon_start
	rm -f "$T/daemon.$((daemon_starts - 3)).log"
	crashes=$((crashes - 1))
done
alive "$loop_pid" || fail "the clients ended early"
kill -TERM "$loop_pid"
wait "$loop_pid" || fail "bindloop: $(tail -n 3 "$T/g1.bindloop.log")"
daemon_stop KILL

tail -n 1 "$T/g1.bindloop.log"
awk '$1 == "held" {print $3 "|" $2}' "$T/g1.told" | sort >"$T/held"
[ -s "$T/held" ] || fail "no client holds a lease"
bound=$(grep -c '^bound ' "$T/g1.told" || true)
[ "$bound" -gt 400 ] || fail "only $bound bindings in all that time"
db "SELECT address || '|' || duid FROM lease WHERE state = 'active'" | sort >"$T/stored"
comm -23 "$T/held" "$T/stored" >"$T/lost"
[ ! -s "$T/lost" ] || fail "held, but not in the database: $(wc -l <"$T/lost"): $(head -n 3 "$T/lost")"
same "addresses held twice by clients" "" "$(cut -d '|' -f 1 "$T/held" | uniq -d)"
same "addresses held twice in the database" "" "$(cut -d '|' -f 1 "$T/stored" | uniq -d)"
same "the database's own check" ok "$(db 'PRAGMA integrity_check')"
say "$times times killed, $(wc -l <"$T/held") leases held, none lost, none twice"
