# SPDX-License-Identifier: ISC
# shellcheck shell=dash
#
# A daemon on a disk that the test makes bad, and clients that hold leases meanwhile. After lib.sh.

# From now on the daemon runs on it.
disk_new()
{
	[ -e "$NETNS_BIN/../faults/baddisk.so" ] || skip "baddisk.so is not built"
	cat >"$T/sextantd" <<-END
		#!/bin/sh
		# A sanitized daemon wants to be the first library; it does as the second.
		export ASAN_OPTIONS="verify_asan_link_order=0:\$ASAN_OPTIONS"
		export LD_PRELOAD="$NETNS_BIN/../faults/baddisk.so" BADDISK="$T/disk"
		exec "$SEXTANTD" "\$@"
	END
	chmod +x "$T/sextantd"
	SEXTANTD=$T/sextantd
}

# disk_is good | stall | readonly | fail N TAG
disk_is()
{
	echo "$*" >"$T/disk.new"
	mv "$T/disk.new" "$T/disk"
}

# loop_start GUEST COUNT [ARGUMENT...]: that many clients; sets loop_pid.
loop_start()
{
	loop_guest=$1
	shift
	ip netns exec "$loop_guest" "$NETNS_BIN/bindloop" -i eth0 -t 600 -n "$@" \
		>"$T/$loop_guest.told" 2>"$T/$loop_guest.bindloop.log" &
	loop_pid=$!
}

# Ends the clients; they say what they hold.
loop_stop()
{
	alive "$loop_pid" || fail "the clients ended early"
	kill -TERM "$loop_pid"
	wait "$loop_pid" || fail "bindloop: $(tail -n 1 "$T/$loop_guest.bindloop.log")"
	tail -n 1 "$T/$loop_guest.bindloop.log"
}

# How often a client was told of a lease.
loop_bound()
{
	grep -c '^bound ' "$T/$loop_guest.told" || true
}

# loop_bound_since TIMES: whether more often than that.
loop_bound_since()
{
	[ "$(loop_bound)" -gt "$1" ]
}

# Every lease that a client holds is stored as its own, and no address twice.
leases_compare()
{
	awk '$1 == "held" {print $3 "|" $2}' "$T/$loop_guest.told" | sort >"$T/held"
	[ -s "$T/held" ] || fail "no client holds a lease"
	db "SELECT address || '|' || duid FROM lease WHERE state = 'active'" | sort >"$T/stored"
	comm -23 "$T/held" "$T/stored" >"$T/lost"
	[ ! -s "$T/lost" ] ||
		fail "held, but not stored: $(wc -l <"$T/lost"): $(head -n 3 "$T/lost")"
	same "addresses held twice by clients" "" "$(cut -d '|' -f 1 "$T/held" | uniq -d)"
	same "addresses held twice in the store" "" "$(cut -d '|' -f 1 "$T/stored" | uniq -d)"
	same "the database's own check" ok "$(db 'PRAGMA integrity_check')"
	say "$(wc -l <"$T/held") leases held, none lost, none twice"
}

# Resident memory of the daemon, KiB.
daemon_rss()
{
	# shellcheck disable=SC2154 # lib.sh sets it
	awk '$1 == "VmRSS:" {print $2}' "/proc/$daemon_pid/status"
}

daemon_descriptors()
{
	set -- "/proc/$daemon_pid/fd"/*
	echo $#
}
