"""Ports and places of side-by-side copies, and what people read when they are taken."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from ops import places, ports
from ops.say import SetupError


def test_a_port_in_use_is_named_with_what_to_type() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=rf"ポート {port} はもう使われています.*\n.*make run PORT=\d+ DATA_DIR="):
            ports.check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_not_taken_for_a_port_in_use() -> None:
    with pytest.raises(SetupError, match="待ち受けできません"):
        ports.check_port("192.0.2.1", ports.free_ports(1)[0])


@pytest.mark.parametrize("wanted", ["abc", "0", "65536", "-1", "８０８０"])
def test_a_port_that_is_none_is_explained(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", wanted)
    if wanted == "８０８０":  # a full-width number is meant well
        assert ports.our_port() == 8080
    else:
        with pytest.raises(SetupError, match=re.escape(wanted)):
            ports.our_port()


def test_inner_ports_differ_and_lie_where_the_kernel_gives_none_away() -> None:
    found = ports.free_ports(3)
    assert len(set(found)) == 3
    lowest = int(ports.EPHEMERAL.read_text(encoding="ascii").split()[0])
    assert lowest <= ports.LOWEST or all(port < lowest for port in found)


def test_a_data_dir_serves_one_copy_at_a_time(tmp_path: Path) -> None:
    with places.alone_in(tmp_path), pytest.raises(SetupError, match="もう動いています"), places.alone_in(tmp_path):
        pass
    with places.alone_in(tmp_path):
        pass


def test_a_new_data_dir_is_nobody_elses_business(tmp_path: Path) -> None:
    with places.alone_in(tmp_path / "new"):
        assert (tmp_path / "new").stat().st_mode & 0o077 == 0
