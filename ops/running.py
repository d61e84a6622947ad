"""A whole house for tests and measurements: started by `make run`'s own code, stopped at the end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.places import ROOT
from ops.ports import free_ports

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


class RunningHouse:
    """One running copy: its address, folder, output and processes."""

    def __init__(self, data: Path, settings: dict[str, str]) -> None:
        self.data, self.port = data, free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self.output: list[str] = []
        self.address: str | None = None
        self._ready = threading.Event()
        surroundings = {**os.environ, "DATA_DIR": str(data), "PORT": str(self.port), "HOST": "127.0.0.1", **settings}
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ops.run"],
            cwd=ROOT,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.output.append(line.rstrip())
            if found := ADDRESS.search(line):
                self.address = found.group(0)
                self._ready.set()
        self._ready.set()

    def wait_until_ready(self, seconds: float = 900) -> float:
        """Waits for the printed address; returns the seconds from the start."""
        self._ready.wait(seconds)
        if self.address is None:
            raise RuntimeError("\n".join(self.output[-20:]))
        return time.monotonic() - self.started

    def stop(self) -> float:
        """Asks it to stop, as Ctrl-C would; returns the seconds that it took."""
        asked = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        return time.monotonic() - asked

    def pids(self, module: str) -> list[int]:
        """The processes of this copy that run a module (bot.server, actions.server, api.server)."""
        return [pid for pid, command in self.processes() if f"-m {module}" in command and "setpriv" not in command]

    def processes(self) -> list[tuple[int, str]]:
        """All living processes that belong to this copy, with their command lines."""
        mark = f"DATA_DIR={self.data}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                    found.append((int(entry.name), command))
            except OSError:
                continue
        return [(pid, command) for pid, command in found if command]

    def memory(self) -> dict[str, int]:
        """Resident memory of all processes, in MiB, by command."""
        used: dict[str, int] = {}
        for pid, command in self.processes():
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            except OSError:
                continue
            kilobytes = re.search(r"VmRSS:\s+(\d+)", status)
            name = command.split(" -m ")[-1].split()[0] if " -m " in command else command.split("/")[-1].split()[0]
            used[f"{name}#{pid}"] = int(kilobytes.group(1)) // 1024 if kilobytes else 0
        return used


@contextmanager
def running_house(data: Path, **settings: str) -> Iterator[RunningHouse]:
    """A house that is ready; stopped at the end whatever happens."""
    house = RunningHouse(data, settings)
    try:
        house.wait_until_ready()
        yield house
    finally:
        house.stop()
