# SPDX-License-Identifier: ISC
"""What the figures were measured on."""

import datetime
import os
import platform
import time

from .host import read, run


def sync_latency(where, rounds=300):
    """Microseconds, median and 99th percentile, that a write of 4 KiB and an fdatasync take."""
    path = os.path.join(where, "sync-probe")
    fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    block = b"\0" * 4096
    times = []
    try:
        for i in range(rounds):
            began = time.perf_counter_ns()
            os.pwrite(fd, block, i * len(block))
            os.fdatasync(fd)
            times.append((time.perf_counter_ns() - began) / 1000)
    finally:
        os.close(fd)
        os.unlink(path)
    times.sort()
    return {"p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)]}


def field(text, name):
    for line in text.splitlines():
        if line.startswith(name):
            return line.split(":", 1)[1].strip()
    return ""


def system():
    for line in read("/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return platform.system()


def describe(where):
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "system": system(),
        "kernel": platform.release(),
        "cpu": field(read("/proc/cpuinfo"), "model name") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_kb": int(field(read("/proc/meminfo"), "MemTotal").split()[0]),
        "file_system": run(["findmnt", "-no", "FSTYPE", "-T", where]).strip(),
        "sync_us": sync_latency(where),
        "load_average": os.getloadavg()[0],
    }
