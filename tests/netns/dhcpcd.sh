#!/bin/sh
# SPDX-License-Identifier: ISC
#
# dhcpcd, which reads advertisements itself: on a network with M it gets an address and a prefix by
# DHCPv6, the same ones after its restart; on one without M it makes its address itself.
LIMIT=180
NEEDS="dhcpcd sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6:
	      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
	      delegate: [{prefix: "2001:db8:100::/40", length: 56}]
	      options: {dns: ["2001:db8::53"], search: [example.org]}
	  - interface: br1
	    mode: slaac
	    prefix: 2001:db8:2::/64
	    ra: {dns: ["2001:db8::53"]}
END
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
daemon_start

# Writes down what dhcpcd was told, as its own hooks would see it.
cat >"$T/hook" <<-'END'
	#!/bin/sh
	env | sort >"$GUEST_DIR/$reason"
END
chmod +x "$T/hook"

# dhcpcd_start NAME
dhcpcd_start()
{
	cat >"$T/$1/dhcpcd.conf" <<-END
		duid ll
		slaac hwaddr
		script $T/hook
		env GUEST_DIR=$T/$1
		noipv4
		nodev
		option dhcp6_name_servers, dhcp6_domain_search
		interface eth0
		ia_na 1
		ia_pd 2
	END
	ip netns exec "$1" dhcpcd -6 -B -d -f "$T/$1/dhcpcd.conf" eth0 >>"$T/$1.dhcpcd.log" 2>&1 &
	dhcpcd_pid=$!
}

# dhcpcd_ends SECONDS: whether it does within that time.
dhcpcd_ends()
{
	for _ in $(seq "$(($1 * 10))"); do
		alive "$dhcpcd_pid" || return 0
		sleep 0.1
	done
	return 1
}

# dhcpcd 9.4.1 may not hear of a signal that comes while its hook runs: it is told again.
dhcpcd_stop()
{
	for _ in 1 2 3 4; do
		kill -TERM "$dhcpcd_pid" 2>/dev/null || true
		dhcpcd_ends 10 && break
	done
	not alive "$dhcpcd_pid" || fail "dhcpcd does not end"
	wait "$dhcpcd_pid" 2>/dev/null || true
}

# held: "address prefix" of dhcpcd's leases in the store.
held()
{
	db "SELECT group_concat(address || '/' || length, ' ') FROM
		(SELECT * FROM lease WHERE state = 'active' ORDER BY kind)"
}

guest_new g1 br0 1
dhcpcd_start g1
wait_for 30 "an address by dhcpcd" guest_has g1 '^2001:db8:1::[1-9a-f][0-9a-f]\{3\}/128$'
wait_for 10 "dhcpcd's hook" test -e "$T/g1/BOUND6"
first=$(held)
case $first in
"$(guest_addresses g1 | head -n 1) 2001:db8:1"*"/56") ;;
*) fail "the store has '$first', the guest $(guest_addresses g1)" ;;
esac
same "DNS server" 2001:db8::53 "$(told g1 BOUND6 new_dhcp6_name_servers)"
same "search list" example.org "$(told g1 BOUND6 new_dhcp6_domain_search)"
dhcpcd_stop

guest_del g1
guest_new g1 br0 1
dhcpcd_start g1
wait_for 30 "an address after its restart" guest_has g1 '^2001:db8:1::[1-9a-f][0-9a-f]\{3\}/128$'
same "leases after dhcpcd's restart" "$first" "$(held)"
dhcpcd_stop

guest_new g2 br1 2
dhcpcd_start g2
wait_for 30 "an address of its own" guest_has g2 '^2001:db8:2::ff:fe00:2/64$'
wait_for 10 "a default route" sh -c 'ip -n g2 -6 route show default | grep -q via'
wait_for 10 "dhcpcd's hook" test -e "$T/g2/ROUTERADVERT"
grep -q 'rdnss.*2001:db8::53' "$T/g2/ROUTERADVERT" || fail "dhcpcd saw no RDNSS"
dhcpcd_stop
daemon_stop_cleanly
