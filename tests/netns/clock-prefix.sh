#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: S22 V13
#
# The wall clock is put a day ahead, as it is when a router has booted without one and hears the time;
# then the daemon crashes, and the uplink's prefix is gone when it starts again. That it was told is
# known although by the old times it would have ended: hosts are told that it is gone.
LIMIT=60
NEEDS="rdisc6 sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

[ -e "$NETNS_BIN/../faults/badclock.so" ] || skip "badclock.so is not built"
cat >"$T/sextantd" <<-END
	#!/bin/sh
	# A sanitized daemon wants to be the first library; it does as the second.
	export ASAN_OPTIONS="verify_asan_link_order=0:\$ASAN_OPTIONS"
	export LD_PRELOAD="$NETNS_BIN/../faults/badclock.so" BADCLOCK="$T/clock"
	exec "$SEXTANTD" "\$@"
END
chmod +x "$T/sextantd"
SEXTANTD=$T/sextantd
chmod 755 "$T"
echo 0 >"$T/clock"
mkfifo "$T/clock.step"
chmod 666 "$T/clock.step"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: slaac
	    prefixes: [{from-interface: up0}]
END
router_new
bridge_new br0
guest_new g1 br0 1
guest_up g1
bridge_new up0
ip -n router addr add 2001:db8:1::1/64 dev up0 nodad valid_lft 4000 preferred_lft 3000

# stored: the line of the prefix, as the next start will read it.
stored()
{
	db "SELECT CAST(value AS TEXT) FROM meta WHERE name = 'prefixes'" | grep '^2001:db8:1::/64 '
}

changed()
{
	[ "$(stored)" != "$1" ]
}

daemon_start
wait_for 20 "an address" guest_has g1 '^2001:db8:1::'
wait_for 5 "the prefix to be stored" stored
before=$(stored)
echo 86400 >"$T/clock"
echo . >"$T/clock.step"
wait_for 5 "the step to be noticed" logged "event=clock-stepped level=warning direction=forward seconds=86400"
wait_for 5 "the prefix to be stored by the new clock" changed "$before"
daemon_stop KILL
ip -n router addr del 2001:db8:1::1/64 dev up0
daemon_start
in_ns g1 rdisc6 -1 -w 5000 eth0 >"$T/g1.rdisc6.log"
grep -A 4 'Prefix *: 2001:db8:1::/64' "$T/g1.rdisc6.log" | grep -q 'Pref. time *: *0 ' ||
	fail "the prefix is not told to be gone: $(cat "$T/g1.rdisc6.log")"
daemon_stop_cleanly
