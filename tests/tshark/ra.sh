#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every option of a Router Advertisement, as tshark reads it: a dissector that is not ours must see
# what was configured, and nothing malformed.
#
# rows: N4 S30
set -eu

command -v tshark >/dev/null || { echo "skipped: needs tshark"; exit 77; }
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

cat >"$T/c.yaml" <<'YAML'
networks:
  - interface: eth0
    ra:
      managed: true
      other: true
      preference: high
      hop-limit: 63
      lifetime: 1801s
      reachable-time: 30s
      retrans-time: 1500ms
      mtu: 1450
      advertisement-interval: true
      interval: {max: 600s}
      expanded-flags: "000000000001"
      dns: [2001:db8::53, "fe80::1"]
      dns-lifetime: 1802s
      search: [example.org, a.example]
      search-lifetime: 1803s
      routes:
        - {prefix: "2001:db8:5::/48", preference: low, lifetime: 1804s}
      pref64: [{prefix: "64:ff9b::/96", lifetime: 1800s}]
      captive-portal: https://x.example/api
      encrypted-dns: [{name: d.example, addresses: [2001:db8::853], service: "alpn=dot"}]
    prefixes:
      - {prefix: "2001:db8:1::/64", autonomous: false, preferred: 4h, valid: 1d}
      - {prefix: "2001:db8:2::/64", on-link: false, pd-preferred: true, preferred: 1h, valid: 2h}
YAML
"${RA_PCAP:=tests/tshark/ra_pcap}" "$T/c.yaml" >"$T/ra.pcap"

# The field and what all options together say in it, in their order.
cat >"$T/want" <<'FIELDS'
frame.number 1
_ws.malformed 
icmpv6.checksum.status 1
ipv6.hlim 255
icmpv6.type 134
icmpv6.nd.ra.cur_hop_limit 63
icmpv6.nd.ra.flag.m 1
icmpv6.nd.ra.flag.o 1
icmpv6.nd.ra.flag.prf 1
icmpv6.nd.ra.flag.rsv 0
icmpv6.nd.ra.router_lifetime 1801
icmpv6.nd.ra.reachable_time 30000
icmpv6.nd.ra.retrans_timer 1500
icmpv6.opt.src_linkaddr 02:00:5e:10:00:01
icmpv6.opt.mtu 1450
icmpv6.opt.advertisement_interval 600000
icmpv6.opt.prefix 2001:db8:1::,2001:db8:2::,2001:db8:5::
icmpv6.opt.prefix.length 64,64,48
icmpv6.opt.prefix.flag.l 1,0
icmpv6.opt.prefix.flag.a 0,1
icmpv6.opt.prefix.flag 0x80,0x50
icmpv6.opt.prefix.valid_lifetime 86400,7200
icmpv6.opt.prefix.preferred_lifetime 14400,3600
icmpv6.opt.route_info.flag.route_preference 3
icmpv6.opt.route_lifetime 1804
icmpv6.opt.rdnss 2001:db8::53,fe80::1
icmpv6.opt.rdnss.lifetime 1802
icmpv6.opt.dnssl example.org,a.example
icmpv6.opt.dnssl.lifetime 1803
icmpv6.opt.pref64.scaled_lifetime 225
icmpv6.opt.pref64.plc 0x0000
icmpv6.opt.pref64.prefix 64:ff9b::
icmpv6.opt.captive_portal https://x.example/api
icmpv6.opt.type 1,5,7,26,3,3,24,25,31,38,37,144
FIELDS
set --
while read -r name _; do
	set -- "$@" -e "$name"
done <"$T/want"
tshark -n -r "$T/ra.pcap" -T fields -E separator=/t -E aggregator=, "$@" >"$T/values" 2>"$T/err" || {
	cat "$T/err"
	exit 1
}
tr '\t' '\n' <"$T/values" >"$T/lines"
cut -d' ' -f1 "$T/want" | paste -d' ' - "$T/lines" >"$T/got"
diff -u "$T/want" "$T/got"
