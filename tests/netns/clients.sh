#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: M1 M2 M3 M5 M6 M7 P1
#
# WIDE dhcp6c, dibbler-client, systemd-networkd, NetworkManager and dhcpcd side by side: they get an
# address, a prefix or both, as each asks for; the daemon is killed before they renew, so that their first
# Renews are lost: the Rebinds are answered after its restart (of WIDE, which is slower, the Renew),
# with the same leases; those that release at their end do. networkd looks at its timers so rarely
# that it may rebind at once.
LIMIT=120
NEEDS="dhcp6c dhcpcd dibbler-client NetworkManager dbus-daemon sqlite3 tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-clients.sh"

[ -x "$networkd" ] || skip "needs $networkd"
config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db", log-level: debug}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateful
	    prefixes: [{prefix: "2001:db8:1::/64", preferred: 8s, valid: 60s}]
	    ra: {interval: {min: 3s, max: 4s}, lifetime: 30s}
	    dhcp6:
	      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
	      delegate: [{prefix: "2001:db8:100::/40", length: 56}]
	      rapid-commit: true
	      options: {dns: ["2001:db8::53"], search: [example.org]}
END
router_new
bridge_new br0 2001:db8:1::1/64
listen_start br0
daemon_start

# holds NUMBER PATTERN: whether its leases, with blanks between them, match.
holds()
{
	held "$1" | tr '\n' ' ' | grep -q -e "^$2 \$"
}

holds_nothing()
{
	[ -z "$(held "$1")" ]
}

guests="1 2 3 4 5"
na='NA 2001:db8:1::[1-9a-f][0-9a-f]\{3\}/128'
pd='PD 2001:db8:1[0-9a-f]\{0,2\}:[0-9a-f]*::/56'
for n in $guests; do
	guest_new "g$n" br0 "$n"
	[ "$n" -eq 4 ] || guest_up "g$n"
done
ip -n g5 link add lan up type bridge
dibbler_start g2 ia pd
networkd_start g3
nm_start g4
dhcpcd_start g5 "ia_pd 2 lan/1"
wide_start g1
for n in 1 2 3; do
	wait_for 20 "an address and a prefix of g$n" holds "$n" "$na $pd"
done
wait_for 20 "an address of g4" holds 4 "$na"
wait_for 20 "a prefix of g5" holds 5 "$pd"
for n in $guests; do
	held "$n" >"$T/held.$n"
	[ "$n" -ne 5 ] || continue
	address=$(sed -n 's/^NA //p' "$T/held.$n")
	wait_for 10 "$address in g$n" guest_has "g$n" "^$address\$"
done
not said 4 request || fail "NetworkManager did not take the Rapid Commit"

daemon_stop KILL
listen_anew br0
for n in 2 3 4 5; do
	wait_for 20 "a Renew of g$n" said "$n" 're\(new\|bind\)'
done
daemon_start
for n in 2 3 4 5; do
	wait_for 30 "the answer to the Rebind of g$n" \
		logged "event=lease-renewed .*mac=02:00:00:00:00:0$n "
	said "$n" rebind || fail "g$n sent no Rebind"
done
wait_for 30 "the answer to the Renew of g1" logged "event=lease-renewed .*mac=02:00:00:00:00:01 "
for n in $guests; do
	same "leases of g$n after the daemon's restart" "$(cat "$T/held.$n")" "$(held "$n")"
done

for n in 1 2 3 4; do
	client_stop "g$n" TERM
done
client_stop g5 ALRM
for n in 1 2 5; do
	wait_for 10 "the release of g$n" holds_nothing "$n"
done
daemon_stop_cleanly
