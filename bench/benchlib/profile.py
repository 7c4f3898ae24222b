# SPDX-License-Identifier: ISC
"""Where sextantd's time goes: samples of its threads by perf, system calls counted by strace."""

import re
import signal
import time

from .host import read, run
from .servers import Sextantd

HERTZ = 997
# "sextantd  4242/4243  1.5:" begins a sample, its frames follow: "  ffff.. name+0x1f (object)".
SAMPLE = re.compile(r"^\S.*?\s(\d+)/(\d+)\s")
FRAME = re.compile(r"^\s+[0-9a-f]+ (.+?)(?:\+0x[0-9a-f]+)? \((.*)\)$")
SYSCALL = re.compile(r"^__(?:x64|arm64|se|riscv)_sys_(\w+)$")
# A row of strace -c: share, seconds, microseconds a call, calls, errors if any, name.
COUNTED = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$")


def place(frames):
    """What a sample counts for: a system call, or the object whose code it was in."""
    for name, _ in frames:
        call = SYSCALL.match(name)
        if call:
            return call.group(1)
    _, where = frames[0]
    if "kernel" in where or where.startswith("["):
        return "kernel, other"
    library = re.search(r"/(lib\w+)[^/]*\.so", where)
    return library.group(1) if library else "own code"


def samples(text):
    """(process, thread, frames) of each sample, the innermost frame first."""
    head, frames = None, []
    for line in text.splitlines() + [""]:
        begins = SAMPLE.match(line)
        if begins:
            head, frames = begins.groups(), []
            continue
        frame = FRAME.match(line)
        if frame:
            frames.append(frame.groups())
        elif head and frames and not line.strip():
            yield (*head, frames)
            head = None


def sampled(bench, server, phase, state):
    """Of a phase: its rate, for how much of a second each thread ran, and on what."""
    data = server.path("perf.data")
    # Threads that sleep give no samples, so that it does no harm to watch for longer.
    perf = bench.host.spawn(["perf", "record", "-q", "-g", "-F", str(HERTZ), "-o", data, "-p",
                             str(server.process.pid)], stdout=server.log, stderr=server.log)
    time.sleep(1)
    done = bench.load(server, [phase], state=state, save=state)[0]
    bench.host.end(perf, signal.SIGINT)
    text = run(["perf", "script", "-i", data, "-F", "comm,pid,tid,time,ip,sym,dso"])
    threads = {"main": {}, "store": {}}
    for process, thread, frames in samples(text):
        counts = threads["main" if process == thread else "store"]
        where = place(frames)
        counts[where] = counts.get(where, 0) + 1
    span = HERTZ * max(done["seconds"], 0.001)
    return {"rate": done["rate"],
            "threads": {name: {where: n / span for where, n in counts.items()}
                        for name, counts in threads.items()}}


def counted(bench, server, phase, state):
    """Of a phase: system calls for each exchange, with strace in between."""
    trace = server.path("counts")
    tracer = bench.host.spawn(["strace", "-f", "-c", "-qq", "-o", trace, "-p",
                               str(server.process.pid)])
    time.sleep(0.3)
    done = bench.load(server, [phase], state=state, save=state)[0]
    bench.host.end(tracer, signal.SIGINT)
    exchanges = max(done["done"] + done["drained"], 1)
    found = (COUNTED.match(line) for line in read(trace).splitlines())
    return {row.group(2): int(row.group(1)) / exchanges for row in found
            if row and row.group(2) != "total"}


def profile(bench, _name):
    """Some kinds of exchange on sextantd."""
    seconds = 0.5 if bench.quick else 2
    leases = 10000 if bench.quick else 100000
    server = Sextantd(bench)
    state = server.path("state")
    result = {"leases": leases, "modes": {}}
    try:
        server.start()
        bench.load(server, [f"rapid,count={leases},window=256,time=20"], save=state)
        for mode in ("four", "rapid", "renew", "info"):
            phase = f"{mode},time={seconds},tries=2"
            data = sampled(bench, server, phase, state)
            data["calls"] = counted(bench, server, phase, state)
            result["modes"][mode] = data
        return result
    finally:
        server.close()
