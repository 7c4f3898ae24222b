#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z2 Z3 Z4
#
# A guest sends Solicits from ever new DUIDs as fast as it goes. Another one on the same link
# renews its lease meanwhile as if nothing were; the daemon's memory stays what it was, and
# nothing of the flood is stored. Then the same behind a relay, where another guest of the relay
# gets its lease in the flood too, and renews it.
LIMIT=120
NEEDS="dhclient dhcrelay sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	  limits: {messages-per-link: 20, messages-per-port: 15}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    ra: {interval: {min: 3s, max: 4s}, lifetime: 30s}
	    prefixes: [{prefix: "2001:db8:1::/64", preferred: 4s, valid: 8s}]
	    dhcp6:
	      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
	  - name: far
	    mode: dhcpv6-only
	    prefixes: [{prefix: "2001:db8:2::/63", preferred: 4s, valid: 8s}]
	    relays: [2001:db8:1::9]
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_new g2 br0 2
daemon_start
guest_up g1
guest_up g2
dhclient_run g1 || fail "dhclient got nothing"
address=$(told g1 BOUND6 new_ip6_address)

# renewals GUEST COUNT: whether there were so many.
renewals()
{
	[ "$(grep -c '^RENEW6$' "$T/$1/reasons")" -ge "$2" ]
}

# Octets in kB that the daemon has in memory.
memory()
{
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$daemon_pid/status"
}

# What the first of a flood takes, so that the memory for it is there.
in_ns g2 "$NETNS_BIN/bindloop" -i eth0 -x 5000 -t 2 2>>"$T/g2.flood.log"
before=$(memory)
seen=$(grep -c '^RENEW6$' "$T/g1/reasons" || true)
in_ns g2 "$NETNS_BIN/bindloop" -i eth0 -x 20000 -t 10 2>>"$T/g2.flood.log" &
flood=$!
# The valid lifetime of 8 s is over long before the flood is: these were heard in it.
wait_for 12 "three renewals in the flood" renewals g1 $((seen + 3))
alive "$flood" || fail "the flood was over before the renewals"
wait "$flood"
same "address after the flood" "$address/128" "$(guest_addresses g1)"

# --- behind a relay ---
#
#	g3 -- lan3 [relay] eth0 -- br0 [router]
#	g4 -- lan4 [relay]
guest_new relay br0 9
guest_up relay
ip -n relay addr add 2001:db8:1::9/64 dev eth0
far_guest_new g3 relay lan3 2001:db8:2::1/64 3
far_guest_new g4 relay lan4 2001:db8:2:1::1/64 4
relay_start relay dhcrelay -6 -d --no-pid -I -l lan3 -l lan4 -u 2001:db8:1::1%eth0
in_ns g3 "$NETNS_BIN/bindloop" -i eth0 -x 2000 -t 25 2>>"$T/g3.flood.log" &
flood=$!
drops()
{
	kill -USR1 "$daemon_pid"
	sleep 0.2
	sed -n 's/.*event=dhcp6-counters.* drop-rate-limit=\([0-9]*\).*/\1/p' "$daemon_log" | tail -n 1
}
flooded()
{
	[ "$(drops)" -gt $((dropped + 1000)) ]
}
dropped=$(drops)
wait_for 10 "the flood at the relay" flooded
dhclient_run g4 || fail "dhclient behind the relay got nothing in the flood"
address=$(told g4 BOUND6 new_ip6_address)
wait_for 12 "three renewals behind the relay" renewals g4 3
alive "$flood" || fail "the flood was over before the renewals behind the relay"
kill "$flood"
same "address behind the relay" "$address/128" "$(guest_addresses g4)"
after=$(memory)
[ "$after" -le $((before + 1024)) ] || fail "memory grew from $before kB to $after kB"
same "stored leases" 2 "$(db 'SELECT count(*) FROM lease')"
daemon_stop_cleanly
grep -q 'event=dhcp6-counters.* drop-rate-limit=' "$daemon_log" || fail "no drop was counted"
logged 'event=too-many-messages.* link=br0 duid=.* limit=messages-per-link' ||
	fail "it was not said which limit there is on the link"
logged 'event=too-many-messages.* relay=2001:db8:1::9 .* limit=messages-per-port' ||
	fail "it was not said which limit there is behind the relay"
lines=$(logged_times event=too-many-messages)
[ "$lines" -le 150 ] || fail "it was said $lines times"
