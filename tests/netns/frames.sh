#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Frames that no kernel sends of its own: a solicitation from nowhere is answered to all and leaves
# no neighbour behind; one that says who sends it makes a neighbour that is no router; a message to
# the group of servers is answered however its frame was addressed. What we send has no extension
# headers, so switches that look at advertisements and answers let it pass.
#
# rows: E4 G11 Z12
LIMIT=60
. "${srcdir:-.}/tests/netns/lib.sh"

frame()
{
	in_ns guest "$NETNS_BIN/frame" eth0 "$@"
}

neighbours()
{
	ip -n router -6 neigh show dev tap0 | grep -i '02:00:00:00:00:05'
}

router_new
ns_new guest
ip -n router link add tap0 address 02:00:00:00:ff:01 type veth \
	peer name eth0 netns guest address 02:00:00:00:00:05
# The kernel of the guest says nothing.
in_ns guest sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=1 net.ipv6.conf.eth0.router_solicitations=0
ip -n router link set tap0 up
ip -n guest link set eth0 up
config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - name: lan
	    interface: tap0
	    mode: dhcpv6-stateful
	    prefix: 2001:db8:1::/64
END
daemon_start

# RFC 4861 section 6.2.6: nothing can be learnt from ::.
answer=$(frame 33:33:00:00:00:02 :: ff02::2 58 8500000000000000) || fail "no answer to ::"
[ "$answer" = "next-header=58 hop-limit=255 type=134" ] || fail "answered $answer"
not neighbours || fail "a neighbour was made of nothing: $(neighbours)"

# One that says its address is a neighbour for the kernel, and never a router.
ip -n guest addr add fe80::5/64 dev eth0 nodad
answer=$(frame 33:33:00:00:00:02 fe80::5 ff02::2 58 85000000000000000101020000000005) ||
	fail "no answer to fe80::5"
[ "$answer" = "next-header=58 hop-limit=255 type=134" ] || fail "answered $answer"
wait_for 5 "the neighbour" neighbours
case $(neighbours) in
*router*) fail "a host became a router: $(neighbours)" ;;
esac

# A Solicit in a frame to us alone, to the group that all servers are in.
solicit=01000001000100 solicit=${solicit}0a00030001020000000005 solicit=${solicit}0003000c000000010000000000000000
length=$(printf '%04x' $((8 + ${#solicit} / 2)))
answer=$(frame 02:00:00:00:ff:01 fe80::5 ff02::1:2 17 "02220223${length}0000$solicit") ||
	fail "no answer to a Solicit in a frame to us"
case $answer in
"next-header=17 hop-limit="*" type=2") ;;
*) fail "answered $answer" ;;
esac
