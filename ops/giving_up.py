"""supervisord's listener: when a program keeps dying, all stop with the reason. Never half a system."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path


def main(reason: Path) -> None:
    """Speaks supervisord's event protocol on standard input and output, until supervisord is gone."""
    while True:
        answer("READY\n")
        header = sys.stdin.readline()
        if not header:
            return
        event = pairs(sys.stdin.read(int(pairs(header)["len"])))
        reason.write_text(event["processname"], encoding="utf-8")
        os.kill(os.getppid(), signal.SIGTERM)
        answer("RESULT 2\nOK")


def pairs(line: str) -> dict[str, str]:
    """`key:value` words as a dict."""
    return dict(word.split(":", 1) for word in line.split())


def answer(text: str) -> None:
    """Writes to supervisord at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
