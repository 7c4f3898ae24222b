# SPDX-License-Identifier: ISC
"""The servers side by side: how each is configured, started and looked at.

All serve one link with the same prefix, pool, delegated prefixes and options, allow rapid commit,
keep leases in a file, and log little. `pool` is "large" or a number of addresses.
"""

import json
import os
import shutil
import signal
import time

from .host import Links, read, run

PREFIX = "2001:db8:1::/64"
RELAYED = "2001:db8:2::/64"
# Where relayed messages come from: c0.
RELAY = "2001:db8:1::2"
# A half of 2001:db8::/32 that none of the links is in.
DELEGATED = "2001:db8:8000::"
DNS = "2001:db8::53"
SEARCH = "example.org"
PREFERRED = 43200
VALID = 86400


def pool_range(prefix, pool):
    """First and last address of a pool in the prefix."""
    head = prefix.split("::")[0]
    if pool == "large":
        return f"{head}:0:1::", f"{head}:0:1:ffff:ffff:ffff"
    return f"{head}::1:0", f"{head}::{(0x10000 + pool - 1) >> 16:x}:{(pool - 1) & 0xffff:x}"


class Server:
    name = None
    label = None
    package = None
    program = None
    delegates = True
    relay_to = None  # where relays send to; None: ff05::1:3
    lease_files = ()

    def __init__(self, bench, pool="large"):
        self.bench = bench
        self.host = bench.host
        self.pool = pool
        self.links = None
        self.process = None
        self.log = None
        self.host.serial += 1
        self.dir = os.path.join(self.host.dir, f"{self.name}-{self.host.serial}")
        os.mkdir(self.dir, 0o755)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def configure(self):
        """Writes what start() needs."""

    def command(self):
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def binary(self):
        """A copy of Debian's program: security profiles go by path and allow its own files only."""
        source = shutil.which(self.program, path="/usr/sbin:/usr/bin:/sbin:/bin")
        if not source:
            raise RuntimeError(f"{self.program} is not installed")
        copy = self.path(self.program)
        if not os.path.exists(copy):
            shutil.copy2(source, copy)
        return copy

    @classmethod
    def version(cls, _bench):
        return run(["dpkg-query", "-W", "-f", "${Version}", cls.package], check=False)

    def launch(self):
        """Starts the process and does not wait for it to serve."""
        self.log = open(self.path("log"), "ab")
        self.process = self.host.spawn(self.command(), namespace=self.links.server,
                                       stdout=self.log, stderr=self.log, env=self.environment(),
                                       cwd=self.dir)
        return self.process

    def start(self):
        self.links = self.links or Links(self.host)
        self.configure()
        self.launch()
        self.wait_ready()
        return self

    def wait_ready(self, seconds=15):
        """It serves when it answers an Information-request."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            if self.bench.load(self, ["info,count=1,window=1,timeout=0.02,tries=10"])[0]["done"]:
                return
        raise RuntimeError(f"{self.name} does not answer: {self.tail()}")

    def tail(self):
        return " | ".join(read(self.path("log")).strip().splitlines()[-3:])

    def stop(self, number=signal.SIGTERM):
        if self.process:
            self.host.end(self.process, number)
            self.log.close()
            self.process = None

    def close(self):
        self.stop(signal.SIGKILL)
        if self.links:
            self.links.close()
            self.links = None
        shutil.rmtree(self.dir, ignore_errors=True)

    def rss(self):
        """Resident octets."""
        for line in read(f"/proc/{self.process.pid}/status").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def switches(self):
        """How often its threads went to sleep of their own will: as often they were woken."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            for line in read(f"/proc/{self.process.pid}/task/{task}/status").splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    total += int(line.split()[1])
        return total

    def file_octets(self):
        return sum(os.path.getsize(self.path(name)) for name in self.lease_files
                   if os.path.exists(self.path(name)))


class Null(Server):
    name = "null"
    label = "null (no state)"

    def command(self):
        return [self.bench.program("bench/null"), "s0"]

    @classmethod
    def version(cls, _bench):
        return ""


class NullDurable(Null):
    """The same, but what changes a lease is written and synced before it is answered."""

    name = "null-durable"
    label = "null (synced)"

    def command(self):
        return [self.bench.program("bench/null"), "-d", self.path("journal"), "s0"]


class Sextantd(Server):
    name = "sextantd"
    label = "sextantd"
    lease_files = ("leases.db", "leases.db-wal")

    def configure(self):
        low, high = pool_range(PREFIX, self.pool)
        self.write("sextant.yaml", f"""\
server:
  user: root
  store: "sqlite:{self.path('leases.db')}"
  log-level: warning
  relays: {{interfaces: [s0]}}
  # One machine plays all clients, and one relay has them all.
  limits: {{messages-per-mac: 1000000, leases-per-port: 2000000}}
networks:
  - name: bench
    interface: s0
    mode: dhcpv6-stateful
    prefixes:
      - {{prefix: "{PREFIX}", preferred: {PREFERRED}s, valid: {VALID}s}}
    dhcp6:
      pools: [{{range: "{low}-{high}"}}]
      delegate: [{{prefix: "{DELEGATED}/33", length: 64}}]
      routes: off    # nobody else sets them
      rapid-commit: true
      options: {{dns: ["{DNS}"], search: [{SEARCH}]}}
  - name: relayed
    mode: dhcpv6-only
    relays: ["{RELAY}"]
    prefixes:
      - {{prefix: "{RELAYED}", preferred: {PREFERRED}s, valid: {VALID}s}}
    dhcp6:
      rapid-commit: true
      options: {{dns: ["{DNS}"], search: [{SEARCH}]}}
""")

    def command(self):
        return [self.bench.sextantd(), "-c", self.path("sextant.yaml")]

    @classmethod
    def version(cls, bench):
        return run(["git", "-C", bench.top, "describe", "--always", "--dirty"],
                   check=False).strip()


class Kea(Server):
    name = "kea"
    label = "Kea"
    package = "kea-dhcp6-server"
    program = "kea-dhcp6"
    relay_to = "2001:db8:1::1"  # Kea hears relays on addresses named in its configuration only
    lease_files = ("leases.csv", "leases.csv.1", "leases.csv.2")

    def subnet(self, prefix, pool, **more):
        low, high = pool_range(prefix, pool)
        return {"subnet": prefix, "pools": [{"pool": f"{low}-{high}"}], "rapid-commit": True,
                **more}

    def configure(self):
        delegated = [{"prefix": DELEGATED, "prefix-len": 33, "delegated-len": 64}]
        self.write("kea.json", json.dumps({"Dhcp6": {
            "interfaces-config": {"interfaces": ["s0", f"s0/{self.relay_to}"]},
            "data-directory": self.dir,
            "lease-database": {"type": "memfile", "persist": True,
                               "name": self.path("leases.csv")},
            "multi-threading": {"enable-multi-threading": True, "thread-pool-size": 2},
            "preferred-lifetime": PREFERRED, "valid-lifetime": VALID,
            "option-data": [{"name": "dns-servers", "data": DNS},
                            {"name": "domain-search", "data": SEARCH}],
            "subnet6": [{"id": 1, **self.subnet(PREFIX, self.pool, interface="s0",
                                                **{"pd-pools": delegated})},
                        {"id": 2, **self.subnet(RELAYED, "large")}],
            "loggers": [{"name": "kea-dhcp6", "severity": "ERROR",
                         "output_options": [{"output": "stderr"}]}],
        }}, indent=1))

    def command(self):
        return [self.binary(), "-c", self.path("kea.json")]

    def environment(self):
        return {**os.environ, "KEA_PIDFILE_DIR": self.dir, "KEA_LOCKFILE_DIR": self.dir,
                "KEA_LOGGER_DESTINATION": "stderr"}


class Dhcpd(Server):
    name = "dhcpd"
    label = "ISC dhcpd"
    package = "isc-dhcp-server"
    program = "dhcpd"
    lease_files = ("dhcpd.leases",)

    def configure(self):
        ranges = [pool_range(PREFIX, self.pool), pool_range(RELAYED, "large")]
        self.write("dhcpd.conf", f"""\
authoritative;
server-duid LL;
default-lease-time {VALID};
preferred-lifetime {PREFERRED};
log-facility local7;
option dhcp6.name-servers {DNS};
option dhcp6.domain-search "{SEARCH}";
option dhcp6.rapid-commit;
subnet6 {PREFIX} {{
  range6 {ranges[0][0]} {ranges[0][1]};
  prefix6 {DELEGATED} 2001:db8:ffff:ffff:: /64;
}}
subnet6 {RELAYED} {{ range6 {ranges[1][0]} {ranges[1][1]}; }}
""")
        if not os.path.exists(self.path("dhcpd.leases")):
            self.write("dhcpd.leases", "")

    def command(self):
        return [self.binary(), "-6", "-f", "-q", "--no-pid", "-cf", self.path("dhcpd.conf"),
                "-lf", self.path("dhcpd.leases"), "s0"]


class Dnsmasq(Server):
    name = "dnsmasq"
    label = "dnsmasq"
    package = "dnsmasq-base"
    program = "dnsmasq"
    delegates = False
    lease_files = ("dnsmasq.leases",)

    def configure(self):
        ranges = [pool_range(PREFIX, self.pool), pool_range(RELAYED, "large")]
        self.write("dnsmasq.conf", f"""\
port=0
user=root
group=root
interface=s0
bind-interfaces
pid-file={self.path("pid")}
dhcp-leasefile={self.path("dnsmasq.leases")}
dhcp-lease-max=100000000
dhcp-authoritative
quiet-dhcp6
dhcp-range={ranges[0][0]},{ranges[0][1]},64,{VALID}
dhcp-range={ranges[1][0]},{ranges[1][1]},64,{VALID}
dhcp-option=option6:dns-server,[{DNS}]
dhcp-option=option6:domain-search,{SEARCH}
""")

    def command(self):
        return [self.binary(), "-k", "-C", self.path("dnsmasq.conf")]


SERVERS = {cls.name: cls for cls in (Null, NullDurable, Sextantd, Kea, Dhcpd, Dnsmasq)}
# They show how fast a server can be, and are none.
RESPONDERS = (Null.name, NullDurable.name)


class Router:
    """A router of many links: what the RA part compares."""

    name = None
    label = None

    def __init__(self, bench, links):
        self.bench = bench
        self.links = links
        self.dir = os.path.join(bench.host.dir, f"router-{self.name}")
        os.mkdir(self.dir, 0o755)
        self.process = None

    def path(self, name):
        return os.path.join(self.dir, name)

    def configure(self):
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def start(self):
        self.configure()
        with open(self.path("log"), "ab") as log:
            self.process = self.bench.host.spawn(self.command(), namespace=self.links.server,
                                                 stdout=log, stderr=log, cwd=self.dir)

    rss = Server.rss

    def close(self):
        if self.process:
            self.bench.host.end(self.process)
        shutil.rmtree(self.dir, ignore_errors=True)


class Radvd(Router):
    name = "radvd"
    label = "radvd"

    def configure(self):
        with open(self.path("radvd.conf"), "w", encoding="ascii") as file:
            for i in range(self.links.count):
                file.write(f"interface s{i} {{ AdvSendAdvert on; prefix 2001:db8:{i + 1:x}::/64 "
                           "{ }; };\n")

    def command(self):
        return ["/usr/sbin/radvd", "-n", "-m", "stderr", "-C", self.path("radvd.conf"),
                "-p", self.path("pid")]

    @classmethod
    def version(cls, _bench):
        return run(["dpkg-query", "-W", "-f", "${Version}", "radvd"], check=False)


class SextantRouter(Router):
    name = "sextantd"
    label = "sextantd"
    delay = "500ms"

    @classmethod
    def version(cls, bench):
        return Sextantd.version(bench)

    def configure(self):
        with open(self.path("sextant.yaml"), "w", encoding="ascii") as file:
            file.write(f"server: {{user: root, store: \"sqlite:{self.path('leases.db')}\"}}\n"
                       "networks:\n")
            for i in range(self.links.count):
                file.write(f"  - {{interface: s{i}, prefix: \"2001:db8:{i + 1:x}::/64\", "
                           f"mode: slaac, ra: {{solicited-delay: {self.delay}}}}}\n")

    def command(self):
        return [self.bench.sextantd(), "-c", self.path("sextant.yaml")]


class PromptRouter(SextantRouter):
    """Without the delay that RFC 4861 section 6.2.6 demands, as radvd."""

    name = "sextantd-prompt"
    label = "sextantd, solicited-delay 0s"
    delay = "0s"


ROUTERS = {cls.name: cls for cls in (SextantRouter, PromptRouter, Radvd)}
