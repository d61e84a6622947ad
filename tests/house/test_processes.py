"""How the house stands: loopback only, side by side, and gone without a trace."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from ops.running import RunningHouse, running_house

pytestmark = pytest.mark.house
LOOPBACK = {"0100007F"}


def listening(pid: int) -> set[str]:
    """The addresses (hex, as the kernel writes them) that a process listens on."""
    sockets = {os.readlink(fd) for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1].split(":")[0])
    return found


@pytest.mark.parametrize("module", ["bot.server", "actions.server", "api.server"])
def test_every_process_listens_on_loopback_only(house: RunningHouse, module: str) -> None:
    addresses = [address for pid in house.pids(module) for address in listening(pid)]
    assert set(addresses) == LOOPBACK


def test_telemetry_is_off(house: RunningHouse) -> None:
    surroundings = Path(f"/proc/{house.pids('bot.server')[0]}/environ").read_bytes()
    assert b"RASA_TELEMETRY_ENABLED=false" in surroundings


def test_a_second_copy_runs_beside_the_first_and_sigterm_stops_it_with_all_children(
    house: RunningHouse, tmp_path: Path
) -> None:
    with running_house(tmp_path) as second:
        assert second.url != house.url
        assert len(second.processes()) >= 4
        assert second.stop() < 10
        assert second.processes() == []


def test_nothing_stays_when_the_parent_is_killed(tmp_path: Path) -> None:
    with running_house(tmp_path) as copy:
        os.kill(copy.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while copy.processes() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert copy.processes() == []


def test_a_port_in_use_is_named_with_a_way_out(house: RunningHouse, tmp_path: Path) -> None:
    copy = RunningHouse(tmp_path, {"PORT": str(house.port)})
    copy.process.wait(60)
    assert f"ポート {house.port} はもう使われています" in "\n".join(copy.output)
    assert copy.process.returncode == 1
