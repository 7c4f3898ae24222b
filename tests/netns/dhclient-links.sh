#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: U1 P10 I1
#
# One dhclient for two interfaces on two links, with a DUID-LLT: the same DUID and the same IAID on
# both, from two link-layer addresses. Each link gives it an address and confirms it at dhclient's
# restart; what it releases on one link does not touch the other.
LIMIT=90
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
		  - interface: br1
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
	END
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
daemon_start
guest_new g1 br0 1
guest_new g2 br1 2
# The second one's interface moves to the first.
ip -n g2 link set eth0 netns g1 name eth1
# dhclient's IAID is the end of the link-layer address.
ip -n g1 link set eth1 address 02:01:00:00:00:01
in_ns g1 sysctl -qw net.ipv6.conf.eth1.use_tempaddr=0 net.ipv6.conf.eth1.addr_gen_mode=0
guest_up g1
ip -n g1 link set eth1 up
duid_type=LLT

# leases STATE: "IAID ADDRESS" of the two links, in one line.
leases()
{
	db "SELECT group_concat(iaid || ' ' || address, ', ') FROM
		(SELECT * FROM lease WHERE state = '$1' ORDER BY address)"
}

# dhclient comes back when one interface has what it asked for.
bound()
{
	case $(leases active) in
	"1 2001:db8:1:0:"*", 1 2001:db8:2:0:"*) ;;
	*) return 1 ;;
	esac
}

# has_address INTERFACE NETWORK
has_address()
{
	ip -n g1 -6 -o addr show dev "$1" | grep -q "inet6 $2.*/128"
}

# called REASON COUNT: whether dhclient called its script that often.
called()
{
	[ "$(grep -c "^$1\$" "$T/g1/reasons")" -ge "$2" ]
}

dhclient_run g1 eth1 || fail "dhclient got nothing"
wait_for 20 "leases of both links" bound
wait_for 10 "an address on eth0" has_address eth0 2001:db8:1:
wait_for 10 "an address on eth1" has_address eth1 2001:db8:2:
first=$(leases active)
same "DUIDs that the server saw" 1 "$(db "SELECT count(DISTINCT duid) FROM lease")"
case $(db "SELECT DISTINCT duid FROM lease") in
00:01:00:01:*:02:0[01]:00:00:00:01) ;;
*) fail "that is no DUID-LLT: $(db "SELECT DISTINCT duid FROM lease")" ;;
esac

client_kill g1
dhclient_run g1 eth1 || fail "dhclient got nothing at its restart"
wait_for 20 "both leases to be confirmed" called BOUND6 4
same "leases after dhclient's restart" "$first" "$(leases active)"
not logged 'duid-clash' || fail "one client on two links was taken for two"

client_kill g1
dhclient_run g1 -r || fail "dhclient could not release"
wait_for 10 "the address of eth0 to go" not has_address eth0 2001:db8:1:
wait_for 10 "the release in the database" lease_is "$(expr "$first" : '1 \([^,]*\)')" released
same "what is held on the other link" "${first#*, }" "$(leases active)"
daemon_stop_cleanly
