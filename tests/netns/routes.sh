#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: P8 P9 H7 H8
#
# Routes follow delegated prefixes: traffic from elsewhere reaches an address in the prefix of a
# dhclient -P as soon as that has it, across a stop, a kill -9, a lost interface and a lost route;
# what is not delegated is unreachable; what is released, stale or taken out of the configuration
# is gone; routes of others stay as they are.
LIMIT=150
NEEDS="dhclient sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - interface: br0
		    mode: dhcpv6-stateful
		    prefix: 2001:db8:1::/64
		    ra: {interval: {min: 3s, max: 4s}}
		    dhcp6:
		      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
		      delegate: [{prefix: "$1", length: 56}]
		      preferred: ${2-1h}
		      valid: ${2-2h}
	END
}

ours()
{
	ip -n router -6 route show proto 83 "$@"
}

# has_route PREFIX WORDS: exactly this route of ours is there.
has_route()
{
	[ "$(ours "$1" | sed 's/ *pref medium//; s/ *$//')" = "$2" ]
}

no_route()
{
	[ -z "$(ours "$1")" ]
}

# The link-local address of a guest.
own()
{
	ip -n "$1" -6 -o addr show dev eth0 scope link | awk '{sub("/.*", "", $4); print $4; exit}'
}

# Another network, from which all of the documentation prefix is reached by the router.
router_new
bridge_new br0 2001:db8:1::1/64
ns_new far
cable_new router up0 2001:db8:ff::1/64 far eth0 2001:db8:ff::2/64
ip -n far -6 route add 2001:db8::/32 via 2001:db8:ff::1
ip -n router -6 route add default via 2001:db8:ff::2 dev up0
reaches()
{
	in_ns far ping -6 -n -q -c 1 -W 1 "$1" >/dev/null
}

# Stale ones of ours, and others' that only look alike.
ip -n router -6 route add 2001:db8:100:ff00::/56 via fe80::dead dev br0 proto 83
ip -n router -6 route add unreachable 2001:db8:9::/48 proto 83
ip -n router -6 route add 2001:db8:100:fe00::/56 via fe80::beef dev up0 proto static
foreign=$(ip -n router -6 route show proto static)

config 2001:db8:100::/40
daemon_start
wait_for 5 "the stale routes to go" no_route 2001:db8:100:ff00::/56
wait_for 5 "the stale unreachable route to go" no_route 2001:db8:9::/48
wait_for 5 "the rest to be unreachable" has_route 2001:db8:100::/40 \
	"unreachable 2001:db8:100::/40 dev lo metric 2147483647"

# boot NAME NUMBER: leaves its prefix in $prefix and an address of it in $inside.
boot()
{
	guest_new "$1" br0 "$2"
	guest_up "$1"
	dhclient_run "$1" -P || fail "dhclient -P in $1 got nothing"
	prefix=$(cat "$T/$1"/BOUND6* | sed -n 's/^new_ip6_prefix=//p')
	inside=${prefix%/*}77
	ip -n "$1" addr add "$inside/128" dev lo
	# One that stays when the daemon says that it is no router any longer.
	ip -n "$1" -6 route add default via fe80::ff:fe00:ff01 dev eth0 metric 5
}

boot g1 1
first=$prefix first_inside=$inside
want="$first via $(own g1) dev br0 metric 1024"
wait_for 2 "the route to $first" has_route "$first" "$want"
wait_for 5 "$first_inside to be reached" reaches "$first_inside"
boot g2 2
second=$prefix
wait_for 2 "the route to $second" has_route "$second" "$second via $(own g2) dev br0 metric 1024"
in_ns far ping -6 -n -c 1 -W 2 2001:db8:1ff::1 >"$T/unreachable.log" 2>&1 || true
grep -q -i 'unreachable' "$T/unreachable.log" || fail "an unused prefix is not unreachable"

# A neighbour that does not answer keeps its route.
ip -n g2 link set eth0 down
in_ns router ip -6 neigh flush dev br0
has_route "$second" "$second via fe80::ff:fe00:2 dev br0 metric 1024" || fail "the route went"
ip -n g2 link set eth0 up

# A stop and a kill -9 leave routes as they are.
daemon_stop_cleanly
has_route "$first" "$want" || fail "the stop took the route away"
reaches "$first_inside" || fail "not reached without the daemon"
daemon_start
daemon_stop KILL
ip -n router -6 route flush proto 83
ip -n router -6 route add "$first" via fe80::bad dev br0 proto 83
daemon_start
wait_for 5 "the route to be mended" has_route "$first" "$want"
wait_for 5 "the other one to come back" has_route "$second" \
	"$second via fe80::ff:fe00:2 dev br0 metric 1024"
reaches "$first_inside" || fail "not reached after the start"

# Somebody takes it away.
ip -n router -6 route del "$first"
wait_for 5 "the route to be made again" has_route "$first" "$want"

# The interface goes down, and up; and is made again.
ip -n router link set br0 down
wait_for 5 "the kernel to drop the route" no_route "$first"
ip -n router link set br0 up
wait_for 10 "the route after the interface was down" has_route "$first" "$want"
# The same where the kernel says nothing of routes that go.
in_ns router sysctl -qw net.ipv6.route.skip_notify_on_dev_down=1
ip -n router link set br0 down
wait_for 5 "the kernel to drop the route" no_route "$first"
ip -n router link set br0 up
wait_for 10 "the route that nobody spoke of" has_route "$first" "$want"
in_ns router sysctl -qw net.ipv6.route.skip_notify_on_dev_down=0
ip -n router link del br0
wait_for 5 "the kernel to drop the route" no_route "$first"
bridges=0
bridge_new br0 2001:db8:1::1/64
ip -n router link set to-g1 master br0
ip -n router link set to-g2 master br0
wait_for 10 "the route on the new interface" has_route "$first" "$want"
wait_for 10 "$first_inside to be reached" reaches "$first_inside"
not logged event=route-failed || fail "something failed on the way"

# Released: it goes, and comes back with the lease, by another link-local address.
client_kill g1
dhclient_run g1 -r -P || fail "dhclient could not release"
wait_for 5 "the released route to go" no_route "$first"
guest_del g1
guest_new g1 br0 7
guest_up g1
dhclient_run g1 -P || fail "dhclient -P in g1 got nothing"
prefix=$(cat "$T/g1"/BOUND6* | sed -n 's/^new_ip6_prefix=//p')
wait_for 5 "the route by the new address" has_route "$prefix" \
	"$prefix via fe80::ff:fe00:7 dev br0 metric 1024"

# Somebody else's route is in the way: said once, and ours is there when it has gone.
client_kill g2
dhclient_run g2 -r -P || fail "dhclient could not release"
wait_for 5 "the released route to go" no_route "$second"
ip -n router -6 route add "$second" via fe80::beef dev br0 proto static
guest_del g2
boot g2 2
same "prefix of g2" "$second" "$prefix"
wait_for 10 "that to be said" logged "event=route-failed .*prefix=$second"
[ "$(ip -n router -6 route show "$second" proto static)" ] || fail "a foreign route went"
no_route "$second" || fail "beside the route of somebody else"
ip -n router -6 route del "$second" proto static
wait_for 20 "the route in its place" has_route "$second" \
	"$second via fe80::ff:fe00:2 dev br0 metric 1024"
same "how often it was said" 1 "$(logged_times event=route-failed)"
wait_for 10 "that to be said" logged event=routes-recovered

# Another pool: the rest follows at once, what is leased stays until it ends.
config 2001:db8:200::/40
kill -HUP "$daemon_pid"
wait_for 5 "the old rest to go" no_route 2001:db8:100::/40
wait_for 5 "the new rest" has_route 2001:db8:200::/40 \
	"unreachable 2001:db8:200::/40 dev lo metric 2147483647"
has_route "$second" "$second via fe80::ff:fe00:2 dev br0 metric 1024" || fail "the lease lives"

# A lease that runs out takes its route along; the others stay.
config 2001:db8:200::/40 4s
kill -HUP "$daemon_pid"
boot g3 3
wait_for 5 "the route of a short lease" has_route "$prefix" \
	"$prefix via fe80::ff:fe00:3 dev br0 metric 1024"
client_kill g3
wait_for 15 "the route to go with the lease" no_route "$prefix"
has_route "$second" "$second via fe80::ff:fe00:2 dev br0 metric 1024" || fail "the lease lives"

same "routes of others" "$foreign" "$(ip -n router -6 route show proto static)"
daemon_stop_cleanly
