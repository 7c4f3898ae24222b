#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Nobody reads the daemon's log, be it a pipe or a terminal: it serves all the same, and says how many
# lines were lost to whoever reads it later.
LIMIT=60
NEEDS="sqlite3 script"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-faults.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db", log-level: debug}
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
mkfifo "$T/pipe"
exec 3<>"$T/pipe"
daemon_log=$T/daemon.1.log
ip netns exec router "$SEXTANTD" -c "$T/sextant.yaml" 2>&3 &
daemon_pid=$!

in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -n 2000 -t 30 >"$T/g1.told" 2>"$T/g1.bindloop.log" ||
	fail "bindloop: $(tail -n 1 "$T/g1.bindloop.log")"
loop_guest=g1
tail -n 1 "$T/g1.bindloop.log"
alive "$daemon_pid" || fail "the daemon ended"
cat <"$T/pipe" >"$daemon_log" &
cat_pid=$!
# It is said before the next line that somebody reads.
lost_is_said()
{
	kill -USR1 "$daemon_pid"
	logged event=log-lines-lost
}
wait_for 5 "the number of lost lines" lost_is_said
grep -o 'event=log-lines-lost.*' "$daemon_log"
wait_for 5 "the counters" logged 'event=dhcp6-counters.*leases-stored=2000'
daemon_stop_cleanly
leases_compare
kill "$cat_pid"

# script(1) keeps a terminal, and waits for who reads what it prints.
daemon_log=$T/none.log
ip netns exec router script -qefc "$SEXTANTD -c $T/sextant.yaml" /dev/null >&3 2>&1 </dev/null &
script_pid=$!
: >"$T/g1.told"
in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -f 2000 -n 2000 -t 30 >"$T/g1.told" 2>"$T/g1.bindloop.log" ||
	fail "with a terminal: $(tail -n 1 "$T/g1.bindloop.log")"
tail -n 1 "$T/g1.bindloop.log"
leases_compare
# It is below script, which is stuck.
daemon_pid=$(pgrep -x sextantd) || fail "the daemon ended"
cat <"$T/pipe" >"$T/terminal.log" &
cat_pid=$!
lost_is_shown()
{
	kill -USR1 "$daemon_pid"
	grep -q event=log-lines-lost "$T/terminal.log"
}
wait_for 5 "the number of lost lines" lost_is_shown
kill "$cat_pid"

# Stuck once more, when it is to end.
in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -f 4000 -n 2000 -t 30 >"$T/g1.told" 2>"$T/g1.bindloop.log" ||
	fail "with a terminal again: $(tail -n 1 "$T/g1.bindloop.log")"
kill -TERM "$daemon_pid"
wait_for 10 "the daemon to end" not alive "$daemon_pid"
cat <"$T/pipe" >/dev/null &
cat_pid=$!
wait "$script_pid" || fail "the daemon ended with $?"
kill "$cat_pid"
