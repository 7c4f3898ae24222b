#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What a link costs that does nothing: one that is alone in its namespace, which takes sockets and
# leases of its own, as much as one beside others. Below 8 KiB either way, with an advertisement
# sent and the initial ones over or not.
LIMIT=90
NEEDS="sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - {name: alone, netns: "alone-*", interfaces: [guest], mode: dhcpv6-stateful,
	     prefix: 2001:db8:1::/64}
	  - {name: beside, interfaces: ["beside*"], mode: dhcpv6-stateful, prefix: 2001:db8:2::/64}
END
router_new
in_ns router sysctl -qw net.ipv6.conf.default.accept_dad=0
ns_new far
in_ns far sysctl -qw net.ipv6.conf.default.disable_ipv6=1

# alone FIRST LAST: so many namespaces with one link each.
alone()
{
	for i in $(seq "$1" "$2"); do
		ns_new "alone-$i"
		ip -n "alone-$i" link add guest type veth peer name "far$i" netns far
		ip -n "alone-$i" link set guest up
		ip -n far link set "far$i" up
	done
	wait_for 20 "the links to be advertised on" ready "$2" alone@
}

# beside FIRST LAST: so many links in the daemon's namespace.
beside()
{
	for i in $(seq "$1" "$2"); do
		ip -n router link add "beside$i" type veth peer name "off$i" netns far
		ip -n router link set "beside$i" up
		ip -n far link set "off$i" up
	done
	wait_for 20 "the links to be advertised on" ready "$2" beside
}

# ready NUMBER NETWORK
ready()
{
	[ "$(logged_times "event=ra-link-up .*net=$2")" -eq "$1" ]
}

# What is the daemon's own of its memory, in KiB.
memory()
{
	awk '/^RssAnon:/ {print $2}' "/proc/$daemon_pid/status"
}

# cost WHAT: what a link costs of the 60 that came since $before.
cost()
{
	octets=$((($(memory) - before) * 1024 / 60))
	say "$octets octets for each link $1"
	steady_memory "$octets" -lt 8192 || fail "a link $1 costs too much"
}

daemon_start
# The first ones pay for what is allocated once.
alone 1 20
beside 1 20
before=$(memory)
alone 21 80
cost "alone in its namespace"
before=$(memory)
beside 21 80
cost "beside others"
daemon_stop_cleanly
