#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: C1 C9 M9 Z14
#
# Clients that want less than others, or what is no longer given. Where the advertisement says O alone,
# networkd, NetworkManager, WIDE dhcp6c, dibbler-client and dhcpcd ask for settings: each is told the
# DNS server, and nothing is stored. With M, dhclient asks for an IA_TA beside its IA_NA, and dhcpcd
# hides what it can (RFC 7844): both get an address.
LIMIT=60
NEEDS="dhclient dhcpcd dhcp6c dibbler-client NetworkManager dbus-daemon sqlite3 tcpdump"
. "${srcdir:-.}/tests/netns/lib.sh"
. "${srcdir:-.}/tests/netns/lib-clients.sh"

[ -x "$networkd" ] || skip "needs $networkd"
config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: dhcpv6-stateless
	    prefix: 2001:db8:1::/64
	    dhcp6: {options: {dns: ["2001:db8::53"]}}
	  - interface: br1
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:2::/64
END
router_new
bridge_new br0 2001:db8:1::1/64
bridge_new br1 2001:db8:2::1/64
listen_start br0 br1
daemon_start
for n in 1 2 3 4 5; do
	guest_new "g$n" br0 "$n"
	[ "$n" -eq 2 ] || guest_up "g$n"
done
for n in 6 7; do
	guest_new "g$n" br1 "$n"
	guest_up "g$n"
done
networkd_start g1
nm_start g2
wide_ask g3
dibbler_start g4
dhcpcd_start g5 "option dhcp6_name_servers"
dhcpcd_start g7 anonymous "ia_na 1"
dhclient_run g6 -N -T || fail "dhclient that asks for an IA_TA too got nothing"

for n in 1 2 3 4 5; do
	wait_for 20 "settings for g$n" was_told "$n" 'reply.*DNS-server 2001:db8::53'
	said "$n" inf-req || fail "g$n did not ask for settings"
	not said "$n" solicit || fail "g$n asked for an address"
	not guest_has "g$n" '/128$' || fail "g$n was given an address"
done
said 6 'solicit.*IA_TA' br1 || fail "dhclient asked for no IA_TA"
not was_told 6 '.*IA_TA' br1 || fail "dhclient was told of its IA_TA"
for n in 6 7; do
	wait_for 20 "an address of g$n" guest_has "g$n" '^2001:db8:2:.*/128$'
done
not said 7 '.*vendor-class' br1 || fail "dhcpcd told what it is"
same "what is stored" 2 "$(db "SELECT count(*) FROM lease")"
daemon_stop_cleanly
