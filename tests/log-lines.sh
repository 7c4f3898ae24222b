#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Each event that is logged and each of its keys stands in docs/log.md, and each event that stands
# there is logged. Read from the sources: an event is the word that follows a level in a call, a key
# the first word given to logline_*() or logid_*(), or to the put() of counters.
set -u
LC_ALL=C
export LC_ALL
cd "${srcdir:-.}" || exit 1
doc=docs/log.md
failures=0
words=$(mktemp -d)
trap 'rm -rf "$words"' EXIT

# The sources without comments, a statement a line.
statements()
{
	find src -name '*.c' -exec cat {} + | awk '
		{
			line = $0
			if (in_comment) {
				if (!sub(/^.*\*\//, "", line)) next
				in_comment = 0
			}
			gsub(/\/\*([^*]|\*[^\/])*\*\//, " ", line)
			if (sub(/\/\*.*$/, "", line)) in_comment = 1
			printf "%s ", line
		}' | tr ';' '\n'
}

# The words in quotes on each line: those that could be a name.
quoted()
{
	grep -oE '"[a-z0-9][a-z0-9-]*"' | tr -d '"' | sort -u
}

statements >"$words/statements"
{
	grep -E '[(][^{]*LOG_LEVEL_' "$words/statements" | sed -e 's/^.*LOG_LEVEL_[A-Z]*//'
	grep -oE 'log_(error|state)\([^"]*"[^"]*"' "$words/statements"
} | quoted >"$words/events"
grep -oE '(logline|logid)_[a-z0-9]+\([^"]*"[^"]*"|[^a-z_]put\([^"]*"[^"]*"' "$words/statements" |
	quoted >"$words/keys"
# shellcheck disable=SC2016 # the backticks of Markdown
grep -oE '`[a-z0-9-]+`' "$doc" | tr -d '`' | sort -u >"$words/documented"
sed -n '/^## Events/,$s/^| \(`[^|]*`\) | \(error\|warning\|info\|debug\).*/\1/p' "$doc" |
	grep -oE '[a-z0-9][a-z0-9-]*' | sort -u >"$words/events-documented"

# missing WHAT FILE IN: names each word of FILE that is not in the other.
missing()
{
	for word in $(comm -23 "$2" "$3"); do
		echo "FAILED: $1: $word"
		failures=$((failures + 1))
	done
}
if ! [ -s "$words/events" ] || ! [ -s "$words/keys" ]; then
	echo "FAILED: no events or no keys were found in src/"
	failures=$((failures + 1))
fi
missing "an event that $doc does not have in a table" "$words/events" "$words/events-documented"
missing "an event that $doc has and nobody logs" "$words/events-documented" "$words/events"
missing "a key that $doc does not have" "$words/keys" "$words/documented"
echo "$(wc -l <"$words/events") events, $(wc -l <"$words/keys") keys, $failures failures"
[ "$failures" -eq 0 ]
