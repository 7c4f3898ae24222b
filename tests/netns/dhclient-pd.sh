#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: P1 M3
#
# dhclient -6 -P gets a delegated prefix, the same one again after its own restart and after
# kill -9 of the daemon; with -N -P an address and a prefix in one exchange; a router that asks for
# a length gets that length.
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
	      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
	      delegate: [{prefix: "2001:db8:100::/40", length: 56}]
	    hosts:
	      - {name: site, duid: "00:03:00:01:02:00:00:00:00:03", delegate: ["2001:db8:f00::/48"]}
END
router_new
bridge_new br0 2001:db8:1::1/64
daemon_start

# boot NAME NUMBER ARGUMENT...: leaves its prefix in $prefix.
boot()
{
	boot_name=$1
	guest_new "$1" br0 "$2"
	guest_up "$1"
	shift 2
	dhclient_run "$boot_name" "$@" || fail "dhclient $* in $boot_name got nothing"
	prefix=$(cat "$T/$boot_name"/BOUND6* | sed -n 's/^new_ip6_prefix=//p')
	same "the lease of $prefix" active "$(lease_state "${prefix%/*}")"
}

boot g1 1 -P
first=$prefix
case $first in
# Without leading zeros: 1ab:cd00, 1ab:d00 for 1ab:0d00, 1ab: for 1ab:0000.
2001:db8:1??:??00::/56 | 2001:db8:1??:?00::/56 | 2001:db8:1??::/56) ;;
*) fail "$first is not one of the /56 of 2001:db8:100::/40" ;;
esac
same "what is in the database" "PD|56|00:03:00:01:02:00:00:00:00:01" \
	"$(db "SELECT kind, length, duid FROM lease WHERE address = '${first%/*}'")"

guest_del g1
boot g1 1 -P
same "prefix after the guest's restart" "$first" "$prefix"
daemon_stop KILL
daemon_start
guest_del g1
boot g1 1 -P
same "prefix after kill -9 of the daemon" "$first" "$prefix"
dhclient_run g1 -r -P || fail "dhclient could not release"
wait_for 5 "the release in the database" lease_is "${first%/*}" released
guest_del g1
boot g1 1 -P
same "prefix after release" "$first" "$prefix"

boot g2 2 -N -P
[ "$prefix" != "$first" ] || fail "g1 and g2 have one prefix"
guest_has g2 '^2001:db8:1::.*/128$' || fail "g2 has no address beside its prefix"

boot g3 3 -P
same "reserved prefix" 2001:db8:f00::/48 "$prefix"
daemon_stop_cleanly
