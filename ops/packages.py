"""Debian packages that the tests need: Chromium with Japanese fonts, and PostgreSQL."""

from __future__ import annotations

import glob
import os
import shutil

from ops.commands import attempt, last_words
from ops.places import only_one
from ops.say import SetupError, step

CHROMIUM = ("chromium", "fonts-noto-cjk")
POSTGRESQL = ("postgresql",)
FONTS = "/usr/share/fonts/opentype/noto/NotoSansCJK*"
SERVERS = "/usr/lib/postgresql/*/bin/pg_ctl"


def browser() -> None:
    """Makes sure that Debian's Chromium and Japanese fonts are there."""
    if not (shutil.which("chromium") and glob.glob(FONTS)):
        install("ブラウザと日本語フォント", CHROMIUM)


def postgresql() -> None:
    """Makes sure that a PostgreSQL server can be started."""
    if not glob.glob(SERVERS):
        install("PostgreSQL", POSTGRESQL)


def install(what: str, packages: tuple[str, ...]) -> None:
    """Installs Debian packages; a failure is an error, never a skipped test."""
    apt = [*([] if os.geteuid() == 0 else ["sudo"]), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]
    with only_one("apt"), step(f"{what}を入れます（初回だけ）"):
        attempt([*apt, "update"])
        done = attempt([*apt, "install", "--yes", "--no-install-recommends", *packages])
        if done.returncode:
            raise SetupError(
                f"{what}を入れられませんでした。次を打ってから、もう一度お試しください。\n"
                f"    sudo apt-get update && sudo apt-get install {' '.join(packages)}\n  理由: {last_words(done)}"
            )
