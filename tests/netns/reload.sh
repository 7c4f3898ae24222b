#!/bin/sh
# SPDX-License-Identifier: ISC
# rows: S13
#
# SIGHUP: a bad file changes nothing and says why, a good one replaces the configuration whole;
# leases are kept.
LIMIT=90
NEEDS="dhclient rdisc6 sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

# config DNS PREFERRED
config()
{
	config_write <<-END
		server: {user: nobody, store: "sqlite:$T/store/leases.db"}
		networks:
		  - interface: br0
		    mode: dhcpv6-stateful
		    prefixes: [{prefix: "2001:db8:1::/64", preferred: $2, valid: 2h}]
		    ra: {dns: ["$1"]}
		    dhcp6:
		      pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]
		      options: {dns: ["$1"]}
	END
}

# dns_is ADDRESS: in the next advertisement.
dns_is()
{
	in_ns g1 rdisc6 -1 -w 5000 eth0 | grep -q "Recursive DNS server  *: *$1\$"
}

config 2001:db8::53 1h
router_new
bridge_new br0 2001:db8:1::1/64
guest_new g1 br0 1
daemon_start
guest_up g1
dhclient_run g1 || fail "dhclient got nothing"
address=$(told g1 BOUND6 new_ip6_address)
dns_is 2001:db8::53 || fail "the first configuration is not advertised"

# Preferred above valid, and a key that does not exist: both are said, with line and column.
config 2001:db8::99 3h
echo 'netwroks: []' >>"$T/sextant.yaml"
kill -HUP "$daemon_pid"
wait_for 10 "why the file is not taken" logged 'sextant.yaml:5:.*preferred'
wait_for 10 "the unknown key" logged 'sextant.yaml:10:1: .*networks'
dns_is 2001:db8::53 || fail "a bad file changed the advertisements"
client_kill g1
dhclient_run g1 || fail "a bad file stopped DHCPv6"
same "address after a bad file" "$address/128" "$(guest_addresses g1)"

config 2001:db8::54 30m
kill -HUP "$daemon_pid"
wait_for 10 "the reload" logged event=reloaded
wait_for 10 "the new DNS server in an advertisement" dns_is 2001:db8::54
client_kill g1
rm "$T/g1/dhclient.leases"
dhclient_run g1 || fail "dhclient got nothing after the reload"
same "DNS server after the reload" 2001:db8::54 "$(told g1 BOUND6 new_dhcp6_name_servers)"
same "preferred lifetime after the reload" 1800 "$(told g1 BOUND6 new_preferred_life)"
same "address after the reload" "$address" "$(told g1 BOUND6 new_ip6_address)"

# What is odd but good is a warning, and all that needs a restart is named.
config 2001:db8::54 30m
sed -i -e 's/user: nobody/user: root/' -e 's/leases.db/other.db/' \
	-e 's/ra: {dns/ra: {managed: false, dns/' "$T/sextant.yaml"
kill -HUP "$daemon_pid"
wait_for 10 "the store" logged 'event=config-needs-restart level=warning key=server.store'
wait_for 10 "the user" logged 'event=config-needs-restart level=warning key=server.user'
logged 'event=config-message level=warning .*M is off' || fail "a warning is not logged as one"

# It is said as long as it is so, and no longer.
reloads()
{
	[ "$(logged_times event=reloaded)" -eq "$1" ]
}
wait_for 10 "the reload" reloads 2
kill -HUP "$daemon_pid"
wait_for 10 "the reload" reloads 3
same "times that keys need a restart" 4 "$(logged_times event=config-needs-restart)"
config 2001:db8::54 30m
kill -HUP "$daemon_pid"
wait_for 10 "the reload" reloads 4
same "times that keys need a restart" 4 "$(logged_times event=config-needs-restart)"

# A file that vanished is a bad file.
mv "$T/sextant.yaml" "$T/elsewhere"
kill -HUP "$daemon_pid"
wait_for 10 "that the file is missing" logged 'sextant.yaml.*No such file'
dns_is 2001:db8::54 || fail "a missing file changed the advertisements"
daemon_stop_cleanly
