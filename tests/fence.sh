#!/bin/sh
# SPDX-License-Identifier: ISC
# The pure rooms do no I/O, read no clock and draw no randomness: scripts/fence agrees, and would
# say so if they did.
set -eu
top=${srcdir:-.}
archive=libsextant-core.a
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# A stand-in for nm: what it would print of a library that holds one more function.
nm_with() {
	printf '#!/bin/sh\nprintf "a.c.o:\\n0000 T step\\n     U memcpy\\n     U %s\\n"\n' \
		"$1" >"$dir/nm"
	chmod +x "$dir/nm"
}

must_fail_naming() {
	nm_with "$1"
	if "$top/scripts/fence" "$dir/nm" any.a "$top/scripts/fence.allow" 2>"$dir/said"; then
		echo "FAIL: $1 passed the fence"
		exit 1
	fi
	grep -q "uses $2," "$dir/said" || {
		echo "FAIL: $1 is not named in: $(cat "$dir/said")"
		exit 1
	}
}

must_fail_naming clock_gettime clock_gettime
must_fail_naming sendmsg sendmsg
must_fail_naming __printf_chk printf
must_fail_naming getrandom@GLIBC_2.25 getrandom
must_fail_naming stderr stderr
nm_with memmove
"$top/scripts/fence" "$dir/nm" any.a "$top/scripts/fence.allow"
nm_with __asan_init
status=0
"$top/scripts/fence" "$dir/nm" any.a "$top/scripts/fence.allow" >"$dir/said" || status=$?
[ $status -eq 77 ] || {
	echo "FAIL: an instrumented library gave $status"
	exit 1
}

"$top/scripts/fence" "${NM:-nm}" "$archive" "$top/scripts/fence.allow"
