#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A router whose uplink has a prefix: a kernel guest gets it with what is left of its lifetimes, and
# sees it deprecated in the moment the uplink has another one, also when the daemon was killed
# meanwhile. A more specific route arrives with its preference; radvdump reads what rdisc6 reads.
#
# rows: S21 S22 S26 S28 V13
LIMIT=90
NEEDS="rdisc6 radvdump sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: slaac
	    ra:
	      interval: {min: 3s, max: 4s}
	      routes: [{prefix: "2001:db8:5::/48", preference: high}]
	    prefixes: [{from-interface: up0, length: 64, subnet: 7}]
END
router_new
bridge_new br0 fd00::1/64
in_ns router ip link add up0 type bridge
in_ns router ip link set up0 up
in_ns router ip addr add 2001:db8:100:aa::1/56 dev up0 valid_lft 4000 preferred_lft 2000 nodad
guest_new g1 br0 1
in_ns g1 sysctl -qw net.ipv6.conf.default.accept_ra_rt_info_max_plen=64 \
	net.ipv6.conf.eth0.accept_ra_rt_info_max_plen=64
daemon_start
guest_up g1

wait_for 20 "an address on g1" guest_has g1 '^2001:db8:100:7:0:ff:fe00:1/64$'
ip -n g1 -6 addr show dev eth0 to 2001:db8:100:7::/64 >"$T/addr.log"
awk '/valid_lft/ {exit !($2 + 0 > 3900 && $2 + 0 <= 4000 && $4 + 0 > 1900 && $4 + 0 <= 2000)}' \
	"$T/addr.log" || fail "lifetimes: $(cat "$T/addr.log")"
route=$(ip -n g1 -6 route show 2001:db8:5::/48)
case $route in
*"via $(bridge_address br0) dev eth0 "*"pref high"*) ;;
*) fail "the route to 2001:db8:5::/48: $route" ;;
esac

is_deprecated()
{
	ip -n g1 -6 addr show dev eth0 deprecated | grep -q "inet6 $1:"
}
not is_deprecated 2001:db8:100:7 || fail "the first address is deprecated too soon"

# The provider gives another prefix.
in_ns router ip addr add 2001:db8:200::1/56 dev up0 nodad
in_ns router ip addr del 2001:db8:100:aa::1/56 dev up0
wait_for 5 "a new address on g1" guest_has g1 '^2001:db8:200:7:0:ff:fe00:1/64$'
wait_for 5 "the old one to be deprecated" is_deprecated 2001:db8:100:7
wait_for 5 "the store to know" \
	sh -c "grep -aq '2001:db8:200:7::/64' $T/store/leases.db $T/store/leases.db-wal"
logged 'event=prefix-gone .*prefix=2001:db8:100:7::/64 preferred=0 valid=0'

# And another while the daemon is dead.
kill -9 "$daemon_pid"
wait "$daemon_pid" 2>/dev/null || true
in_ns router ip addr add 2001:db8:300::1/56 dev up0 nodad
in_ns router ip addr del 2001:db8:200::1/56 dev up0
daemon_start
wait_for 5 "the newest address on g1" guest_has g1 '^2001:db8:300:7:0:ff:fe00:1/64$'
wait_for 5 "the one before to be deprecated" is_deprecated 2001:db8:200:7

in_ns g1 rdisc6 -1 -w 5000 eth0 >"$T/g1.rdisc6.log" || fail "rdisc6 heard nothing"
for prefix in 2001:db8:100:7 2001:db8:200:7 2001:db8:300:7; do
	grep -q "Prefix .*$prefix::/64" "$T/g1.rdisc6.log" || fail "rdisc6 does not see $prefix"
done
in_ns g1 timeout 20 radvdump >"$T/g1.radvdump.log" 2>&1 &
dump=$!
wait_for 15 "radvdump" grep -q '2001:db8:300:7::/64' "$T/g1.radvdump.log"
kill "$dump" 2>/dev/null || true
awk '/prefix 2001:db8:200:7::/ {old = 1} /prefix 2001:db8:300:7::/ {old = 0}
	old && /AdvValidLifetime 0;/ {valid = 1} old && /AdvPreferredLifetime 0;/ {preferred = 1}
	END {exit !(valid && preferred)}' "$T/g1.radvdump.log" || fail "radvdump: lifetimes are not 0"
daemon_stop_cleanly
