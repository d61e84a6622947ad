"""The phrasings as Rasa gets them: all of them, and a broken file is named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ops.environments import environment
from ops.places import ROOT

READ = """
import sys
from pathlib import Path
from bot.importer import phrasings
print(list(phrasings(Path(sys.argv[1]))))
"""
GOOD = 'version: "3.1"\nnlu:\n- intent: ask/scheme.overview\n  examples: |\n    - 制度とは\n    - これは何\n'


def read(path: Path) -> subprocess.CompletedProcess[str]:
    command = [str(environment("bot")), "-W", "ignore", "-c", READ, str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (our own)


def test_every_line_comes_with_its_intent(tmp_path):
    path = tmp_path / "good.yml"
    path.write_text(GOOD, encoding="utf-8")
    assert read(path).stdout.strip() == "[('ask/scheme.overview', '制度とは'), ('ask/scheme.overview', 'これは何')]"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("の形ではありません", GOOD.replace("    - これは何", "    これは何")),
        ("かたまりがありません", GOOD.split("  examples")[0]),
        ("かたまりがありません", "version: '3.1'\n"),
    ],
)
def test_a_broken_file_is_named(tmp_path, said, text):
    path = tmp_path / "broken.yml"
    path.write_text(text, encoding="utf-8")
    done = read(path)
    assert done.returncode
    assert "broken.yml" in done.stderr
    assert said in done.stderr
