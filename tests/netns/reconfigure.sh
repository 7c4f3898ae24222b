#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: M10 K1 K2 K3 K4 K5 K6
#
# dibbler-client accepts Reconfigures and checks their digests. When the network gets another prefix,
# it is asked, renews at once and moves to an address there; so it does after kill -9 of the daemon,
# which kept its key and asks with a higher replay value.
LIMIT=60
NEEDS="dibbler-client sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-clients.sh"

# prefix_is N
prefix_is()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - interface: br0
		    mode: dhcpv6-stateful
		    prefix: 2001:db8:$1::/64
		    dhcp6: {reconfigure: true}
	END
}

# moves N: whether it happens because the daemon asked, and dibbler found the digest right.
moves()
{
	prefix_is "$1"
	kill -HUP "$daemon_pid"
	wait_for 10 "an address of the new prefix" guest_has g1 "^2001:db8:$1:.*/128\$"
	wait_for 10 "the old address to go" not guest_has g1 "^2001:db8:$(($1 - 1)):"
	logged "event=reconfigure .*type=5 .*try=1" || fail "dibbler was not asked"
	same "Reconfigures that dibbler took" "$(($1 - 1))" \
		"$(grep -c 'Received RECONFIGURE, sending RENEW' "$T/g1.client.log")"
}

prefix_is 1
router_new
bridge_new br0
guest_new g1 br0 1
guest_up g1
daemon_start
dibbler_more='auth-protocol reconfigure-key
auth-replay monotonic
auth-methods digest-hmac-md5
reconfigure-accept 1'
dibbler_start g1 ia
wait_for 20 "an address" guest_has g1 '^2001:db8:1:.*/128$'
same "the key in the database" \
	"$(sed -n 's/.*Received reconfigure-key \([0-9a-f:]\{47\}\).*/\1/p' "$T/g1.client.log")" \
	"$(db "SELECT reconfigure_key FROM lease")"

say "another prefix"
moves 2
say "another one, after a crash"
daemon_stop KILL
daemon_start
moves 3
client_stop g1 TERM
daemon_stop_cleanly
