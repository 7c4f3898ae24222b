# SPDX-License-Identifier: ISC
"""What a run needs before it begins: the peers from Debian, and our programs built."""

import os
import sys
import time

from .host import run

POLICY = "/usr/sbin/policy-rc.d"


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def install(packages):
    """Debian packages; services in them are not started."""
    have = run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"] + packages,
               check=False)
    missing = [name for name in packages if f"{name} installed" not in have]
    if not missing:
        return
    say("installing " + " ".join(missing))
    run(["apt-get", "update", "-q"], check=False)
    made = not os.path.exists(POLICY)
    if made:
        with open(POLICY, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\nexit 101\n")
        os.chmod(POLICY, 0o755)
    try:
        run(["apt-get", "install", "-y", "--no-install-recommends"] + missing,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    finally:
        if made:
            os.unlink(POLICY)


def build(top, where, targets):
    """Makes the targets in the build directory, which is configured first if it is not."""
    if not os.path.exists(os.path.join(where, "Makefile")):
        say(f"configuring in {where}")
        if not os.path.exists(os.path.join(top, "configure")):
            run(["autoreconf", "-fi"], cwd=top)
        os.makedirs(where, exist_ok=True)
        run([os.path.relpath(os.path.join(top, "configure"), where)], cwd=where)
    run(["make", "-j", str(os.cpu_count())] + targets, cwd=where)
