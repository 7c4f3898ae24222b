#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The kernel refuses to send, as it does when its neighbour table is full: that is said once, with
# what to look at. What waited less than half a second is sent when it works again, which is said;
# hosts need not ask again. Clients of DHCPv6 are answered all the while, and what is for all hosts
# is sent: a stop in between ends what was advertised.
#
# rows: S12
LIMIT=60
NEEDS="dhclient rdisc6 sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

[ -e "$NETNS_BIN/../faults/badlink.so" ] || skip "badlink.so is not built"
cat >"$T/sextantd" <<-END
	#!/bin/sh
	# A sanitized daemon wants to be the first library; it does as the second.
	export ASAN_OPTIONS="verify_asan_link_order=0:\$ASAN_OPTIONS"
	export LD_PRELOAD="$NETNS_BIN/../faults/badlink.so" BADLINK="$T/full"
	exec "$SEXTANTD" "\$@"
END
chmod +x "$T/sextantd"
SEXTANTD=$T/sextantd

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    ra: {multicast: off}
END
chmod 755 "$T"
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
daemon_start
wait_for 20 "a default route" guest_default_route g1

# Answers to clients go out as frames, to where these were heard.
touch "$T/full"
dhclient_run g1 || fail "dhclient got nothing"
# An advertisement for one host waits.
ip netns exec g1 rdisc6 -q eth0 >/dev/null &
client=$!
wait_for 10 "the failure to be said" logged \
	'event=send-failed level=warning link=br0 error="Invalid argument" hint=".*gc_thresh3'
rm "$T/full"
wait "$client" || fail "rdisc6 got nothing"
wait_for 5 "the recovery to be said" logged 'event=send-recovered level=info link=br0 lost='
same "times it was said" 1 "$(logged_times event=send-failed)"
logged 'event=send-recovered .*lost=0' || say "it took more than half a second"

# What is for all needs no neighbour: the final advertisement goes out.
touch "$T/full"
daemon_stop_cleanly
wait_for 5 "the default route to go" not guest_default_route g1
