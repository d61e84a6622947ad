"""Debian packages that the tests need: Chromium with Japanese fonts, and PostgreSQL."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess

from ops.places import only_one
from ops.say import SetupError, step

CHROMIUM = ("chromium", "fonts-noto-cjk")
POSTGRESQL = ("postgresql",)


def browser() -> None:
    """Makes sure that Debian's Chromium and Japanese fonts are there."""
    fonts = glob.glob("/usr/share/fonts/opentype/noto/NotoSansCJK*")
    if not (shutil.which("chromium") and fonts):
        install("ブラウザと日本語フォント", CHROMIUM)


def postgresql() -> None:
    """Makes sure that a PostgreSQL server can be started."""
    if not glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"):
        install("PostgreSQL", POSTGRESQL)


def install(what: str, packages: tuple[str, ...]) -> None:
    """Installs Debian packages; a failure is an error, never a skipped test."""
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with only_one("apt"), step(f"{what}を入れます"):
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
            done = subprocess.run([*sudo, *command], env=settings, capture_output=True, text=True, check=False)
        if done.returncode:
            listed = " ".join(packages)
            raise SetupError(
                f"{what}を入れられませんでした。次を打ってから、もう一度お試しください。\n"
                f"    sudo apt-get install {listed}\n{done.stderr.strip()[-800:]}"
            )
