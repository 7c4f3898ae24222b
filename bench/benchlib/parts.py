# SPDX-License-Identifier: ISC
"""The measurements. Each part returns plain data, and is bounded in time by what it asks of load.

A part that cannot be done on a server says so in "skipped" instead of a figure.
"""

import re
import signal
import time

from .host import Links, read
from .servers import ROUTERS, SERVERS

# Faults that say an answer was wrong, rather than late or not what was advertised.
HARMLESS = {"stray", "not-offered"}


def spec(mode, **keys):
    return ",".join([mode] + [f"{key}={value}" for key, value in keys.items()])


def running(bench, name, pool="large"):
    return SERVERS[name](bench, pool)


def finished(phase):
    """Exchanges that came to their end, in time or a little later."""
    return phase["done"] + phase["drained"]


def modes(bench, name):
    """One run of each kind of exchange; new leases on an empty server, the rest on 100,000."""
    quick = bench.quick
    seconds = 0.5 if quick else 2
    results = {}

    def note(phases):
        for phase in phases:
            results[phase["mode"]] = phase

    if bench.wants("four"):
        server = running(bench, name)
        try:
            note(bench.load(server.start(), [spec("four", time=seconds)]))
        finally:
            server.close()
    # Relayed ones last: their leases are not for release on the link.
    rest = [mode for mode in ("renew", "rebind", "info", "pd", "release", "relayed")
            if bench.wants(mode)]
    if rest or bench.wants("rapid"):
        server = running(bench, name)
        preload = spec("rapid", count=10000 if quick else 100000, time=2 if quick else 12)
        try:
            if not server.delegates and "pd" in rest:
                rest.remove("pd")
            note(bench.load(server.start(), [preload] +
                            [spec(mode, time=seconds, tries=2) for mode in rest]))
        finally:
            server.close()
    return results


# A line of strace -f -y: pid, call, its first descriptor with what it is.
TRACED = re.compile(r"^(\d+)\s+(?:<\.\.\. )?(\w+)")


def trace_events(text, directory):
    """The order of what matters: "recv", "write", "sync", "send"."""
    pending = {}
    for line in text.splitlines():
        found = TRACED.match(line)
        if not found:
            continue
        pid, call = found.groups()
        if line.endswith("<unfinished ...>"):
            pending[pid] = line
            continue
        if "resumed>" in line:
            line = pending.pop(pid, "") + line
        if call.startswith("recv") and "sin6_port=htons(546)" in line:
            yield "recv"
        elif call.startswith("send") and "sin6_port=htons(546)" in line:
            yield "send"
        elif call in ("fsync", "fdatasync", "sync_file_range") and line.rstrip().endswith("= 0"):
            yield "sync"
        elif call in ("write", "pwrite64", "writev", "pwritev") and directory in line:
            yield "write"


def verdict(events):
    """What the events of one exchange, from its receipt to the next one's, say."""
    if "send" not in events:
        return "no answer seen"
    before = events[:events.index("send")]
    if "sync" in before:
        return "written and synced before the Reply"
    if "write" in before:
        return "written before the Reply, never synced" if "sync" not in events else \
            "written before the Reply, synced after it"
    return "Reply first, written after it" if "write" in events else "not written"


def durable(bench, name):
    """Whether a sync stands between a Solicit with rapid commit and its Reply."""
    server = running(bench, name)
    trace = server.path("trace")
    try:
        server.start()
        tracer = bench.host.spawn(
            ["strace", "-f", "-y", "-v", "-s", "0", "-qq", "-o", trace, "-p", str(server.process.pid),
             "-e", "trace=recvmsg,recvmmsg,recvfrom,sendmsg,sendto,sendmmsg,fsync,fdatasync,"
             "sync_file_range,write,writev,pwrite64,pwritev"])
        time.sleep(0.5)
        for _ in range(3):
            bench.load(server, [spec("rapid", count=1, window=1, time=3)], clients=bench.serial())
            time.sleep(0.3)
        bench.host.end(tracer, signal.SIGINT)
        exchanges = []
        for event in trace_events(read(trace), server.dir):
            if event == "recv":
                # Some look at a datagram before they take it.
                if not exchanges or exchanges[-1]:
                    exchanges.append([])
            elif exchanges:
                exchanges[-1].append(event)
        verdicts = [verdict(events) for events in exchanges]
        return {"verdict": verdicts[0] if len(set(verdicts)) == 1 else "; ".join(verdicts),
                "events": exchanges}
    finally:
        server.close()


def first_answer(bench, server, state):
    """Restarts the server: (seconds to its first correct answer to a Renew or None, octets of its
    files after the clean stop)."""
    server.stop()
    octets = server.file_octets()
    ready = bench.load_begin(server, [spec("renew", count=1, window=1, timeout=0.01, time=30,
                                           tries=100000)], state=state)
    began = time.monotonic()
    server.launch()
    phase = bench.load_end(ready)[0]
    return phase["first_answer"] - began if phase["done"] else None, octets


def growth(bench, name):
    """Rates, memory, file and start time as leases grow."""
    levels = [0, 10000] if bench.quick else [0, 10000, 100000, 1000000]
    server = running(bench, name)
    state = server.path("state")
    result = {"levels": []}
    try:
        server.start()
        empty = server.rss()
        held, seed = 0, None
        for level in levels:
            if level > held:
                bench.host.need(20)
                bound = 2 if bench.quick else min(60, bench.host.left() - 15)
                phase = bench.load(server, [spec("rapid", count=level - held, window=256,
                                                 time=bound)], state=seed, save=state)[0]
                held += finished(phase)
                seed = state
                if held < level * 0.99:
                    result["skipped"] = (f"{level:,} leases: it had {held:,} after "
                                         f"{phase['seconds']:.0f} s")
                    break
            row = {"leases": held}
            if held:
                row["rss_each"] = (server.rss() - empty) / held
                starts = [first_answer(bench, server, state)]
                # Three times, and the middle one, where it is quick.
                while len(starts) < 3 and starts[0][0] is not None and starts[0][0] < 2:
                    starts.append(first_answer(bench, server, state))
                row["start"], octets = sorted(starts)[len(starts) // 2]
                row["file_each"] = octets / held
                if row["start"] is None:
                    row["start_failed"] = server.tail()
                    result["levels"].append(row)
                    break
            phases = [spec("renew", time=0.5 if bench.quick else 1.5, tries=2)] if held else []
            phases.append(spec("four", time=0.5 if bench.quick else 1.5, tries=2,
                               count=max(10000, level // 5)))
            done = bench.load(server, phases, state=seed, save=state)
            seed = state
            row["four"] = done[-1]["rate"]
            row["renew"] = done[0]["rate"] if held else None
            held += finished(done[-1])
            result["levels"].append(row)
    finally:
        server.close()
    return result


def burst(bench, name):
    """Requests at once, sent before any answer is read, each once: how many were lost."""
    result = {}
    for size in (256, 4096):
        server = running(bench, name)
        try:
            server.start()
            phase = bench.load(server, [spec("rapid", count=size, window=size, tries=1,
                                             timeout=1 if bench.quick else 3,
                                             time=20)])[0]
            result[size] = {"lost": phase["lost"] + phase["unfinished"],
                            "seconds": phase["seconds"]}
        finally:
            server.close()
    return result


def full(bench, name):
    """Refusals a second when every address of the pool is taken."""
    pool = 4096 if bench.quick else 65536
    seconds = 0.5 if bench.quick else 2
    server = running(bench, name, pool)
    try:
        server.start()
        if name == "null":
            return {"rate": bench.load(server, [spec("solicit", time=seconds)])[0]["rate"]}
        fill = spec("rapid", count=pool, window=64, time=2 if bench.quick else 15, tries=2)
        filled, phase = bench.load(server, [fill, spec("solicit", time=seconds, tries=2)])
        if filled["refused"] == 0 and finished(filled) < pool * 0.999:
            return {"skipped": f"{finished(filled):,} of {pool:,} addresses leased after "
                               f"{filled['seconds']:.0f} s"}
        refused = phase["no_addrs_avail"]
        return {"rate": refused / phase["seconds"] if phase["seconds"] else 0, "pool": pool,
                "leased": finished(filled), "offered": finished(phase) - refused}
    finally:
        server.close()


def idle(bench, name):
    """A server of one link that nobody talks to."""
    seconds = 1 if bench.quick else 5
    server = running(bench, name)
    try:
        server.start()
        time.sleep(0.5)
        before = server.switches()
        time.sleep(seconds)
        return {"rss": server.rss(), "wakeups": (server.switches() - before) / seconds}
    finally:
        server.close()


def router(bench, name, links):
    """Router Advertisements on many links."""
    program = bench.program("bench/ra")
    count = str(links.count)
    server = ROUTERS[name](bench, links)
    try:
        listener = bench.ready([program, "first", "c", count], links.clients)
        began = time.monotonic()
        server.start()
        first = bench.json(listener)
        result = {"interfaces": links.count, "seen": first["seen"],
                  "first_on_all": first["last"] - began, "rss": server.rss()}
        if first["seen"] < links.count:
            result["log"] = read(server.path("log")).strip().splitlines()[-3:]
            return result
        # Past the initial advertisements and the pause that multicast ones keep.
        time.sleep(3.5)
        result["ask_us"] = bench.json(bench.ready([program, "ask", "c", count,
                                                   "3" if bench.quick else "12"], links.clients,
                                                  wait=False))["latency_us"]
        time.sleep(3.5)
        storm = bench.json(bench.ready([program, "storm", "c", count], links.clients, wait=False))
        result["storm_us"] = storm["latency_us"]
        result["storm_seen"] = storm["seen"]
        return result
    finally:
        server.close()


def routers(bench, name):
    links = Links(bench.host, 50 if bench.quick else 200)
    try:
        return router(bench, name, links)
    finally:
        links.close()


def wrong(phase):
    """Faults of a phase that no correct server causes."""
    return {key: n for key, n in phase["faults"].items() if key not in HARMLESS}
