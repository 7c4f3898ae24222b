#!/bin/sh
# SPDX-License-Identifier: ISC
# The manual has every reason for which packets are dropped, with a sentence. The enumerations say
# which there are; that each is provoked by a test is seen to by test_dhcp6_drop, test_ra_verdict and
# test_net_sockets, and for those of the daemon below.
set -eu
top=${srcdir:-.}
manual=docs/sextantd.8

# enumerators FILE PREFIX: how many reasons the file has.
enumerators()
{
	grep -cE "^	$2_[A-Z0-9_]+," "$top/$1"
}

# items EVENT: the names in the manual's lists of the event, one a line.
items()
{
	awk -v event=".Li event=$1 :" '
		$0 == event { on = 1 }
		$1 == ".El" { on = 0 }
		on && $1 == ".It" { print $3 }' "$manual"
}

# listed EVENT COUNT: the manual has so many of the event, each with a sentence.
listed()
{
	n=$(items "$1" | wc -l)
	[ "$n" -eq "$2" ] || {
		echo "FAIL: the manual has $n reasons of $1, the code $2"
		exit 1
	}
	for name in $(items "$1"); do
		awk -v item=".It Li $name" '
			$0 == item { at = NR }
			at && NR == at + 1 && /^[A-Z].*[a-z]/ { found = 1 }
			END { exit !found }' "$manual" || {
			echo "FAIL: $name has no sentence in the manual"
			exit 1
		}
	done
}

# The first of each is what is not dropped.
dhcp6=$(($(enumerators src/dhcp6/dhcp6_drop.h DHCP6_DROP) - 1))
lost=$(enumerators src/daemon/lost.h DAEMON_LOST)
[ "$dhcp6" -gt 20 ] && [ "$lost" -gt 1 ]
listed dhcp6-counters $((dhcp6 + lost))
listed ra-counters "$(enumerators src/ra/ra_verdict.h RA_DROP)"
listed socket-counters "$(enumerators src/net/net_drop.h NET_DROP)"

# What only the daemon counts is seen in its log by a test.
for name in $(items dhcp6-counters | grep -v '^drop-') other-interface; do
	grep -rqE "counted .*\b$name\b|>$(echo "$name" | tr - _), " "$top/tests/netns" \
		"$top/tests/unit/daemon" || {
		echo "FAIL: no test sees $name counted"
		exit 1
	}
done
