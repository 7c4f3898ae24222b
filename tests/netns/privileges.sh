#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: Z15
#
# After its start the daemon is another user, without capabilities, and can get none; so it works
# with the two capabilities alone, without root.
LIMIT=60
NEEDS="dhclient setpriv sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_up g1

# status KEY: of every thread, each value once.
status()
{
	cat "/proc/$daemon_pid/task"/*/status | sed -n "s/^$1:[[:space:]]*//p" | sort -u
}

check_status()
{
	for set in CapInh CapPrm CapEff CapAmb; do
		same "$set $1" 0000000000000000 "$(status $set)"
	done
	same "NoNewPrivs $1" 1 "$(status NoNewPrivs)"
	uid=$(id -u nobody) gid=$(id -g nobody)
	same "Uid $1" "$uid	$uid	$uid	$uid" "$(status Uid)"
	same "Gid $1" "$gid	$gid	$gid	$gid" "$(status Gid)"
}

daemon_start
check_status "after a start as root"
same "Groups" "" "$(status Groups | tr -d ' \n' | sed "s/^$(id -g nobody)\$//")"
dhclient_run g1 || fail "dhclient got nothing"
kill -HUP "$daemon_pid"
wait_for 10 "a reload without privileges" logged event=reloaded
daemon_stop_cleanly

# Not root from the beginning, as a service manager starts it.
config_write <<-END
	server: {store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]}
END
daemon_log=$T/daemon.unprivileged.log
ip netns exec router setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups \
	--inh-caps=-all,+net_raw,+net_bind_service --ambient-caps=-all,+net_raw,+net_bind_service \
	"$SEXTANTD" -c "$T/sextant.yaml" >"$daemon_log" 2>&1 &
daemon_pid=$!
wait_for 10 "a start without root" logged event=ready
check_status "after a start as nobody"
daemon_stop_cleanly

# Where it sets routes it keeps the right to, and no other; without that right it says so.
with_routes()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - interface: br0
		    mode: dhcpv6-stateful
		    prefix: 2001:db8:1::/64
		    dhcp6: {$1 delegate: [{prefix: "2001:db8:100::/40", length: 56}]}
	END
}

with_routes ""
daemon_start
for set in CapPrm CapEff; do
	same "$set where routes are set" 0000000000001000 "$(status $set)"
done
for set in CapInh CapBnd CapAmb; do
	same "$set where routes are set" 0000000000000000 "$(status $set)"
done
same "NoNewPrivs where routes are set" 1 "$(status NoNewPrivs)"
daemon_stop_cleanly
ip -n router -6 route show proto 83 | grep -q unreachable || fail "no route was set"

# unprivileged NAME CAPABILITIES
unprivileged()
{
	daemon_log=$T/daemon.$1.log
	ip netns exec router setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups \
		--inh-caps="-all,$2" --ambient-caps="-all,$2" \
		"$SEXTANTD" -c "$T/sextant.yaml" >"$daemon_log" 2>&1 &
	daemon_pid=$!
}
ip -n router -6 route flush proto 83
unprivileged with-net-admin +net_raw,+net_bind_service,+net_admin
wait_for 10 "a start with CAP_NET_ADMIN" logged event=ready
same "CapEff of nobody" 0000000000001000 "$(status CapEff)"
wait_for 5 "a route" sh -c 'ip -n router -6 route show proto 83 | grep unreachable'
with_routes "routes: off,"
kill -HUP "$daemon_pid"
wait_for 5 "the routes to go" not sh -c 'ip -n router -6 route show proto 83 | grep .'
daemon_stop_cleanly

with_routes ""
unprivileged without-net-admin +net_raw,+net_bind_service
wait_for 10 "a start without CAP_NET_ADMIN" logged event=ready
logged 'event=routes-off level=warning .*CAP_NET_ADMIN' || fail "it did not say that routes are off"
check_status "without CAP_NET_ADMIN"
with_routes "routes: prefixes,"
kill -HUP "$daemon_pid"
wait_for 5 "that to be said" logged 'event=config-needs-restart level=warning key=routes'
daemon_stop_cleanly
unprivileged refused +net_raw,+net_bind_service
daemon_wait
same "exit status" 1 "$daemon_status"
logged 'event=start-failed .*CAP_NET_ADMIN' || fail "it did not say what is missing"
