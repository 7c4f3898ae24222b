#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The systemd unit gives the daemon what it needs: it is started as the unit starts it, by another
# user with the unit's capabilities and no others, and what it then asks of the kernel is compared
# with what the unit lets through: address families, system calls, files it writes, memory that
# could be executed. Once for links of its own namespace, once for namespaces that come and go, with
# the changes that the unit names for these; and it waits for the first namespace there ever is.
#
# rows: Z15
LIMIT=90
NEEDS="dhclient setpriv strace sqlite3 systemd-analyze"
. "${srcdir:-.}/tests/netns/lib.sh"

[ -z "${SANITIZED-}" ] || skip "a sanitizer asks the kernel for more, and cannot be traced"

# The user of the unit need not exist on this machine.
sed "s,/usr/sbin/sextantd,$SEXTANTD,; s,/etc/sextant/,$T/,; /^User=/d; /^Group=/d" \
	"$netns_dir/../../conf/sextantd.service" >"$T/sextantd.service"

# unit KEY: its value.
unit()
{
	sed -n "s/^$1=//p" "$T/sextantd.service"
}

# Every system call of a filter, one a line; sets within sets are unfolded.
calls_of()
{
	for word; do
		case $word in
		@*)
			# shellcheck disable=SC2046 # words
			calls_of $(systemd-analyze syscall-filter "$word" |
				sed '1d; s/#.*//; s/^ *//; /^$/d')
			;;
		*) echo "$word" ;;
		esac
	done
}

# trace_start CAPABILITIES: the daemon, as the unit starts it, with these.
trace_start()
{
	trace=$T/trace
	caps=$(echo "$1" | tr 'A-Z ' 'a-z,' | sed 's/cap_/+/g')
	daemon_starts=$((daemon_starts + 1))
	daemon_log=$T/daemon.$daemon_starts.log
	ip netns exec router strace -f -qq -o "$trace" -e signal=none \
		setpriv --reuid nobody --regid nogroup --clear-groups --bounding-set="-all,$caps" \
		--inh-caps="-all,$caps" --ambient-caps="-all,$caps" --no-new-privs \
		"$SEXTANTD" -c "$T/sextant.yaml" >"$daemon_log" 2>&1 &
	strace_pid=$!
	wait_for 20 "the daemon" logged event=ready
	daemon_pid=$(pgrep -P "$strace_pid")
}

# What the daemon does in its life, while it is traced; then what it did is looked at.
trace_end()
{
	kill -HUP "$daemon_pid"
	wait_for 10 "the reload" logged event=reloaded
	kill -USR1 "$daemon_pid"
	wait_for 10 "the counters" logged event=dhcp6-counters
	kill -TERM "$daemon_pid"
	wait_for 20 "the daemon to end" not alive "$strace_pid"
	wait "$strace_pid" || fail "the daemon ended with $?"
	# From its own execve() on; that of setpriv is systemd's business.
	sed -n '/execve("[^"]*sextantd"/,$p' "$trace" | sed 's/^[0-9]* *//' >"$trace.own"
	same "its beginning" 1 "$(grep -c '^execve(' "$trace.own")"
	sed -n 's/^\([a-z_0-9]*\)(.*/\1/p; s/^<\.\.\. \([a-z_0-9]*\) resumed>.*/\1/p' "$trace.own" |
		sort -u >"$T/calls"
	# shellcheck disable=SC2046 # words
	calls_of $(unit SystemCallFilter) | sort -u >"$T/allowed"
	same "system calls that the unit refuses" "" "$(comm -23 "$T/calls" "$T/allowed" | tr '\n' ' ')"
	sed -n 's/^socket(\(AF_[A-Z0-9]*\),.*/\1/p' "$trace.own" | sort -u >"$T/families"
	unit RestrictAddressFamilies | tr ' ' '\n' | sort >"$T/allowed"
	same "address families that the unit refuses" "" \
		"$(comm -23 "$T/families" "$T/allowed" | tr '\n' ' ')"
	same "files written outside of its directories" "" "$(sed -n \
		'/ENOENT/d; s/^openat([^"]*"\([^"]*\)", [^,)]*\(O_WRONLY\|O_RDWR\|O_CREAT\).*/\1/p' \
		"$trace.own" | grep -v -e "^$T/store/" -e '^/dev/null$' | tr '\n' ' ')"
	same "memory to write and to execute" "" \
		"$(grep -e 'PROT_WRITE|PROT_EXEC' "$trace.own" | head -n 3)"
	if unit RestrictNamespaces | grep -q yes; then
		same "namespaces entered" 0 "$(grep -c '^\(setns\|unshare\)(' "$trace.own")"
	fi
}

routed()
{
	ip -n router -6 route show "$leased" | grep -q 'dev br0'
}

systemd-analyze verify --man=no "$T/sextantd.service" >"$T/verify" 2>&1 ||
	fail "systemd-analyze: $(cat "$T/verify")"
same "what systemd-analyze says" "" "$(cat "$T/verify")"
same "ambient and bounding capabilities" "$(unit AmbientCapabilities)" "$(unit CapabilityBoundingSet)"

router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1
config_write <<-END
	server: {store: "sqlite:$T/store/leases.db"}
	networks:
	  - {interface: br0, mode: routed, prefix: 2001:db8:1::/64, dhcp6: {routes: all}}
END
trace_start "$(unit AmbientCapabilities)"
dhclient_run g1 || fail "dhclient got nothing"
leased=$(told g1 BOUND6 new_ip6_address)
wait_for 5 "a route to the lease" routed
trace_end

# As the comment in the unit says.
sed -i 's/^RestrictNamespaces=yes/RestrictNamespaces=no/
	s/^\(AmbientCapabilities\|CapabilityBoundingSet\)=/&CAP_SYS_ADMIN /' "$T/sextantd.service"
config_write <<-END
	server: {store: "sqlite:$T/store/leases.db"}
	networks:
	  - {name: tenant, netns: "qr-*", interfaces: ["*"], mode: slaac, prefix: 2001:db8:2::/64}
END
trace_start "$(unit AmbientCapabilities)"
ns_new qr-1
wait_for 10 "a namespace that comes" logged 'event=namespace-found .*netns=qr-1'
ip netns del qr-1
wait_for 10 "the namespace to go" logged 'event=namespace-gone .*netns=qr-1'
trace_end
grep -q '^setns(' "$trace.own" || fail "the trace does not show what it should"

# After a boot nobody has made a namespace yet, and the directory of their names is missing.
ip netns del g1
ip netns del router
rmdir /run/netns 2>/dev/null || { umount /run/netns && rmdir /run/netns; }
caps=+sys_admin,+net_raw,+net_bind_service
daemon_log=$T/daemon.boot.log
setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps="-all,$caps" \
	--ambient-caps="-all,$caps" "$SEXTANTD" -c "$T/sextant.yaml" >"$daemon_log" 2>&1 &
daemon_pid=$!
wait_for 20 "the daemon" logged event=ready
ns_new qr-2
wait_for 10 "the first namespace" logged 'event=namespace-found .*netns=qr-2'
ip netns del qr-2
wait_for 10 "the namespace to go" logged 'event=namespace-gone .*netns=qr-2'
daemon_stop_cleanly
