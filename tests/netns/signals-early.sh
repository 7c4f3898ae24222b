#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Signals at odd moments: those that come before the daemon is ready wait for it, a reader of the log
# that goes away ends nothing, closed descriptors are no sockets' afterwards, and a storm of reloads
# keeps neither the clients nor the end waiting.
LIMIT=90
. "${srcdir:-.}/tests/netns/lib.sh"

router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1

# config HOSTS
config()
{
	{
		cat <<-END
			server: {user: nobody, store: "sqlite:$T/store/leases.db"}
			networks:
			  - interface: br0
			    mode: dhcpv6-stateful
			    prefix: 2001:db8:1::/64
			    hosts:
		END
		awk -v n="$1" 'BEGIN {
			for (i = 0; i < n; i++)
				printf("      - {mac: \"02:01:00:%02x:%02x:01\", address: \"2001:db8:1::1:%x\"}\n",
					i / 256, i % 256, i)
		}'
	} | config_write
}

# Whether SIGHUP and SIGUSR1 wait, and no others: what becomes the daemon may hold all for a moment.
holds()
{
	grep -q '^SigBlk:[[:space:]]*0*201$' "/proc/$daemon_pid/status"
}

asks()
{
	in_ns g1 "$NETNS_BIN/bindloop" -i eth0 -f "$1" -n 1 -t 10 >/dev/null 2>&1
}

# It waits for its configuration as long as nobody writes into the pipe.
config 1
mv "$T/sextant.yaml" "$T/good.yaml"
mkfifo "$T/sextant.yaml"
daemon_spawn
wait_for 10 "signals to be held" holds
kill -HUP "$daemon_pid"
kill -USR1 "$daemon_pid"
cat "$T/good.yaml" >"$T/sextant.yaml"
wait_for 10 "the start" logged event=ready
wait_for 10 "the counters" logged event=dhcp6-counters
# The pipe cannot be read again; nobody is kept waiting for who writes into it.
wait_for 10 "the reload" logged event=reload-refused
logged 'event=config-message .*sextant.yaml: is no regular file' || fail "it does not say why"
asks 1 || fail "no lease"
rm "$T/sextant.yaml"
mv "$T/good.yaml" "$T/sextant.yaml"
daemon_stop_cleanly

# Nobody reads the log, from the first line on.
daemon_log=$T/none.log
mkfifo "$T/pipe"
: <"$T/pipe" &
ip netns exec router "$SEXTANTD" -c "$T/sextant.yaml" 2>"$T/pipe" &
daemon_pid=$!
wait_for 10 "a lease" asks 2
daemon_stop_cleanly

# Nor is there one.
ip netns exec router "$SEXTANTD" -c "$T/sextant.yaml" 0<&- 1>&- 2>&- &
daemon_pid=$!
wait_for 10 "a lease" asks 3
for fd in 0 1 2; do
	same "descriptor $fd" /dev/null "$(readlink "/proc/$daemon_pid/fd/$fd")"
done
daemon_stop_cleanly

# Signals that come during a reload are answered by one.
config 20000
daemon_start
sent=0
while [ "$sent" -lt 200 ]; do
	kill -HUP "$daemon_pid"
	sent=$((sent + 1))
done
asks 4 || fail "no lease during reloads"
wait_for 10 "a reload" logged event=reloaded
sent=0
while [ "$sent" -lt 200 ]; do
	kill -HUP "$daemon_pid"
	sent=$((sent + 1))
	sleep 0.005
done
daemon_stop_cleanly
reloads=$(logged_times event=reloaded)
[ "$reloads" -lt 100 ] || fail "400 signals were answered by $reloads reloads"
say "400 signals were answered by $reloads reloads"
