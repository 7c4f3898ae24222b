#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z20 G14
#
# The wall clock is put a day ahead while leases run, and then two days back. The daemon notices;
# no lease ends early and none lives on, in the daemon that saw it or in the next one after a crash.
# The machine's own clock is left alone: badclock.so stands in for it.
LIMIT=150
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

DAY=86400
VALID=12 # seconds

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
	    mode: dhcpv6-stateful
	    prefixes: [{prefix: "2001:db8:1::/64", preferred: 4s, valid: ${VALID}s}]
	    dhcp6:
	      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
	      delegate: [{prefix: "2001:db8:2::/48", length: 56, preferred: infinite, valid: infinite}]
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_new g2 br0 2
guest_up g1
guest_up g2
daemon_start

# clock_set SECONDS DIRECTION BY: to so far ahead of the real clock, which is a step by that much.
clock_set()
{
	echo "$1" >"$T/clock"
	echo . >"$T/clock.step"
	wait_for 5 "the step to be noticed" logged "event=clock-stepped level=warning direction=$2 seconds=$3"
	wait_for 5 "leases to be stored by the new clock" stored_by "$1"
}

# stored_by SECONDS: every lease that runs ends by that clock within its lifetime from now.
stored_by()
{
	now=$(($(date +%s) + $1))
	[ "$(db "SELECT count(*) FROM lease WHERE state = 'active' AND address NOT LIKE '2001:db8:2%'
		AND until NOT BETWEEN $now - 1 AND $now + $VALID + 1")" -eq 0 ]
}

renewals()
{
	grep -c '^RENEW6$' "$T/g1/reasons" || true
}

renewals_above()
{
	[ "$(renewals)" -gt "$1" ]
}

# vanishing FIRST: five clients that are never heard of again.
vanishing()
{
	in_ns g2 "$NETNS_BIN/bindloop" -i eth0 -f "$1" -n 5 -t 10 >/dev/null 2>&1 || fail "no leases"
	begun=$(uptime_seconds)
	ended=$(logged_times event=lease-expired)
}

# expire_in_time: they end when their lifetime is over, and not before.
expire_in_time()
{
	while [ "$(uptime_seconds)" -lt $((begun + VALID - 3)) ]; do
		expired 0 || fail "a lease ended early"
		sleep 0.2
	done
	wait_for 8 "five leases to end" expired 5
}

# expired COUNT: that many since.
expired()
{
	[ "$(logged_times event=lease-expired)" -eq $((ended + $1)) ]
}

# Of the processor, in hundredths of a second.
cpu_ticks()
{
	awk '{ print $14 + $15 }' "/proc/$daemon_pid/stat"
}

crash()
{
	daemon_stop KILL
	daemon_start
	ended=0
}

dhclient_run g1 -N -P || fail "dhclient got nothing"
wait_for 5 "an address" guest_has g1 2001:db8:1:
address=$(guest_addresses g1)
same "the prefix does not end" "active|" \
	"$(db "SELECT state, until FROM lease WHERE address LIKE '2001:db8:2%'")"

say "a day ahead"
vanishing 0
clock_set $DAY forward $DAY
before=$(renewals)
wait_for 10 "two renewals" renewals_above $((before + 1))
expire_in_time

say "a day ahead, and a crash"
vanishing 10
crash
same "leases that run" 7 "$(db "SELECT count(*) FROM lease WHERE state = 'active'")"
expire_in_time

say "two days back"
vanishing 20
clock_set -$DAY back $((2 * DAY))
before=$(renewals)
wait_for 10 "two renewals" renewals_above $((before + 1))
expire_in_time

say "two days back, and a crash"
vanishing 30
# Bound by the clock as it is, renewed by it, and one step more just before the crash.
clock_set 0 forward $DAY
crash
expire_in_time

wait_for 10 "a renewal" renewals_above "$(renewals)"
same "the address" "$address" "$(guest_addresses g1)"
# The clock of a machine that lost it can say anything; 2060 is past what 31 bits hold.
say "decades ahead"
clock_set $((34 * 365 * DAY)) forward $((34 * 365 * DAY))
before=$(cpu_ticks)
sleep 2
[ $(($(cpu_ticks) - before)) -lt 50 ] || fail "the daemon does not come to rest"
same "the prefix" active "$(db "SELECT state FROM lease WHERE address LIKE '2001:db8:2%'")"
daemon_stop_cleanly
