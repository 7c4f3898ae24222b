# SPDX-License-Identifier: ISC
"""What is borrowed from this machine and given back: processes, namespaces, one sysctl, a directory.

Everything made here is named after this process and undone by Host.close(), which runs on any
exit. Processes are ended by their own pid, and die with this process if it is killed.
"""

import atexit
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time

NAME = "sxbench"
NEIGHBOURS = "/proc/sys/net/ipv6/neigh/default/gc_thresh3"
# What it was before, while it is raised: for the next run, if this one is killed. Who has it raised
# holds a shared lock on the file; the last one puts it back.
NEIGHBOURS_BEFORE = f"/run/{NAME}.gc_thresh3"
PR_SET_PDEATHSIG = 1


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def read(path, default=""):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return default


def run(argv, check=True, **more):
    done = subprocess.run(argv, capture_output=True, text=True, check=False, **more)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


class OutOfTime(Exception):
    """The whole run has used up its time."""


class Host:
    def __init__(self, where, seconds):
        self.deadline = time.monotonic() + seconds
        self.processes = []
        self.namespaces = []
        self.serial = 0
        self.neighbours = None
        self.where = where or tempfile.gettempdir()
        self.sweep()
        self.dir = tempfile.mkdtemp(prefix=f"{NAME}-{os.getpid()}-", dir=self.where)
        atexit.register(self.close)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.interrupted)

    @staticmethod
    def interrupted(number, _frame):
        raise SystemExit(128 + number)

    def sweep(self):
        """Removes what a killed run left behind: namespaces and directories."""
        def dead(name):
            parts = name.split("-")
            return parts[0] == NAME and len(parts) > 2 and not os.path.exists(f"/proc/{parts[1]}")

        for line in run(["ip", "netns"]).splitlines():
            if dead(line.split()[0]):
                run(["ip", "netns", "del", line.split()[0]], check=False)
        for name in os.listdir(self.where):
            if dead(name):
                shutil.rmtree(os.path.join(self.where, name), ignore_errors=True)

    def raise_neighbours(self):
        """The neighbour table is one for all namespaces; a full one fails every sender."""
        self.neighbours = open(NEIGHBOURS_BEFORE, "a+", encoding="ascii")
        fcntl.flock(self.neighbours, fcntl.LOCK_SH)
        self.neighbours.seek(0)
        before = self.neighbours.read()
        if not before:
            before = read(NEIGHBOURS).strip()
            self.neighbours.write(before)
            self.neighbours.flush()
        with open(NEIGHBOURS, "w", encoding="ascii") as file:
            file.write(str(max(int(before), 65536)))

    def restore_neighbours(self):
        try:
            fcntl.flock(self.neighbours, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # another run has it raised
        self.neighbours.seek(0)
        before = self.neighbours.read()
        if before:
            with open(NEIGHBOURS, "w", encoding="ascii") as file:
                file.write(before)
            self.neighbours.truncate(0)

    def left(self):
        return self.deadline - time.monotonic()

    def need(self, seconds):
        if self.left() < seconds:
            raise OutOfTime

    def spawn(self, argv, namespace=None, **more):
        if namespace:
            argv = ["ip", "netns", "exec", namespace] + argv
        process = subprocess.Popen(argv, preexec_fn=die_with_parent, **more)
        self.processes.append(process)
        return process

    def end(self, process, number=signal.SIGTERM, wait=10):
        """Ends one of our own; by force if it does not listen."""
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(wait)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self.processes:
            self.processes.remove(process)
        return process.returncode

    def namespace(self):
        self.serial += 1
        name = f"{NAME}-{os.getpid()}-{self.serial}"
        run(["ip", "netns", "add", name])
        self.namespaces.append(name)
        sysctl = ["ip", "netns", "exec", name, "sysctl", "-qw"]
        # Without duplicate detection a link-local address can be used at once.
        run(sysctl + [f"net.ipv6.conf.{which}.{key}" for which in ("all", "default")
                      for key in ("accept_dad=0", "accept_ra=0", "router_solicitations=0")])
        run(["ip", "-n", name, "link", "set", "lo", "up"])
        return name

    def drop(self, name):
        run(["ip", "netns", "del", name], check=False)
        if name in self.namespaces:
            self.namespaces.remove(name)

    def close(self):
        for process in list(self.processes):
            self.end(process, signal.SIGKILL)
        for name in list(self.namespaces):
            self.drop(name)
        if self.neighbours:
            self.restore_neighbours()
            self.neighbours.close()
            self.neighbours = None
        shutil.rmtree(self.dir, ignore_errors=True)


class Links:
    """Interfaces s0, s1 .. of a server's namespace, joined to c0, c1 .. of a clients' namespace."""

    def __init__(self, host, count=1):
        self.host = host
        self.count = count
        self.server = host.namespace()
        self.clients = host.namespace()
        run(["ip", "netns", "exec", self.server, "sysctl", "-qw",
             "net.ipv6.conf.all.forwarding=1", "net.ipv6.conf.default.forwarding=1"])
        lines = []
        for i in range(count):
            lines += [f"link add s{i} type veth peer name c{i} netns {self.clients}",
                      f"link set s{i} up", f"addr add {link_prefix(i)}1/64 dev s{i} nodad"]
        run(["ip", "-n", self.server, "-batch", "-"], input="\n".join(lines) + "\n")
        run(["ip", "-n", self.clients, "-batch", "-"],
            input="".join(f"link set c{i} up\naddr add {link_prefix(i)}2/64 dev c{i} nodad\n"
                          for i in range(count)))
        self.wait()

    def wait(self):
        """Until every interface has a link-local address that can be used."""
        for namespace in (self.server, self.clients):
            for _ in range(200):
                out = run(["ip", "-n", namespace, "-6", "-o", "addr", "show", "scope", "link",
                           "-tentative"])
                if len(out.splitlines()) >= self.count:
                    break
                time.sleep(0.02)
            else:
                raise RuntimeError(f"{namespace}: no link-local addresses")

    def close(self):
        self.host.drop(self.server)
        self.host.drop(self.clients)


def link_prefix(i):
    """The first half of the addresses on link i."""
    return f"2001:db8:{i + 1:x}::"
