#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A namespace that cannot be served now is tried again: when its port is free, when there are
# descriptors again, when /run/netns can be read again or was made anew, and at once when the configuration is read
# again. It is complained of once.
LIMIT=90
NEEDS="prlimit strace"
. "${srcdir:-.}/tests/netns/lib.sh"

[ -z "${SANITIZED-}" ] || skip "a sanitizer asks the kernel for more, and cannot be traced"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - {name: tenant, netns: "qr-*", interfaces: ["*"], mode: dhcpv6-stateless, prefix: 2001:db8:2::/64}
END
router_new

# found NAMESPACE
found()
{
	logged "event=namespace-found .*netns=$1\$"
}

# other_start NAMESPACE: a DHCPv6 server of somebody else.
other_start()
{
	mkdir -p "$T/other"
	chown nobody "$T/other"
	sed "s,$T/store,$T/other,; s/, netns: \"qr-\*\"//" "$T/sextant.yaml" >"$T/other.yaml"
	ip netns exec "$1" "$SEXTANTD" -c "$T/other.yaml" 2>"$T/other.log" &
	other_pid=$!
	wait_for 10 "the other server" grep -q event=ready "$T/other.log"
}

other_stop()
{
	kill "$other_pid"
	wait "$other_pid" || true
}

daemon_start
ns_new qr-1
wait_for 10 "a namespace" found qr-1
# Its name comes when the port is taken.
ns_new other
other_start other
: >/run/netns/qr-2
mount --bind /run/netns/other /run/netns/qr-2
wait_for 10 "a complaint" logged 'event=namespace-failed .*netns=qr-2 .*port 547'
other_stop
wait_for 20 "the namespace whose port is free" found qr-2
same "complaints" 1 "$(logged_times event=namespace-failed)"
ip netns del qr-2
wait_for 10 "its end" logged 'event=namespace-gone .*netns=qr-2'

other_start other
: >/run/netns/qr-3
mount --bind /run/netns/other /run/netns/qr-3
wait_for 10 "a complaint" logged 'event=namespace-failed .*netns=qr-3 .*port 547'
other_stop
kill -HUP "$daemon_pid"
wait_for 3 "the namespace after a reload" found qr-3
ip netns del qr-3

# The directory cannot be read for a while: nothing is forgotten, and what came is found later.
strace -f -qq -o "$T/trace" -P /run/netns -e trace=openat -e inject=openat:error=EMFILE -p "$daemon_pid" &
strace_pid=$!
wait_for 10 "strace" grep -q '^TracerPid:[[:space:]]*[1-9]' "/proc/$daemon_pid/status"
ns_new qr-4
wait_for 10 "a complaint" logged 'event=namespaces-unseen .*Too many open files'
kill "$strace_pid"
wait "$strace_pid" 2>/dev/null || true
wait_for 20 "the namespace that came" found qr-4
same "complaints" 1 "$(logged_times event=namespaces-unseen)"
not logged 'event=namespace-gone .*netns=qr-1' || fail "what was there is forgotten"
ip netns del qr-4
wait_for 10 "its end" logged 'event=namespace-gone .*netns=qr-4'
used=$(find "/proc/$daemon_pid/fd" -mindepth 1 | wc -l)
daemon_stop_cleanly

# Descriptors for two namespaces more, six each, and a few to look around.
limit=$((used + 15))
daemon_starts=$((daemon_starts + 1))
daemon_log=$T/daemon.$daemon_starts.log
ip netns exec router prlimit "--nofile=$limit:$limit" "$SEXTANTD" -c "$T/sextant.yaml" >"$daemon_log" 2>&1 &
daemon_pid=$!
wait_for 20 "the start" logged event=ready
for name in qr-5 qr-6 qr-7; do
	ns_new "$name"
	wait_for 10 "$name, or a complaint" logged "event=namespace-f.*netns=$name"
done
logged 'event=namespace-failed .*netns=qr-7 .*Too many open files' || fail "there are descriptors left"
ip netns del qr-1
wait_for 20 "the namespace there are descriptors for" found qr-7
daemon_stop_cleanly

# Somebody removes the directory, and the next namespace makes it anew. (With `ip netns exec` the
# daemon would keep the old one mounted.)
daemon_starts=$((daemon_starts + 1))
daemon_log=$T/daemon.$daemon_starts.log
"$SEXTANTD" -c "$T/sextant.yaml" >"$daemon_log" 2>&1 &
daemon_pid=$!
wait_for 20 "the start" logged event=ready
for name in /run/netns/*; do
	ip netns del "${name##*/}"
done
wait_for 10 "the end of all" logged 'event=namespace-gone .*netns=qr-7'
umount /run/netns
rmdir /run/netns
for name in qr-8 qr-9; do
	ns_new "$name"
	wait_for 10 "$name in the new directory" found "$name"
done
daemon_stop_cleanly
