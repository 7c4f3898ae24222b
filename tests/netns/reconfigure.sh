#!/bin/sh
# SPDX-License-Identifier: ISC
#
# dibbler-client accepts Reconfigures: it is called back when its prefix changes by a reload, and by
# a daemon that was killed and started with another prefix, which knows the path and the key from the
# store alone. It checks the digest, renews, and gives up the old address for a new one.
#
# rows: M10 K1 K2 K3 K5 R18 I14
LIMIT=120
NEEDS="dibbler-client sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-clients.sh"

# configured PREFIX
configured()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - name: lan
		    interface: br0
		    mode: dhcpv6-stateful
		    prefix: $1::/64
		    dhcp6: {preferred: 1h, valid: 2h, reconfigure: true}
	END
}

has_only()
{
	guest_has g1 "^$1:.*/128$" && not guest_has g1 "^$2:.*/128$"
}

# asked N: it took N Reconfigures for good ones.
asked()
{
	[ "$(grep -c 'Received RECONFIGURE, sending RENEW' "$T/g1.client.log")" -eq "$1" ]
}

configured 2001:db8:1
router_new
bridge_new br0
guest_new g1 br0 1
guest_up g1
daemon_start
dibbler_options="reconfigure-accept 1
	auth-protocol reconfigure-key
	auth-methods digest-hmac-md5"
dibbler_start g1 ia
wait_for 30 "an address" guest_has g1 '^2001:db8:1:.*/128$'
same "clients with a key and a path" 1 "$(db "SELECT count(*) FROM lease WHERE
	length(reconfigure_key) = 47 AND reconfigure_path LIKE 'br0 fe80::% 546 ::'")"

configured 2001:db8:2
kill -HUP "$daemon_pid"
wait_for 20 "a Renew after the reload" asked 1
wait_for 20 "an address of the new prefix alone" has_only 2001:db8:2 2001:db8:1

kill -9 "$daemon_pid"
wait "$daemon_pid" 2>/dev/null || true
configured 2001:db8:3
daemon_start
wait_for 20 "a Renew after the restart" asked 2
wait_for 20 "an address of the third prefix alone" has_only 2001:db8:3 2001:db8:2
daemon_stop_cleanly
