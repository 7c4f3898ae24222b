# SPDX-License-Identifier: ISC
"""docs/performance.md and its plot, from the results of bench/run."""

import os

from . import plot
from .parts import wrong

MODE_TEXT = {
    "four": "new leases, 4 messages",
    "rapid": "new leases, rapid commit",
    "renew": "renew, random order",
    "rebind": "rebind, random order",
    "info": "information-request",
    "pd": "delegated prefixes, 4 messages",
    "relayed": "new leases through a relay",
    "release": "release",
}

# What Sextant has to reach: mode, least ratio to the responder without state.
RATIO_TARGETS = (("four", 0.6), ("rapid", 0.5), ("renew", 0.4), ("info", 0.8))


def number(value):
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2g}"


def ratio(value):
    return "–" if value is None else f"{value:.2g}" if value < 0.1 else f"{value:.2f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return lines + [""]


class Page:
    def __init__(self, results):
        self.r = results
        self.lines = []
        self.notes = []

    def add(self, *lines):
        self.lines += lines

    def label(self, name):
        version = self.r["versions"].get(name)
        return f"{self.r['labels'][name]} {version}" if version else self.r["labels"][name]

    def short(self, name):
        return self.r["labels"][name]

    def part(self, part):
        """(name, data) of a part's servers that were measured; the others become notes."""
        for name, data in self.r.get(part, {}).items():
            if "skipped" in data:
                self.notes.append(f"{self.short(name)}, {part}: {data['skipped']}.")
                if len(data) == 1:
                    continue
            yield name, data

    def rate(self, name, mode):
        phase = self.r.get("modes", {}).get(name, {}).get(mode)
        return phase["rate"] if phase and not wrong(phase) else None

    def against(self, limit, name, mode):
        """The rate of name as a share of that of limit, or None."""
        rate, whole = self.rate(name, mode), self.rate(limit, mode)
        return rate / whole if rate is not None and whole else None

    def against_null(self, name, mode):
        return self.against("null", name, mode)

    def machine(self):
        m = self.r["machine"]
        self.add(
            f"Measured on {m['date']}: {m['cores']} cores ({m['cpu']}), "
            f"{m['memory_kb'] / 1048576:.0f} GiB, {m['system']}, Linux {m['kernel']}, stores on "
            f"{m['file_system']} where a write of 4 KiB with `fdatasync` takes "
            f"{m['sync_us']['p50'] / 1000:.2f} ms (median; 99 %: {m['sync_us']['p99'] / 1000:.2f} "
            f"ms). Servers and clients share these cores and talk over a veth pair. "
            f"Medians of {self.r['runs']} run(s). Load average at the start: "
            f"{m['load_average']:.2f}.", "")

    def rates(self):
        names = [name for name, _ in self.part("modes")]
        used = [mode for mode in MODE_TEXT
                if any(mode in self.r["modes"][name] for name in names)]
        if not used:
            return
        self.add("## Rates", "",
                 "Exchanges a second with 32 outstanding, and the ratio to a responder without "
                 "state (`recvmmsg`, `sendmmsg`, answers filled in by offset), which is the limit "
                 "for a server of one thread in user space." +
                 (" The synced one is the limit for such a server that has every change of a "
                  "lease on disk before it answers." if "null-durable" in names else ""), "")
        rows = []
        for mode in used:
            row = [MODE_TEXT[mode]]
            for name in names:
                rate, against = self.rate(name, mode), self.against_null(name, mode)
                cell = number(rate)
                if name != "null" and against is not None:
                    cell += f" ({ratio(against)})"
                row.append(cell)
            rows.append(row)
        self.lines += table([""] + [self.label(name) for name in names], rows)
        self.add("![Ratios to the responder without state, and rates as leases grow]"
                 "(performance.svg)", "")
        self.latencies(names, used)
        self.cpu(names, used)
        self.faults(names, used)

    def cells(self, names, used, value):
        rows = []
        for mode in used:
            phases = [self.r["modes"][name].get(mode) for name in names]
            rows.append([MODE_TEXT[mode]] + [value(p) if p and p["done"] else "–" for p in phases])
        return table([""] + [self.short(name) for name in names], rows)

    def latencies(self, names, used):
        self.add("Latency at 32 outstanding in milliseconds, from the first message of an exchange "
                 "to its last answer: median / 99 % / 99.9 % / longest.", "")
        self.lines += self.cells(names, used, lambda p: " / ".join(
            number(p["latency_us"][key] / 1000) for key in ("p50", "p99", "p999", "max")))

    def cpu(self, names, used):
        self.add("Microseconds of the server's CPU time for one exchange, all threads, user and "
                 "kernel.", "")
        self.lines += self.cells(names, used, lambda p: number(p["server_us_each"]))

    def faults(self, names, used):
        for name in names:
            for mode in used:
                phase = self.r["modes"][name].get(mode)
                if not phase:
                    continue
                bad = dict(wrong(phase))
                bad.update({key: phase[key] for key in ("refused", "lost", "retransmits")
                            if phase[key]})
                if bad:
                    told = ", ".join(f"{key} {n:,}" for key, n in bad.items())
                    self.notes.append(f"{self.short(name)}, {mode}: {told} "
                                      f"in {phase['started']:,} exchanges.")

    def profile(self):
        measured = dict(self.part("profile")).get("sextantd")
        if not measured:
            return
        modes = measured["modes"]
        self.add("## Where the time goes", "",
                 f"sextantd with {measured['leases']:,} leases and more. How much of a core each of "
                 "its threads took, by what it was doing (samples by `perf`); where both threads "
                 "and the clients together take less than the cores, they wait for the disk and "
                 "for each other. What the kernel does to deliver to the clients' socket is in "
                 "`sendmmsg`.", "")
        rows = [["exchanges/s"] + [number(data["rate"]) for data in modes.values()]]
        for thread in ("main", "store"):
            parts = [data["threads"][thread] for data in modes.values()]
            rows.append([f"**{thread} thread**"] + [f"{sum(p.values()):.0%}" for p in parts])
            places = {where for p in parts for where, share in p.items() if share >= 0.005}
            for where in sorted(places, key=lambda w: -sum(p.get(w, 0) for p in parts)):
                rows.append([where] + [f"{p.get(where, 0):.1%}" for p in parts])
        self.lines += table([""] + [MODE_TEXT[mode] for mode in modes], rows)
        self.add("System calls for a thousand exchanges (`strace -c`, which makes everything "
                 "slower, and so batches larger or smaller than they are otherwise).", "")
        calls = {call for data in modes.values() for call, n in data["calls"].items() if n >= 0.01}
        rows = [[call] + [f"{1000 * data['calls'].get(call, 0):.0f}" for data in modes.values()]
                for call in sorted(calls, key=lambda c: -modes["four"]["calls"].get(c, 0))]
        self.lines += table([""] + [MODE_TEXT[mode] for mode in modes], rows)
        self.needed(modes)

    def needed(self, modes):
        """What keeps rates below their targets, if they are."""
        missed = {mode for mode, least in RATIO_TARGETS
                  if (self.against_null("sextantd", mode) or least) < least}
        if missed & {"four", "rapid", "renew"}:
            self.needed_of_disk(missed)
            self.needed_of_cores()
        if "renew" in missed and "renew" in modes:
            calls = modes["renew"]["calls"]
            self.add(
                "A renewal in random order changes a row on a page of its own: that page goes to "
                "the log whole, and to the database later "
                f"({calls.get('pwrite64', 0):.1f} writes for each renewal, and "
                f"{calls.get('pread64', 0):.1f} reads of what is not in the page cache). What "
                "would be needed: a log that holds rows rather than pages, which is another "
                "database.", "")
        if "info" in missed:
            self.add(
                "Each message is read twice, as a datagram and, up to its headers, as the frame "
                "that tells the client's link-layer address; the responder without state reads "
                "it once. What would be needed: a network driver that hands both over together.",
                "")

    def needed_of_disk(self, missed):
        beyond = []
        for mode, least in RATIO_TARGETS:
            reached = self.against_null("null-durable", mode)
            if mode in missed and reached is not None and reached < least:
                beyond.append(f"{MODE_TEXT[mode]} ({ratio(reached)} of {least})")
        if beyond:
            self.add(
                "Below these targets is the synced responder, too, which does nothing but "
                f"receive, sync and send: {'; '.join(beyond)}. What would be needed: a disk that "
                f"syncs in less than {self.r['machine']['sync_us']['p50']:.0f} µs, or clients that "
                "have more than 32 exchanges under way, for then more of them share a sync (see "
                "bursts).", "")

    def needed_of_cores(self):
        rates = [self.rate(name, "rapid") for name in ("null", "null-durable", "sextantd")]
        if all(rates):
            bare, synced, ours = (32e6 / rate for rate in rates)
            self.add(
                f"With 32 outstanding, a rapid commit takes {bare:.0f} µs with the responder "
                f"without state, {synced:.0f} µs with the synced one and {ours:.0f} µs with "
                "sextantd. What sextantd takes longer goes to deciding, to its database, and to "
                "handing over between the main thread and the store thread, while these, the "
                f"clients and the kernel share {self.r['machine']['cores']} cores. What would be "
                "needed: a third core.", "")

    def durable(self):
        rows = [[self.short(name), data["verdict"]] for name, data in self.part("durable")]
        if rows:
            self.add("## On disk before the Reply?", "",
                     "System calls between a Solicit with Rapid Commit and its Reply, seen by "
                     "`strace`.", "")
            self.lines += table(["", ""], rows)

    def growth(self):
        growing = list(self.part("growth"))
        if not growing:
            return
        self.add("## As leases grow", "",
                 "New leases a second by 4 messages and renewals a second in random order, on top "
                 "of so many leases; what a lease costs; and the time from starting the server "
                 "again to its first correct answer.", "")
        rows = []
        for name, data in growing:
            for row in data["levels"]:
                start = row.get("start")
                rows.append([self.short(name), f"{row['leases']:,}", number(row.get("four")),
                             number(row.get("renew")),
                             f"{row['rss_each']:.0f}" if "rss_each" in row else "–",
                             f"{row['file_each']:.0f}" if "file_each" in row else "–",
                             f"{start:.2f} s" if start is not None else "–"])
        self.lines += table(["", "leases", "new/s", "renewals/s", "octets of memory a lease",
                             "octets of file a lease", "start"], rows)

    def burst(self):
        rows = [[self.short(name)] + [f"{data[str(size)]['lost']:,}" for size in (256, 4096)]
                for name, data in self.part("burst")]
        if rows:
            self.add("## Bursts", "", "Solicits with Rapid Commit sent at once and once each: how "
                     "many stayed without a Reply.", "")
            self.lines += table(["", "lost of 256", "lost of 4,096"], rows)

    def full(self):
        measured = dict(self.part("full"))
        limit = measured.get("null", {}).get("rate")
        rows = [[self.short(name), number(data["rate"]),
                 ratio(data["rate"] / limit) if limit else "–"]
                for name, data in measured.items() if name != "null"]
        if rows:
            pool = max(data.get("pool", 0) for data in measured.values())
            self.add("## A full pool", "", f"NoAddrsAvail a second when all of {pool:,} addresses "
                     "are leased, and the ratio to Advertises of the responder without state.", "")
            self.lines += table(["", "refusals/s", "ratio"], rows)

    def idle(self):
        rows = [[self.short(name), f"{data['rss'] / 1048576:.1f}", number(data["wakeups"])]
                for name, data in self.part("idle")]
        if rows:
            self.add("## Idle, one link", "")
            self.lines += table(["", "MiB resident", "wake-ups a second"], rows)

    def ra(self):
        rows = []
        for name, data in self.part("ra"):
            if "ask_us" not in data:
                self.notes.append(f"{self.short(name)}, ra: first advertisement on "
                                  f"{data['seen']} of {data['interfaces']} interfaces.")
                continue
            rows.append([self.label(name), data["interfaces"],
                         f"{data['first_on_all'] * 1000:.0f}",
                         f"{data['ask_us']['p50'] / 1000:.2f} / {data['ask_us']['p99'] / 1000:.2f}",
                         f"{data['storm_us']['max'] / 1000:.1f} ({data['storm_seen']})",
                         f"{data['rss'] / 1048576:.1f}"])
        if rows:
            self.add("## Router Advertisements", "",
                     "RFC 4861 section 6.2.6 wants a random delay of up to 500 ms before every "
                     "answer to a Router Solicitation (RS). sextantd keeps to it; "
                     "`solicited-delay: 0s` takes it away, as radvd always does for answers by "
                     "unicast. So the targets for answers are those of links without the delay.",
                     "")
            self.lines += table(["", "interfaces", "first on all, ms after start",
                                 "RS to RA, ms (median / 99 %)",
                                 "all solicited at once, ms to the last (answered)",
                                 "MiB resident"], rows)

    def targets(self):
        rows = [[what, target, got, "yes" if met else "no"]
                for what, target, got, met in self.target_rows()]
        if rows:
            self.add("## What sextantd is to reach", "")
            self.lines += table(["", "target", "measured", "met"], rows)
            self.synced()

    def synced(self):
        """How much of the targets is left to a server that syncs before it answers."""
        targets = dict(RATIO_TARGETS)
        rows = [[MODE_TEXT[mode], targets.get(mode, "–"),
                 ratio(self.against_null("null-durable", mode)),
                 ratio(self.against("null-durable", "sextantd", mode))]
                for mode in MODE_TEXT
                if mode != "info" and self.against_null("null-durable", mode) is not None]
        if rows:
            self.add("The ratios are to a responder that stores nothing. A second one, `null "
                     "(synced)`, does the same, and for what it received together it writes 128 "
                     "octets for each answer that changes a lease and calls `fdatasync`, once, "
                     "before it sends. It shows how much of a target a server of one thread can "
                     "reach that syncs before it answers, on this disk and with 32 outstanding.",
                     "")
            self.lines += table(["", "target", "null (synced), ratio to null",
                                 "sextantd, ratio to null (synced)"], rows)

    def target_rows(self):
        yield from self.ratio_targets()
        yield from self.size_targets()
        yield from self.other_targets()

    def ratio_targets(self):
        for mode, least in RATIO_TARGETS:
            got = self.against_null("sextantd", mode)
            if got is not None:
                yield f"{MODE_TEXT[mode]}, ratio", f"{least}", ratio(got), got >= least
        phase = self.r.get("modes", {}).get("sextantd", {}).get("four")
        if phase:
            got = phase["p99_us"] / 1000
            yield ("new leases, 99 % latency (the disk's own sync: "
                   f"{self.r['machine']['sync_us']['p50'] / 1000:.2f} ms)"), "below 2 ms", \
                f"{got:.2f} ms", got < 2
        full = self.r.get("full", {})
        limit, got = (full.get(name, {}).get("rate") for name in ("null", "sextantd"))
        if limit and got is not None:
            yield "refusals of a full pool, ratio", "0.6", ratio(got / limit), got / limit >= 0.6

    def size_targets(self):
        for row in self.r.get("growth", {}).get("sextantd", {}).get("levels", []):
            if row["leases"] < 90000:
                continue
            many = row["leases"] >= 900000
            at = f"at {row['leases']:,}"
            yield f"octets of memory a lease, {at}", "200", f"{row['rss_each']:.0f}", \
                row["rss_each"] <= 200
            yield f"octets of file a lease, {at}", "150", f"{row['file_each']:.0f}", \
                row["file_each"] <= 150
            if row.get("start") is not None:
                bound = 3 if many else 0.3
                yield f"start to first answer, {at}", f"{bound} s", f"{row['start']:.2f} s", \
                    row["start"] <= bound

    def other_targets(self):
        burst = self.r.get("burst", {}).get("sextantd", {}).get("4096")
        if burst:
            yield "burst of 4,096, lost", "0", burst["lost"], burst["lost"] == 0
        idle = self.r.get("idle", {}).get("sextantd", {})
        if "rss" in idle:
            got = idle["rss"] / 1048576
            yield "idle, one link, resident", "below 6 MB", f"{got:.1f} MiB", got < 5.72
            yield "idle, one link, wake-ups a second", "its timers' only", \
                number(idle["wakeups"]), idle["wakeups"] < 1
        yield from self.ra_targets()

    def ra_targets(self):
        """An answer within 0.2 ms is not what RFC 4861 allows; both ways are told."""
        for name in ("sextantd", "sextantd-prompt"):
            ra = self.r.get("ra", {}).get(name, {})
            if "ask_us" not in ra:
                continue
            rows = [(f"first RA on {ra['interfaces']} interfaces", 100, ra["first_on_all"] * 1000)]
            if name == "sextantd-prompt":
                rows = [("RS to RA, median, `solicited-delay: 0s`", 0.2, ra["ask_us"]["p50"] / 1000),
                        (f"{ra['interfaces']} RSs at once, `solicited-delay: 0s`", 5,
                         ra["storm_us"]["max"] / 1000)]
            for what, bound, got in rows:
                yield what, f"{bound} ms", f"{got:.2f} ms", got <= bound

    def text(self):
        self.add("<!-- Written by bench/run; changes here are lost. -->", "# Performance", "")
        if self.r["quick"]:
            self.add("**A quick run: not for publishing.**", "")
        if self.r["machine"]["load_average"] > 0.5:
            self.add("**The machine was busy with other things: these figures say that it works, "
                     "not how fast it is.**", "")
        self.machine()
        for section in (self.targets, self.rates, self.profile, self.durable, self.growth,
                        self.burst, self.full, self.idle, self.ra):
            section()
        self.notes.append("odhcpd is not here: Debian has no package of it.")
        if self.notes:
            self.add("## Not as it should be, or left out", "",
                     *[f"- {note}" for note in dict.fromkeys(self.notes)], "")
        self.add("## Again", "", "`bench/run` as root, on an otherwise idle machine: it installs "
                 "the peers from Debian, measures everything above within 15 minutes and writes "
                 "this page. `bench/run --quick` takes less than three; `--only` and `--servers` "
                 "choose. `dhcpd`, Kea and dnsmasq run as Debian packages them with the same "
                 "prefix, pool, lifetimes and options; Kea with two threads and a memfile. This "
                 f"run took {self.r.get('took', 0) / 60:.0f} minutes.")
        return "\n".join(self.lines) + "\n"


def keys_as_text(results):
    """JSON has text for keys; results fresh from the run have numbers for some."""
    if "burst" in results:
        results["burst"] = {name: {str(key): value for key, value in data.items()}
                            for name, data in results["burst"].items()}


def write(results, path):
    keys_as_text(results)
    page = Page(results)
    with open(path, "w", encoding="utf-8") as file:
        file.write(page.text())
    names = [name for name in results.get("modes", {}) if name != "null"]
    ratios = {name: {mode: page.against_null(name, mode) for mode in MODE_TEXT} for name in names}
    growth = {name: data["levels"] for name, data in results.get("growth", {}).items()
              if "levels" in data}
    with open(os.path.splitext(path)[0] + ".svg", "w", encoding="utf-8") as file:
        file.write(plot.draw(ratios, growth, results["labels"], MODE_TEXT))
