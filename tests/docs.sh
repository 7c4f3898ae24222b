#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The pages of the documentation hold: each configuration in them is good, each key that
# docs/coming-from.md names is one of the reference, and each key of the reference is in a
# configuration that is tested.
set -u
LC_ALL=C
export LC_ALL
: "${SEXTANTD:=$PWD/sextantd}"
top=${srcdir:-.}
failures=0 examples=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed()
{
	echo "FAILED: $*"
	failures=$((failures + 1))
}

# blocks FILE: its blocks of YAML that are whole configurations, as files.
blocks()
{
	awk -v out="$work/$(basename "$1")" '
		/^```yaml$/ { on = 1; file = out "." ++n ".yaml"; next }
		/^```$/ { on = 0 }
		on { print >file }' "$1"
}

# keys_of REFERENCE: "ra.interval.max", a line each, of all that hangs on a network; and those of
# server, classes and of the file.
keys_of()
{
	awk '
		/^## / { path = $2; gsub(/\[\]/, "", path); if (path == "configuration") path = "" }
		/^- \*\*`/ {
			split($0, f, "`")
			key = path == "" ? f[2] : path "." f[2]
			sub(/^networks\./, "", key)
			print key
		}
		/^  Its keys: / { split($0, f, "`"); to = f[2]; gsub(/\[\]/, "", to); sub(/^networks\./, "", to); if (to != key) print key " = " to }
	' "$1"
}

for page in "$top/README.md" "$top"/docs/*.md "$top"/docs/*.md.in; do
	blocks "$page"
done
for file in "$work"/*.yaml; do
	examples=$((examples + 1))
	"$SEXTANTD" --check "$file" >"$work/said" 2>&1 || failed "$(cat "$work/said")"
	grep -q warning "$work/said" && failed "$(cat "$work/said")"
done
[ "$examples" -gt 3 ] || failed "only $examples examples were found"

# A path may go on by the keys of another section, as classes.options is that of a network.
keys_of docs/config.md >"$work/keys"
awk 'NF == 1 { print }' "$work/keys" | sort -u >"$work/known"
awk 'NF == 3 { print $1, $3 }' "$work/keys" >"$work/aliases"
# shellcheck disable=SC2016 # the backticks of Markdown
sed -n 's/^|[^|]*|\(.*\)|$/\1/p' "$top/docs/coming-from.md" | grep -oE '`[a-z0-9.-]+`' | tr -d '`' |
	grep -E '\.|^(mode|dns|search|hosts|classes|prefixes|interfaces)$' | sort -u >"$work/named"
while read -r key; do
	grep -qxF "$key" "$work/known" ||
		awk -v key="$key" '
			FNR == NR { alias[$1] = $2; next }
			{ known[$1] = 1 }
			END {
				for (a in alias)
					if (index(key, a ".") == 1 && (alias[a] substr(key, length(a) + 1)) in known)
						exit 0
				exit 1
			}' "$work/aliases" "$work/known" || failed "docs/coming-from.md names $key, which is no key"
done <"$work/named"

cat "$top"/tests/config/good/*.yaml "$top"/tests/config/good/*.json "$top"/conf/examples/*.yaml >"$work/used"
sed 's/.*\.//' "$work/known" | sort -u >"$work/last"
while read -r key; do
	grep -qE "(^|[^a-z0-9-])\"?$key\"?:" "$work/used" ||
		failed "no configuration of tests/config/good or conf/examples has the key $key"
done <"$work/last"
echo "$examples examples, $(wc -l <"$work/known") keys, $failures failures"
[ "$failures" -eq 0 ]
