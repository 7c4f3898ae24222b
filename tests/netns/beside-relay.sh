#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A router that only advertises, with a relay beside it that has port 547 and brings its guests to a
# server further on: the guest has its route from one and its address from the other. DHCPv6 that a
# reload brings takes the port where it may, and else says that a restart is needed, while what was
# advertised goes on.
LIMIT=90
NEEDS="dhclient dhcrelay setpriv sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

ns_new router
ns_new edge
in_ns edge sysctl -qw net.ipv6.conf.all.forwarding=1
cable_new router up0 2001:db8:ff::1/64 edge north 2001:db8:ff::2/64
far_guest_new g1 edge lan0 2001:db8:1::1/64 1
config_write <<-END
	server:
	  user: nobody
	  store: "sqlite:$T/store/leases.db"
	  relays: {interfaces: [up0]}
	networks:
	  - name: one
	    mode: dhcpv6-only
	    prefix: 2001:db8:1::/64
	    relays: [2001:db8:ff::2]
END
daemon_start

# advertises SERVICE: the configuration of the edge.
advertises()
{
	cat >"$T/edge.yaml" <<-END
		server: {user: nobody, store: "sqlite:$T/store/edge.db"}
		networks:
		  - interface: lan0
		    mode: dhcpv6-stateful
		    prefix: 2001:db8:1::/64
		    dhcp6: {service: $1}
	END
}

edge_says()
{
	grep -q "$@" "$T/edge.log"
}

relay_start edge dhcrelay -6 -d --no-pid -l lan0 -u 2001:db8:ff::1%north
advertises off
ip netns exec edge "$SEXTANTD" -c "$T/edge.yaml" >"$T/edge.log" 2>&1 &
edge=$!
wait_for 10 "the edge to advertise" edge_says event=ready
wait_for 10 "a default route" guest_default_route g1
dhclient_run g1 || fail "dhclient got nothing through the relay"
same "leases of the server" 1 "$(sqlite3 "$T/store/leases.db" 'SELECT count(*) FROM lease')"

say "a reload brings DHCPv6, without the right to have the port"
advertises stateful
kill -HUP "$edge"
wait_for 5 "that to be said" edge_says 'event=config-needs-restart level=warning netns=own key=dhcp6 effect=.*restarted'
edge_says event=reloaded || fail "it was not reloaded"
kill "$edge"
wait "$edge" || fail "the edge ended with an error"

say "a start with DHCPv6 says who has the port"
if ip netns exec edge "$SEXTANTD" -c "$T/edge.yaml" >"$T/edge.log" 2>&1; then
	fail "it started beside the relay"
fi
edge_says 'event=start-failed .*another DHCPv6 server or relay' || fail "it did not say why"

say "where namespaces come and go the rights are kept: a reload is enough"
# in_pattern SERVICE
in_pattern()
{
	advertises "$1"
	sed -i 's/- interface: lan0/- netns: "e*"\n    interface: lan0/' "$T/edge.yaml"
}
in_pattern off
"$SEXTANTD" -c "$T/edge.yaml" >"$T/edge.log" 2>&1 &
edge=$!
wait_for 10 "the edge to advertise" edge_says event=ready
in_pattern stateful
kill -HUP "$edge"
wait_for 5 "the port to be in use" edge_says 'event=namespace-failed level=error netns=edge .*port 547'
relay_stop
kill -HUP "$edge"
wait_for 5 "the port to be had" relay_listens edge
kill "$edge"
wait "$edge" || fail "the edge ended with an error"
daemon_stop_cleanly
