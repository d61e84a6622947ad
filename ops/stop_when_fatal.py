"""supervisord's listener: when a process keeps dying, all stop with the reason. Never half a system."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path


def main(reason: Path) -> None:
    """Speaks supervisord's event protocol on standard input and output."""
    while True:
        print("READY", flush=True)
        header = dict(pair.split(":") for pair in sys.stdin.readline().split())
        event = dict(pair.split(":") for pair in sys.stdin.read(int(header["len"])).split())
        reason.write_text(event.get("processname", "?"), encoding="utf-8")
        os.kill(os.getppid(), signal.SIGTERM)
        sys.stdout.write("RESULT 2\nOK")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
