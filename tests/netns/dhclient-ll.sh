#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: U4 U7 I15 I16 M4 M7
#
# dhclient -6 -D LL keeps its address: after its own restart, after kill -9 and restart of the
# daemon, after release; and it is in the database each time.
LIMIT=120
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    dhcp6:
	      pools: [{range: "2001:db8:1::1000-2001:db8:1::1fff"}]
	      options: {dns: ["2001:db8::53"], search: [example.org]}
	    hosts:
	      - {name: by-mac, mac: "02:00:00:00:00:02", address: "2001:db8:1::a2"}
	      - {name: by-duid, duid: "00:03:00:01:02:00:00:00:00:03", address: "2001:db8:1::a3"}
END
router_new
bridge_new br0 2001:db8:1::1/64
daemon_start

# boot NAME NUMBER: a guest without any memory; leaves its address in $address.
boot()
{
	guest_new "$1" br0 "$2"
	guest_up "$1"
	dhclient_run "$1" || fail "dhclient in $1 got nothing"
	address=$(told "$1" BOUND6 new_ip6_address)
	guest_has "$1" "^$address/128\$" || fail "$1 was told $address and has $(guest_addresses "$1")"
	same "the lease of $address" active "$(lease_state "$address")"
}

boot g1 1
first=$address
server=$(told g1 BOUND6 new_dhcp6_server_id)
case $first in
2001:db8:1::1???) ;;
*) fail "$first is not from the pool" ;;
esac
same "addresses of g1" "$first/128" "$(guest_addresses g1)"
same "DNS server" 2001:db8::53 "$(told g1 BOUND6 new_dhcp6_name_servers)"
same "search list" example.org. "$(told g1 BOUND6 new_dhcp6_domain_search)"
wait_for 10 "a default route" guest_default_route g1
in_ns g1 ping -6 -n -q -c 1 -W 5 2001:db8:1::1 >/dev/null || fail "g1 cannot reach the router"
same "DUID in the database" 00:03:00:01:02:00:00:00:00:01 \
	"$(db "SELECT duid FROM lease WHERE address = '$first'")"

guest_del g1
boot g1 1
same "address after the guest's restart" "$first" "$address"

daemon_stop KILL
daemon_start
guest_del g1
boot g1 1
same "address after kill -9 of the daemon" "$first" "$address"
same "the server's DUID after kill -9" "$server" "$(told g1 BOUND6 new_dhcp6_server_id)"

# A client that remembers its lease asks whether it is still on the link (Confirm).
client_kill g1
rm "$T/g1/BOUND6"
dhclient_run g1 || fail "dhclient did not get its lease confirmed"
guest_has g1 "^$first/128\$" || fail "the address is gone after Confirm"

dhclient_run g1 -r || fail "dhclient could not release"
wait_for 5 "the release in the database" lease_is "$first" released
not guest_has g1 "^$first/128\$" || fail "the address is still there after its release"
guest_del g1
boot g1 1
same "address after release" "$first" "$address"

daemon_stop_cleanly
daemon_start
guest_del g1
boot g1 1
same "address after a clean restart of the daemon" "$first" "$address"

boot g2 2
same "address reserved by MAC" 2001:db8:1::a2 "$address"
boot g3 3
same "address reserved by DUID" 2001:db8:1::a3 "$address"
same "active leases" 3 "$(db "SELECT count(*) FROM lease WHERE state = 'active'")"
daemon_stop_cleanly
