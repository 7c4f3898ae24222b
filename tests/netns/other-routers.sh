#!/bin/sh
# SPDX-License-Identifier: ISC
#
# radvd on the same link says something else: it is told of once, counted by its address, and
# nothing is sent against it; a guest hears both.
#
# rows: E6 E8 Z11
LIMIT=60
NEEDS="radvd"
. "${srcdir:-.}/tests/netns/lib.sh"

config_write <<-END
	server: {user: nobody, store: "sqlite:$T/store/leases.db"}
	networks:
	  - interface: br0
	    mode: slaac
	    prefix: 2001:db8:1::/64
	    ra: {interval: {min: 3s, max: 4s}, routers: [], dns: "2001:db8::53"}
END
router_new
bridge_new br0
guest_new g1 br0 1
guest_new g2 br0 2
daemon_start
guest_up g1
guest_up g2
wait_for 20 "an address on g1" guest_has g1 '^2001:db8:1::ff:fe00:1/64$'

in_ns g2 sysctl -qw net.ipv6.conf.all.forwarding=1
cat >"$T/radvd.conf" <<-END
	interface eth0 {
		AdvSendAdvert on;
		MinRtrAdvInterval 3;
		MaxRtrAdvInterval 4;
		AdvManagedFlag on;
		prefix 2001:db8:9::/64 { };
		RDNSS 2001:db8::66 { };
	};
END
chmod 644 "$T/radvd.conf"
in_ns g2 radvd -C "$T/radvd.conf" -p "$T/radvd.pid" -m stderr -n >"$T/radvd.log" 2>&1 &
radvd=$!
wait_for 20 "the other router to be told of" \
	logged 'event=rogue-router .*link=br0 .*src=fe80::ff:fe00:2 lifetime=12'
wait_for 5 "its flags to be told of" \
	logged 'event=ra-inconsistent .*src=fe80::ff:fe00:2 field=managed ours=0 theirs=1'
wait_for 20 "an address of its prefix" guest_has g1 '^2001:db8:9::ff:fe00:1/64$'
wait_for 15 "another advertisement" \
	sh -c "[ \$(grep -c 'event=ra-inconsistent' $daemon_log) -ge 2 ]"
same "times it was told of" 1 "$(logged_times event=rogue-router)"
kill "$radvd"
wait "$radvd" 2>/dev/null || true
daemon_stop_cleanly
logged 'event=ra-router-counters .*src=fe80::ff:fe00:2 rogue=1 advertisements=' ||
	fail "the other router is not counted"
