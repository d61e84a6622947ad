"""Ports: free ones for the inner processes, and a clear word when ours is taken."""

from __future__ import annotations

import errno
import os
import random
import socket
from pathlib import Path

from ops.say import SetupError

LOWEST = 15000
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody uses now, and that the kernel hands to nobody before we listen there."""
    end = int(EPHEMERAL.read_text(encoding="ascii").split()[0]) if EPHEMERAL.exists() else 32768
    found: list[int] = []
    for port in random.sample(range(LOWEST, end), end - LOWEST) if end > LOWEST else []:
        if len(found) == count:
            break
        if taken("127.0.0.1", port) is None:
            found.append(port)
    return found if len(found) == count else kernels_choice(count)


def kernels_choice(count: int) -> list[int]:
    """Free ports as the kernel gives them."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def our_port() -> int:
    """The port that people use (PORT, default 8000)."""
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdecimal() or not 1 <= int(wanted) <= 65535:
        raise SetupError(f"PORT は 1〜65535 の数で指定してください（いまは「{wanted}」）。例: make run PORT=8001")
    return int(wanted)


def check_port(host: str, port: int) -> None:
    """Says what to type when we cannot listen there."""
    why = taken(host, port)
    if why == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        raise SetupError(
            f"ポート {port} はもう使われています。\n"
            f"  別のポートと置き場所で「make run PORT={other} DATA_DIR=var-{other}」のように打ってください。"
        )
    if why is not None:
        reason = os.strerror(why) if why > 0 else "アドレスが見つかりません"
        raise SetupError(f"{host}:{port} では待ち受けできません（{reason}）。HOST と PORT を確かめてください。")


def taken(host: str, port: int) -> int | None:
    """Why one cannot listen there (an errno, or a negative number when the address is unknown), or None."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.errno or -1
    return None
