#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z13
#
# The log of the daemon at its most talkative: no octet of the key that addresses are chosen by, who
# else may read it or not, and nothing of a client where identifiers are hashed or left out. A hash
# is the same after a restart.
LIMIT=90
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

# config HOW
config()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db", log-level: debug, log-identifiers: $1}
		networks:
		  - interface: br0
		    mode: dhcpv6-stateful
		    prefix: 2001:db8:1::/64
		    ra: {interval: {min: 3s, max: 4s}, lifetime: 30s}
		    dhcp6:
		      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
		      delegate: [{prefix: "2001:db8:2::/48", length: 56}]
	END
}

# What a guest that comes and goes leaves in the log.
visit()
{
	guest_new g1 br0 1
	guest_up g1
	wait_for 20 "a default route" guest_default_route g1
	dhclient_run g1 -N -P || fail "dhclient got nothing"
	dhclient_guest=g1
	in_ns g1 dhclient -6 -r -D LL -lf "$T/g1/dhclient.leases" -pf "$T/g1/dhclient.pid" \
		-cf "$T/g1/dhclient.conf" -sf "$netns_dir/dhclient-script" -e GUEST_DIR="$T/g1" \
		eth0 >>"$T/g1.dhclient.log" 2>&1 || fail "no release"
	wait_for 5 "the release" logged event=lease-released
	guest_del g1
	kill -USR1 "$daemon_pid"
	wait_for 5 "the counters" logged event=dhcp6-counters
}

# shows TEXT...: whether the log has any of them.
shows()
{
	for text in "$@"; do
		! logged "$text" || return 0
	done
	return 1
}

# The link-layer address, what is made of it, and what was leased.
of_client()
{
	shows '02:00:00:00:00:01' '200:ff:fe00:1' 'fe80::ff:fe00:1' '2001:db8:1::[1-9a-f]' \
		'2001:db8:2:[1-9a-f]'
}

router_new
bridge_new br0 2001:db8:1::1/64
config full
daemon_start
visit
of_client || fail "nothing of the client is in the log"
key=$(db "SELECT lower(hex(value)) FROM meta WHERE name = 'allocation-key'")
same "octets of the key" 32 "${#key}"
colons=$(echo "$key" | sed 's/../&:/g; s/:$//')
for part in 1 2 3 4; do
	from=$((part * 8 - 7))
	hex=$(echo "$key" | cut -c "$from-$((from + 7))")
	text=$(echo "$colons" | cut -c "$((part * 12 - 11))-$((part * 12 - 1))")
	shows "$hex" "$text" && fail "a part of the key is in the log"
done
for file in "$T"/store/*; do
	same "others' rights to $file" 0 "$(stat -c %a "$file" | sed 's/.*\(.\)$/\1/')"
done
daemon_stop_cleanly

config hashed
daemon_start
visit
of_client && fail "the client is in the log: $(grep -E '02:00:00:00:00:01|ff:fe00:1' "$daemon_log" | head -n 2)"
hash=$(sed -n 's/.*event=lease-bound .* duid=\(#[0-9a-f]*\) .*/\1/p' "$daemon_log" | sort -u)
same "octets of a hash" 17 "${#hash}"
daemon_stop_cleanly
daemon_start
visit
same "the hash after a restart" "$hash" \
	"$(sed -n 's/.*event=lease-bound .* duid=\(#[0-9a-f]*\) .*/\1/p' "$daemon_log" | sort -u)"

config none
kill -HUP "$daemon_pid"
wait_for 5 "the reload" logged event=reloaded
visit
logged 'event=lease-bound .* duid=- mac=- .* addr=- ' || fail "something else stands there"
of_client && fail "the client is in the log"
daemon_stop_cleanly
