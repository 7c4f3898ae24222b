#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What keeps the daemon from starting: each with its exit status and a sentence that helps.
LIMIT=60
NEEDS="setpriv sqlite3"
. "${srcdir:-.}/tests/netns/lib.sh"

router_new
bridge_new br0 2001:db8:1::1/64

# refused STATUS PATTERN COMMAND...: how a start by COMMAND, in the namespace $where, ends.
where=router
refused()
{
	refused_status=$1 refused_pattern=$2
	shift 2
	daemon_status=0
	in_ns "$where" timeout -k 5 20 "$@" "$SEXTANTD" -c "$T/sextant.yaml" >"$T/refused.log" 2>&1 ||
		daemon_status=$?
	same "exit status ($refused_pattern)" "$refused_status" "$daemon_status"
	grep -q "$refused_pattern" "$T/refused.log" || fail "it does not say '$refused_pattern'"
	not grep -q event=ready "$T/refused.log" || fail "it said it was ready"
}

# good [STORE [USER]]
good()
{
	config_write <<-END
		server: {user: ${2-nobody}, store: "${1-sqlite:$T/store/leases.db}"}
		networks:
		  - interface: br0
		    prefix: 2001:db8:1::/64
		    mode: dhcpv6-stateful
		    dhcp6: {pools: [{range: "2001:db8:1::1000-2001:db8:1::ffff"}]}
	END
}

good
echo 'what: is this' >>"$T/sextant.yaml"
refused 2 'sextant.yaml:7:1: ' env
not test -e "$T/store/leases.db" || fail "a bad configuration made a store"

rm "$T/sextant.yaml"
refused 2 'sextant.yaml.*No such file' env

good "sqlite:$T/no-such-directory/at/all/leases.db"
refused 1 "$T/no-such-directory/at/all" env

good "sqlite:$T/store/leases.db" no-such-user
refused 1 'no-such-user' env

good
refused 1 'CAP_NET' setpriv --reuid nobody --regid nogroup --clear-groups \
	--inh-caps=-all --bounding-set=-all

# A database that is not ours, and one of a schema to come, are left as they are.
sqlite3 "$T/store/other.db" 'CREATE TABLE shopping (item); PRAGMA user_version = 7;'
good "sqlite:$T/store/other.db"
refused 1 "$T/store/other.db" env
same "tables of the other database" shopping \
	"$(sqlite3 "$T/store/other.db" 'SELECT group_concat(name) FROM sqlite_schema')"
echo 'this is not a database, and it is long enough to be looked at as one' >"$T/store/text.db"
good "sqlite:$T/store/text.db"
refused 1 "$T/store/text.db" env

# A second one on the same links, and one elsewhere with the same leases.
good
daemon_start
refused 1 'port 547' env
ns_new elsewhere
where=elsewhere
refused 1 "$T/store/leases.db" env
alive "$daemon_pid" || fail "the first daemon did not survive the second one"
daemon_stop_cleanly

# A row that contradicts another is named, and nobody's address is given away on its account.
where=router
edit()
{
	sqlite3 "$T/store/leases.db" "$1"
}

edit "INSERT INTO network VALUES (1, 'br0') ON CONFLICT DO NOTHING"
net=$(db "SELECT id FROM network WHERE name = 'br0'")
for row in 41 42; do
	edit "INSERT INTO lease (id, network, kind, address, length, duid, iaid, state, preferred,
		valid, since) VALUES ($row, $net, 'NA', '2001:db8:1::1000', 128,
		'00:03:00:01:02:00:00:00:00:$row', 1, 'active', 60, 120, 0)"
done
refused 1 'event=lease-refused.*row=42 .*an earlier row holds the same address' env
refused 1 'event=start-failed.*correct or delete it' env
same "rows that are still there" 2 "$(db 'SELECT count(*) FROM lease')"
edit "DELETE FROM lease WHERE id = 42"
daemon_start
daemon_stop_cleanly
