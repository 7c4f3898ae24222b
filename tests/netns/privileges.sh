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
