#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The senders of the SI6 Networks toolkit and of THC-IPv6: malformed, forged, fragmented and too many
# solicitations and advertisements of neighbours and routers, to every address of the router.
# Nothing but counters moves: what hosts are told, their addresses and the leases stay as they were,
# and advertisements keep their distance. Each sender is bounded in number or in time, and only the
# router hears them. The kernel notes every neighbour that solicits or advertises in a table that is
# one for all namespaces: so they are few, for the sake of what else runs on this machine.
#
# rows: E1 E2 E5 E8 E10 Z18
LIMIT=150
NEEDS="dhclient rdisc6 sqlite3 rs6 ra6 ns6 na6 icmp6 atk6-fuzz_ip6 atk6-fake_router26
	atk6-kill_router6"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
	    ra: {routers: [], dns: "2001:db8::53", mtu: 1400}
	    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::1fff"}]}
END
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
guest_new bad br0 2
for port in to-g1 to-bad; do
	ip -n router link set "$port" type bridge_slave isolated on
done
guest_up g1
guest_up bad
daemon_start
wait_for 20 "a default route" guest_default_route g1
# The senders look for a way to the router themselves.
wait_for 20 "a default route in the bad guest" guest_default_route bad
ip -n bad addr add 2001:db8:1::66/64 dev eth0 nodad
dhclient_run g1 || fail "dhclient got nothing"
router=$(bridge_address br0)

solicits()
{
	in_ns g1 rdisc6 -1 -w 5000 eth0 >"$T/told.txt" 2>/dev/null
}

# What hosts are told, the leases, and what the guest has of both.
state()
{
	# The guest cannot send either while the neighbour table is full.
	wait_for 30 "an advertisement" solicits
	grep -v '^Soliciting' "$T/told.txt"
	db "SELECT network, address, duid, iaid, state FROM lease ORDER BY id"
	guest_default_route g1 && echo "default route"
	guest_addresses g1
}

# send COMMAND...: in the bad guest, for a second at most.
send()
{
	status=0
	in_ns bad timeout -s KILL 1 "$@" >"$T/sender.out" 2>&1 </dev/null || status=$?
	echo "$status: $*" >>"$T/senders.txt"
	alive "$daemon_pid" || fail "the daemon ended at: $*"
}

# counter NAME: how much it counted.
counter()
{
	sed -n "s/^event=ra-counters .* $1=\([0-9]*\).*/\1/p" "$daemon_log" | tail -n 1
}

state >"$T/before"
grep -q 'Router lifetime .* 1800' "$T/before" || fail "no advertisement: $(cat "$T/before")"
begin=$(uptime_seconds)

# to ADDRESS LINK-LAYER-ADDRESS: each malformed in its way, from each kind of source.
to()
{
	dst="-i eth0 -d $1 -D $2"
	# shellcheck disable=SC2086 # options
	for from in "" "-s 2001:db8:1::66" "-s $router" "-s ff02::1"; do
		send rs6 $dst $from -e
		send rs6 $dst $from -e -y 8
		send rs6 $dst $from -e -u 64 -H 64
		send ra6 $dst $from -e -t 9000 -m -o -P 2001:db8:bad::/64 -M 1280 -N 600#2001:db8::bad
		send ra6 $dst $from -e -t 0
		send ra6 $dst $from -e -t 9000 -y 16 -f 8 -w 8 -W 8
	done
	# shellcheck disable=SC2086
	for type in 133:0 133:7 134:0 134:1; do
		send icmp6 $dst -c 64 -t $type
		send icmp6 $dst -c 255 -t $type
	done
}

to "$router" 02:00:00:00:ff:01
to ff02::2 33:33:00:00:00:02
send rs6 -i eth0 -d ff02::2 -D 33:33:00:00:00:02 -F 16 -e
send ra6 -i eth0 -d ff02::1 -D 33:33:00:00:00:01 -F 16 -t 1800 -e
send ns6 -i eth0 -d "$router" -t "$router" -F 16 -e
send na6 -i eth0 -d "$router" -t fe80::bad -F 16 -e
send na6 -i eth0 -d ff02::1 -t 2001:db8:1::1000 -o -E 02:00:00:00:00:02
for type in -2 -3 -4; do
	send atk6-fuzz_ip6 -a "$type" eth0 "$router"
	send atk6-fuzz_ip6 -a -x "$type" eth0 ff02::2
done
for evasion in H 1 D O o F; do
	send atk6-fake_router26 -n 1 -E "$evasion" -A 2001:db8:bad::/64 -l 9000 eth0
done
send atk6-kill_router6 eth0 "$router"
send atk6-kill_router6 -HFD eth0 "$router"

seconds=$(($(uptime_seconds) - begin))
state >"$T/after"
diff "$T/before" "$T/after" || fail "something moved"
not logged level=error || fail "an error: $(grep -m 3 level=error "$daemon_log")"
daemon_stop_cleanly
grep -E '^event=(ra|dhcp6|socket)-counters' "$daemon_log"
for what in drop-hop-limit drop-own drop-source advertisements solicitations; do
	[ "$(counter "$what")" -gt 0 ] || fail "no $what: the senders were not heard"
done
# RFC 4861 section 6.2.6: 3 s between two; at the beginning and the end there may be one more.
[ "$(counter multicast)" -le $((seconds / 3 + 10)) ] ||
	fail "$(counter multicast) advertisements to all in $seconds s"
say "$seconds s, $(wc -l <"$T/senders.txt") senders, $(counter advertisements) advertisements"
