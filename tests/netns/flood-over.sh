#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z3 Z18
#
# A machine that is slower than what one link sends. Solicitations of routers keep nobody on another
# link from a lease, nor from an advertisement; and when a flood of Solicits is over, clients of the
# link that was held back are served soon, though nobody else says anything.
LIMIT=60
NEEDS="rdisc6"
. "${srcdir:-.}/tests/netns/lib.sh"

[ -e "$NETNS_BIN/../faults/slowread.so" ] || skip "slowread.so is not built"
cat >"$T/sextantd" <<-END
	#!/bin/sh
	# A sanitized daemon wants to be the first library; it does as the second.
	export ASAN_OPTIONS="verify_asan_link_order=0:\$ASAN_OPTIONS"
	export LD_PRELOAD="$NETNS_BIN/../faults/slowread.so"
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
	  - interface: br1
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
END
chmod 755 "$T"
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
guest_new g1 br0 1
guest_new g2 br0 2
guest_new g3 br1 3
for guest in g1 g2 g3; do
	guest_up "$guest"
done
daemon_start

in_ns g1 "$NETNS_BIN/torrent" -i eth0 -k rs -x 60000 -t 30 2>"$T/g1.log" &
flood=$!
wait_for 10 "the solicitations to be held back" logged 'event=flood level=warning link=br0 socket=icmp6'
for i in 1 2 3 4; do
	in_ns g3 "$NETNS_BIN/bindloop" -i eth0 -f "$i" -n 1 -t 2 >/dev/null 2>&1 ||
		fail "no lease in the flood of solicitations"
done
timeout 5 ip netns exec g3 rdisc6 -1 -q eth0 >/dev/null || fail "no advertisement in the flood"
alive "$flood" || fail "the flood was over too soon"
kill "$flood"
wait "$flood" || true

in_ns g1 "$NETNS_BIN/torrent" -i eth0 -k solicit -x 1000000 -t 5 -n 0 2>"$T/g1.log"
logged 'event=flood level=warning link=br0 socket=udp' || fail "it was not held back"
# Tries of a client that come faster than RFC 8415 section 15 lets them.
in_ns g2 "$NETNS_BIN/bindloop" -i eth0 -f 100 -n 1 -t 10 >/dev/null 2>"$T/g2.log" ||
	fail "no lease when the flood was over: $(cat "$T/g2.log")"
wait_for 20 "the end of the floods" logged 'event=flood-ended level=warning link=br0 socket=udp'
daemon_stop_cleanly
