# SPDX-License-Identifier: ISC
"""Our programs, run against a server: load, and whatever writes JSON."""

import json
import os
import subprocess


class Bench:
    def __init__(self, top, build, host, only=(), quick=False):
        self.top = top
        self.build = build
        self.host = host
        self.only = only
        self.quick = quick
        self.clients = 0

    def wants(self, part):
        return part in self.only

    def serial(self):
        """Seeds that no earlier run used, for clients that the server has not seen."""
        self.clients = self.clients % 200 + 2
        return self.clients

    def program(self, name):
        return os.path.join(self.build, name)

    def sextantd(self):
        for name in ("sextantd", "src/daemon/sextantd"):
            if os.path.exists(self.program(name)):
                return self.program(name)
        raise RuntimeError(f"no sextantd in {self.build}; make it first")

    def ready(self, argv, namespace, wait=True):
        """A program of ours that writes JSON; waits for its word that it listens."""
        process = self.host.spawn(argv, namespace=namespace, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
        if wait and "event=ready" not in process.stderr.readline():
            raise RuntimeError(f"{' '.join(argv)}: {process.stderr.read()}")
        return process

    def json(self, process):
        out, complaint = process.communicate()
        self.host.end(process)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(process.args)}: {complaint}")
        return json.loads(out)

    def load_begin(self, server, phases, clients=None, state=None, save=None):
        argv = [self.program("bench/load"), "-i", "c0", "-n", str(4 << 20)]
        for option, value in (("-r", clients), ("-l", state), ("-s", save),
                              ("-u", server.relay_to)):
            if value is not None:
                argv += [option, str(value)]
        if server.process:
            argv += ["-w", str(server.process.pid)]
        return self.ready(argv + phases, server.links.clients)

    def load_end(self, process):
        return self.json(process)["phases"]

    def load(self, server, phases, **more):
        return self.load_end(self.load_begin(server, phases, **more))
