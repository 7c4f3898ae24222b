#!/bin/sh
# SPDX-License-Identifier: ISC
#
# dnsmasq on the same bridge leases too, and is preferred. Where the bridge knows who is where, its
# messages do not come here, but those of the clients that chose it do; where it floods, its own do.
# It is told of once either way and counted; one that is listed is not told of.
#
# rows: Z10
LIMIT=90
NEEDS="dhclient dnsmasq sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

duid=00:02:00:00:00:09:02:00:00:00:00:bd

# configured SERVERS
configured()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - name: lan
		    interface: eth0
		    mode: dhcpv6-stateful
		    prefix: 2001:db8:1::/64
		    dhcp6:
		      servers: $1
		      pools: [{range: "2001:db8:1::1000-2001:db8:1::1fff"}]
	END
}

# port_new NAMESPACE NUMBER: we are on a port of the bridge like the others.
port_new()
{
	ip -n switch link add "to-$1" type veth peer name eth0 netns "$1" \
		address "02:00:00:00:00:0$2"
	in_ns "$1" sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=0
	ip -n switch link set "to-$1" master br0 up
	ip -n "$1" link set eth0 up
	mkdir -p "$T/$1"
}

# chooses GUEST: the guest takes what dnsmasq offers.
chooses()
{
	dhclient_run "$1" || fail "dhclient in $1 got nothing"
	case $(told "$1" BOUND6 new_ip6_address) in
	2001:db8:9:*) ;;
	*) fail "$1 chose us, not who has preference 255" ;;
	esac
}

router_new
for name in switch other g1 g2 g3 g4; do
	ns_new "$name"
done
ip -n switch link add br0 type bridge
ip -n switch link set br0 up
port_new router 1
port_new other 2
port_new g1 3
port_new g2 4
port_new g3 5
port_new g4 6
ip -n other addr add 2001:db8:9::1/64 dev eth0 nodad
in_ns other dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=eth0 --user=root \
	--dhcp-range=2001:db8:9::1000,2001:db8:9::1fff --dhcp-leasefile="$T/dnsmasq.leases" \
	--dhcp-option=option6:7,0xff --dhcp-duid=9,0200000000bd >"$T/dnsmasq.log" 2>&1 &
wait_for 10 "dnsmasq to listen" relay_listens other

configured '[]'
daemon_start
chooses g1
wait_for 5 "the other server to be told of by its client" logged \
	"event=rogue-server .*net=lan link=eth0 duid=$duid type=request client=fe80::ff:fe00:3"
# From here on the bridge is a hub.
ip -n switch link set br0 type bridge ageing_time 0
chooses g2
# What is overheard is read a moment later.
counted()
{
	kill -USR1 "$daemon_pid"
	sleep 0.1
	logged "event=dhcp6-server-counters .*net=lan src=fe80::ff:fe00:2 duid=$duid rogue=1 answers=[2-9].* asked=[2-9]"
}
wait_for 5 "both answers of the other server to be counted" counted
daemon_stop_cleanly
same "times it was told of" 1 "$(logged_times event=rogue-server)"

# Its own messages are enough.
daemon_start
chooses g3
wait_for 5 "the other server to be told of by itself" logged \
	"event=rogue-server .*src=fe80::ff:fe00:2 mac=02:00:00:00:00:02 duid=$duid type=advertise"

# Who is listed is none.
configured "[\"$duid\"]"
kill -HUP "$daemon_pid"
wait_for 10 "the reload" logged event=reloaded
chooses g4
daemon_stop_cleanly
same "times it was told of" 1 "$(logged_times event=rogue-server)"
logged "event=dhcp6-server-counters .*src=fe80::ff:fe00:2 duid=$duid answers=" ||
	fail "who is listed is not counted as such: $(grep server-counters "$daemon_log")"
