"""Keeps programs alive under supervisord: restarts what dies, stops all together, leaves nobody behind."""

from __future__ import annotations

import os
import secrets
import shlex
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ops.commands import dies_with_parent
from ops.places import ROOT

STOP_SECONDS = 4  # for one program to obey; with what follows everything is gone within 10 seconds
MARK = "HOUSE_MARK"

CONFIGURATION = """[supervisord]
nodaemon=true
silent=true
logfile={run}/supervisord.log
logfile_maxbytes=1MB
pidfile={run}/supervisord.pid
childlogdir={logs}

; one group, because groups are stopped one after the other
[group:house]
programs={names}

{programs}
[eventlistener:watch]
command={listener}
events=PROCESS_STATE_FATAL
directory={root}
stopwaitsecs=1
stdout_logfile=NONE
stderr_logfile={run}/watch.log
stderr_logfile_maxbytes=1MB
stderr_logfile_backups=0
"""
PROGRAM = """[program:{name}]
command={command}
directory={root}
autorestart=true
startsecs={steady_after}
startretries=3
stopsignal=TERM
stopwaitsecs={stop}
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=3

"""


@dataclass(frozen=True)
class Program:
    """One program to keep alive; it dies for good when it never lives `steady_after` seconds."""

    name: str
    command: tuple[str, ...]
    steady_after: int = 1


@dataclass
class Supervisor:
    """A running supervisord with its programs."""

    process: subprocess.Popen[bytes]
    data: Path
    mark: str

    def ended(self, seconds: float) -> bool:
        """Waits so long for the end; whether it came."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Stops everything; what does not obey, or was left alone by a killed parent, is killed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            if not self.ended(STOP_SECONDS + 3):
                self.process.kill()
                self.process.wait()
        deadline = time.monotonic() + 1
        while (left := marked(self.mark)) and time.monotonic() < deadline:
            for pid in left:
                kill(pid)
            time.sleep(0.02)

    def given_up(self) -> str | None:
        """The program that kept dying, if that is why everything stopped."""
        found = reason_file(self.data)
        return found.read_text(encoding="utf-8") if found.exists() else None

    def last_lines(self, name: str, count: int = 8) -> list[str]:
        """The end of a program's log."""
        log = self.log(name)
        return log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-count:] if log.exists() else []

    def log(self, name: str) -> Path:
        """Where a program's output goes."""
        return self.data / "logs" / f"{name}.log"


def start(programs: list[Program], python: Path, data: Path, surroundings: dict[str, str]) -> Supervisor:
    """Starts supervisord, from the environment of `python`, with the programs; it ends when we do, even by SIGKILL."""
    for folder in (data / "run", data / "logs"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    reason_file(data).unlink(missing_ok=True)
    configuration = data / "run" / "supervisord.conf"
    configuration.write_text(configured(programs, python, data), encoding="utf-8")
    mark = secrets.token_hex(8)
    process = subprocess.Popen(
        [str(python), "-m", "supervisor.supervisord", "-c", str(configuration)],
        cwd=ROOT,
        env={**surroundings, MARK: mark},
        stdin=subprocess.DEVNULL,
        preexec_fn=dies_with_parent(signal.SIGTERM),
        start_new_session=True,
    )
    return Supervisor(process, data, mark)


def configured(programs: list[Program], python: Path, data: Path) -> str:
    """supervisord's configuration for these programs."""
    common = {"root": ROOT, "run": data / "run", "logs": data / "logs"}
    written = "".join(
        PROGRAM.format(
            name=program.name,
            command=shlex.join(("setpriv", "--pdeathsig", "KILL", *program.command)),
            steady_after=program.steady_after,
            stop=STOP_SECONDS,
            **common,
        )
        for program in programs
    )
    listener = shlex.join((str(python), "-m", "ops.giving_up", str(reason_file(data))))
    names = ",".join(program.name for program in programs)
    return CONFIGURATION.format(names=names, programs=written, listener=listener, **common).replace("%", "%%")


def reason_file(data: Path) -> Path:
    """Where the listener writes the name of the program that kept dying."""
    return data / "run" / "reason"


def marked(mark: str) -> list[int]:
    """The living processes that carry a mark in their environment: descendants, however they were orphaned."""
    entry = f"{MARK}={mark}".encode()
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and entry in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:  # ended meanwhile, or another user's
            continue
    return found


def kill(pid: int) -> None:
    """Kills a process that may have ended already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
