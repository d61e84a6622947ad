"""Building the environments: once, from hashed locks, and with words that help when it fails."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ops import commands, environments, places
from ops.interpreters import Interpreter
from ops.say import SetupError


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environments, "CACHE", tmp_path)
    monkeypatch.setattr(places, "CACHE", tmp_path)
    return tmp_path


def test_a_machine_without_venv_is_told_which_package_is_missing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess(
        [], 1, "The virtual environment was not created: ensurepip is not available.", ""
    )
    monkeypatch.setattr(environments, "attempt", lambda *_, **__: failed)
    with pytest.raises(SetupError, match="sudo apt install python3-venv") as refused:
        environments.tools()
    assert "ensurepip is not available" in str(refused.value)


def test_the_wrong_rasa_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    ancient = subprocess.CompletedProcess([], 0, "1.10.2\n", "")
    monkeypatch.setattr(environments, "attempt", lambda *_, **__: ancient)
    with pytest.raises(SetupError, match=r"1\.10\.2"):
        environments.check("bot", Path("python"))


def test_a_failed_command_shows_its_own_words() -> None:
    with pytest.raises(SetupError, match="what went wrong"):
        commands.run(["sh", "-c", "echo what went wrong >&2; exit 3"])


def test_a_program_that_is_not_there_fails_like_any_other() -> None:
    assert commands.attempt(["no-such-program"]).returncode


def test_no_lock_names_an_index_or_a_place_of_this_machine() -> None:
    locks = list((places.ROOT / "requirements").glob("*.txt"))
    assert {lock.stem for lock in locks} == {"tools", "bot", "app", "dev"}
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert str(Path.home()) not in text, lock.name
        assert "--hash=sha256:" in text, lock.name


def test_an_environment_that_was_not_finished_is_built_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(python: Path, lock: Path, home: Path) -> None:
        home.mkdir(parents=True)
        raise SetupError("no network")

    def whole(python: Path, lock: Path, home: Path) -> None:
        (home / "whole").touch()

    monkeypatch.setattr(environments, "build", broken)
    with pytest.raises(SetupError, match="no network"):
        environments.environment("app")
    monkeypatch.setattr(environments, "build", whole)
    assert (environments.environment("app").parent.parent / "whole").exists()


def test_a_python_inside_an_environment_stands_for_the_one_behind_it(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "build", lambda python, lock, home: home.mkdir(parents=True))
    assert sys.prefix != sys.base_prefix, "the tests run in an environment"
    inside = environments.environment("app")
    monkeypatch.setattr(sys, "executable", str(Path(sys.executable).resolve()))
    assert environments.environment("app") == inside


SET_UP = """
    import sys, time
    from pathlib import Path
    from ops import environments, places
    environments.CACHE = places.CACHE = Path(sys.argv[1])

    def build(python, lock, home):
        home.mkdir(parents=True)  # fails for the second one who builds
        time.sleep(1)
        (places.CACHE / "built").open("a").write("once ")

    environments.build = build
    print(environments.environment("app"))
"""


def test_two_set_ups_at_once_build_once_and_the_other_waits(tmp_path: Path) -> None:
    code = textwrap.dedent(SET_UP)
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], cwd=places.ROOT, stdout=subprocess.PIPE, encoding="utf-8"
        )
        for _ in range(2)
    ]
    said = [one.communicate(timeout=30)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert (tmp_path / "built").read_text(encoding="utf-8") == "once "
    assert said[0].splitlines()[-1] == said[1].splitlines()[-1]
    assert sum("待ちます" in text for text in said) == 1


def test_rasa_and_our_own_code_never_share_an_environment(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: dict[str, Path] = {}
    monkeypatch.setattr(environments, "rasa_python", lambda uv: Interpreter(Path("/rasa/python3.10"), "3.10.13"))
    monkeypatch.setattr(environments, "check", lambda name, python: None)

    def build(python: Path, lock: Path, home: Path) -> None:
        home.mkdir(parents=True)
        used[lock.stem] = python

    monkeypatch.setattr(environments, "build", build)
    assert environments.environment("bot") != environments.environment("app")
    assert used == {"bot": Path("/rasa/python3.10"), "app": Path(sys.executable).resolve()}
