# SPDX-License-Identifier: ISC
# shellcheck shell=dash
#
# Guests on links of their own, for tests with real clients and for ./start.
#
# A test runs in private PID, mount and network namespaces: whatever it makes (processes, links,
# named namespaces, mounts) ends with it, however it ends, and nothing of the host is changed.
# /run, the clients' lease directories and /etc/resolv.conf are replaced inside.
#
#	LIMIT=60                                 seconds it may take
#	NEEDS="dhclient sqlite3"                 programs without which it is skipped
#	. "${srcdir:-.}/tests/netns/lib.sh"
#	router_new; bridge_new br0; guest_new g1 br0 1
#	config_write <<...; daemon_start; guest_up g1
#	wait_for 10 "an address" guest_has g1 2001:db8:1::/64
#
# It is passed if it comes to its end, failed by fail() or by any command that is not expected to
# fail, skipped (77) by skip(). Nothing sleeps for a fixed time: wait_for polls.
#
# Needs in the environment: SEXTANTD, the daemon; srcdir, the sources; NETNS_BIN, built helpers.

set -eu

# Where su keeps the PATH of a user it lacks the programs of root.
PATH=$PATH:/usr/sbin:/sbin
export PATH

: "${SEXTANTD:=$PWD/sextantd}" "${NETNS_BIN:=$PWD/tests/netns}"
netns_dir=$(cd "${srcdir:-.}/tests/netns" && pwd)

say()
{
	printf '%s\n' "$*"
}

skip()
{
	say "skipped: $*"
	exit 77
}

fail()
{
	say "FAILED: $*"
	exit 1
}

# --- the namespaces the whole test runs in --------------------------------------------------------

# Runs the script again as `timeout` below the first process of new namespaces.
netns_enter()
{
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	for program in unshare ip nsenter timeout ${NEEDS-}; do
		command -v "$program" >/dev/null || skip "needs the program $program"
	done
	unshare -mnpf --kill-child --mount-proc true 2>/dev/null || skip "may not make namespaces"
	export SEXTANTD NETNS_BIN NETNS_INSIDE=1
	exec unshare -mnpf --kill-child --mount-proc \
		timeout --foreground -k 10 "${LIMIT:-60}" "$0" "$@"
}

netns_private_files()
{
	mkdir -p /tmp
	resolv=$(mktemp)
	mount --bind "$resolv" /etc/resolv.conf 2>/dev/null || true
	rm -f "$resolv"
	for dir in /run /var/lib/dhcp /var/lib/dhcpcd; do
		[ ! -d "$dir" ] || mount -t tmpfs -o mode=755 sextant-test "$dir"
	done
	mkdir -p /run/netns /run/sextant-test
}

# What a failed test leaves behind is its output: logs, leases and addresses.
netns_report()
{
	for log in "$T"/*.log; do
		[ ! -s "$log" ] || { say "--- the end of ${log##*/}"; tail -n 40 "$log"; }
	done
	for ns in /run/netns/*; do
		[ -e "$ns" ] || continue
		say "--- ${ns##*/}"
		ip -n "${ns##*/}" -6 -o addr show 2>&1 || true
		ip -n "${ns##*/}" -6 route show 2>&1 || true
	done
}

netns_exit()
{
	status=$?
	trap - EXIT
	set +e
	[ "$status" -eq 0 ] || [ "$status" -eq 77 ] || netns_report
	[ -z "${disk_dir-}" ] || rm -rf "$disk_dir"
	exit "$status"
}

if [ -z "${NETNS_INSIDE-}" ]; then
	netns_enter "$@"
fi
netns_private_files
T=/run/sextant-test
daemon_user=nobody
daemon_pid=
daemon_log=$T/none.log
daemon_starts=0
bridges=0
trap netns_exit EXIT
trap 'say "FAILED: took more than ${LIMIT:-60} s, or was stopped"; exit 1' TERM INT HUP
ip link set lo up

# Makes a directory on a real disk, for what must meet the cost of a real sync. Sets disk_dir.
disk_dir_new()
{
	disk_dir=$(mktemp -d /var/tmp/sextant-test.XXXXXX)
	chown "$daemon_user" "$disk_dir"
}

# --- waiting --------------------------------------------------------------------------------------

uptime_seconds()
{
	read -r seconds _ </proc/uptime
	say "${seconds%.*}"
}

# wait_until SECONDS COMMAND...: whether the command succeeds within that time.
wait_until()
{
	wait_end=$(($(uptime_seconds) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(uptime_seconds)" -le "$wait_end" ] || return 1
		sleep 0.05
	done
}

# wait_for SECONDS WHAT COMMAND...
wait_for()
{
	wait_seconds=$1 wait_what=$2
	shift 2
	wait_until "$wait_seconds" "$@" ||
		fail "waited $wait_seconds s in vain for $wait_what ($*)"
}

# steady_memory KIB -lt KIB: as test(1), but a sanitizer keeps what was freed for a while.
steady_memory()
{
	[ -n "${SANITIZED-}" ] || [ "$@" ]
}

# Succeeds where COMMAND fails.
not()
{
	! "$@"
}

same()
{
	[ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# --- links ----------------------------------------------------------------------------------------

# in_ns NAMESPACE COMMAND... (in the background `ip netns exec`, so that $! is the command's)
in_ns()
{
	in_ns_name=$1
	shift
	ip netns exec "$in_ns_name" "$@"
}

ns_new()
{
	ip netns add "$1"
	# Guests do not wait for duplicate detection: nobody else is on their link.
	in_ns "$1" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
	ip -n "$1" link set lo up
}

router_new()
{
	ns_new router
	in_ns router sysctl -qw net.ipv6.conf.all.forwarding=1
}

# bridge_new NAME [ADDRESS/LENGTH]
bridge_new()
{
	bridges=$((bridges + 1))
	ip -n router link add "$1" address "02:00:00:00:ff:$(printf %02x "$bridges")" type bridge
	ip -n router link set "$1" up
	[ $# -lt 2 ] || ip -n router addr add "$2" dev "$1"
}

# guest_new NAME BRIDGE NUMBER: a namespace with eth0, still down, on the bridge. Its link-layer
# address is 02:00:00:00:00:NUMBER, the same each time.
guest_new()
{
	ns_new "$1"
	ip -n router link add "to-$1" type veth peer name eth0 netns "$1" \
		address "02:00:00:00:00:$(printf %02x "$3")"
	in_ns "$1" sysctl -qw net.ipv6.conf.eth0.use_tempaddr=0 net.ipv6.conf.eth0.addr_gen_mode=0
	ip -n router link set "to-$1" addrgenmode none master "$2" up
	mkdir -p "$T/$1"
}

guest_up()
{
	ip -n "$1" link set eth0 up
}

# As if its plug was pulled: no client in it says goodbye, nothing it had is left.
guest_del()
{
	for pid in $(ip netns pids "$1"); do
		kill -KILL "$pid" 2>/dev/null || true
	done
	wait_for 5 "$1 to end" not ns_used "$1"
	ip -n router link del "to-$1"
	ip netns del "$1"
	rm -rf "${T:?}/$1"
}

ns_used()
{
	[ -n "$(ip netns pids "$1")" ]
}

# guest_addresses NAME: its global addresses with their lengths, one a line.
guest_addresses()
{
	ip -n "$1" -6 -o addr show dev eth0 scope global | awk '{print $4}'
}

# guest_has NAME PATTERN: whether an address (with its length) matches the basic expression.
guest_has()
{
	guest_addresses "$1" | grep -q "$2"
}

guest_default_route()
{
	ip -n "$1" -6 route show default | grep -q '^default via fe80:'
}

# The link-local address of the router's bridge.
bridge_address()
{
	ip -n router -6 -o addr show dev "$1" scope link | awk '{sub("/.*", "", $4); print $4; exit}'
}

# --- relays ---------------------------------------------------------------------------------------

# cable_new NAMESPACE LINK ADDRESS NAMESPACE LINK ADDRESS
cable_new()
{
	ip -n "$1" link add "$2" type veth peer name "$5" netns "$4"
	for side in "$1 $2 $3" "$4 $5 $6"; do
		# shellcheck disable=SC2086 # three words
		set -- $side
		ip -n "$1" link set "$2" up
		[ "$3" = none ] || ip -n "$1" addr add "$3" dev "$2"
	done
}

# far_guest_new NAME RELAY LINK ADDRESS NUMBER
far_guest_new()
{
	ns_new "$1"
	ip -n "$2" link add "$3" type veth peer name eth0 netns "$1" \
		address "02:00:00:00:00:0$5"
	in_ns "$1" sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=0
	ip -n "$2" link set "$3" up
	ip -n "$2" addr add "$4" dev "$3"
	ip -n "$1" link set eth0 up
	mkdir -p "$T/$1"
}

# relay_start NAMESPACE COMMAND...: in the background; its pid in relay_pid.
relay_start()
{
	relay_ns=$1
	shift
	ip netns exec "$relay_ns" "$@" >>"$T/$relay_ns.log" 2>&1 &
	relay_pid=$!
	wait_for 10 "$1 to listen" relay_listens "$relay_ns"
}

relay_listens()
{
	in_ns "$1" ss -Hlun 'sport = :547' | grep -q .
}

relay_stop()
{
	kill "$relay_pid"
	wait_for 5 "the relay to end" not alive "$relay_pid"
}

# --- the daemon -----------------------------------------------------------------------------------

# Reads the configuration from its input. Leases are in $T/store unless it says otherwise.
config_write()
{
	mkdir -p "$T/store"
	chown "$daemon_user" "$T/store"
	cat >"$T/sextant.yaml"
}

alive()
{
	[ -d "/proc/$1" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status"
}

# Returns when it is ready.
daemon_start()
{
	daemon_spawn
	wait_until 20 daemon_settled || true
	alive "$daemon_pid" || fail "the daemon ended before it was ready"
	logged 'event=ready' || fail "the daemon did not get ready"
}

# Each start has a log of its own.
daemon_spawn()
{
	daemon_starts=$((daemon_starts + 1))
	daemon_log=$T/daemon.$daemon_starts.log
	ip netns exec router "$SEXTANTD" -c "$T/sextant.yaml" >"$daemon_log" 2>&1 &
	daemon_pid=$!
}

daemon_settled()
{
	logged 'event=ready' || ! alive "$daemon_pid"
}

logged()
{
	grep -q -e "$1" "$daemon_log"
}

logged_times()
{
	grep -c -e "$1" "$daemon_log" || true
}

# daemon_stop SIGNAL: leaves its exit status in daemon_status.
daemon_stop()
{
	kill "-$1" "$daemon_pid"
	daemon_wait
}

daemon_wait()
{
	wait_for 20 "the daemon to end" not alive "$daemon_pid"
	daemon_status=0
	wait "$daemon_pid" 2>/dev/null || daemon_status=$?
	daemon_pid=
}

# A clean stop says so.
daemon_stop_cleanly()
{
	daemon_stop TERM
	same "exit status after SIGTERM" 0 "$daemon_status"
}

# db QUERY: what the store says, while the daemon runs or not.
db()
{
	sqlite3 -readonly -cmd '.timeout 5000' "${store:-$T/store/leases.db}" "$1"
}

# lease_state ADDRESS
lease_state()
{
	db "SELECT state FROM lease WHERE address = '$1'"
}

lease_is()
{
	[ "$(lease_state "$1")" = "$2" ]
}

# --- clients --------------------------------------------------------------------------------------

# dhclient_run NAME ARGUMENT...: returns when dhclient has what it asked for and goes on in the
# background, or fails. What it was told is in $T/NAME/REASON (variables of dhclient-script(8)). Its
# DUID is one of $duid_type (LL); interfaces beside eth0 are arguments.
dhclient_run()
{
	dhclient_guest=$1
	shift
	[ -e "$T/$dhclient_guest/dhclient.conf" ] ||
		echo 'request dhcp6.name-servers, dhcp6.domain-search;' \
			>"$T/$dhclient_guest/dhclient.conf"
	in_ns "$dhclient_guest" timeout 40 dhclient -6 -v "$@" -D "${duid_type-LL}" \
		-cf "$T/$dhclient_guest/dhclient.conf" -lf "$T/$dhclient_guest/dhclient.leases" \
		-pf "$T/$dhclient_guest/dhclient.pid" -sf "$netns_dir/dhclient-script" \
		-e GUEST_DIR="$T/$dhclient_guest" eth0 >>"$T/$dhclient_guest.dhclient.log" 2>&1
}

# told NAME REASON VARIABLE: what dhclient was told.
told()
{
	sed -n "s/^$3=//p" "$T/$1/$2"
}

# The pid of a client that went into the background.
client_kill()
{
	# It is written a moment after what started dhclient was told that all is well.
	wait_for 5 "dhclient's number" test -s "$T/$1/dhclient.pid"
	client_pid=$(cat "$T/$1/dhclient.pid")
	kill -KILL "$client_pid"
	wait_for 5 "dhclient to end" not alive "$client_pid"
	rm "$T/$1/dhclient.pid"
}
