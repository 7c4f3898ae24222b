#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The kernel refuses to send, as it does when its neighbour table is full: that is said once, with
# what to look at. What waited less than half a second is sent when it works again, which is said;
# hosts need not ask again, and clients of DHCPv6 are answered all the while. A stop in between still ends what was advertised.
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
# Advertisements wait.
ip netns exec g1 rdisc6 -q eth0 >/dev/null &
client=$!
wait_for 10 "the failure to be said" logged \
	'event=send-failed level=warning link=br0 error="Invalid argument" hint=".*gc_thresh3'
rm "$T/full"
wait "$client" || fail "rdisc6 got nothing"
wait_for 5 "the recovery to be said" logged 'event=send-recovered level=info link=br0 lost='
same "times it was said" 1 "$(logged_times event=send-failed)"
logged 'event=send-recovered .*lost=0' || say "it took more than half a second"

# The final advertisement waits a moment.
touch "$T/full"
kill -TERM "$daemon_pid"
wait_for 5 "the second failure" sh -c "[ \$(grep -c event=send-failed $daemon_log) -eq 2 ]"
rm "$T/full"
daemon_wait
same "exit status" 0 "$daemon_status"
wait_for 5 "the default route to go" not guest_default_route g1
