"""Finding Python 3.10, and what people read when it is not there."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from ops import environments
from ops.say import SetupError


def program(path: Path, answer: str, code: int = 0) -> Path:
    """A stand-in interpreter that prints a version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python 3.10, on which uv can fetch nothing."""
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(environments, "tools", lambda: program(tmp_path / "uv", "no network", code=1))
    return tmp_path


def test_the_python_on_path_comes_first(empty_machine: Path) -> None:
    expected = program(empty_machine / "bin" / "python3.10", "Python 3.10.13")
    program(empty_machine / ".pyenv/versions/3.10.9/bin/python", "Python 3.10.9")
    assert environments.rasa_python() == expected


def test_a_shim_that_does_not_run_is_passed_over(empty_machine: Path) -> None:
    program(empty_machine / "bin" / "python3.10", "pyenv: version is not installed", code=127)
    expected = program(empty_machine / ".pyenv/versions/3.10.13/bin/python", "Python 3.10.13")
    assert environments.rasa_python() == expected


def test_without_any_python_3_10_people_read_what_to_type(empty_machine: Path) -> None:
    with pytest.raises(SetupError) as refused:
        environments.rasa_python()
    said = str(refused.value)
    assert "Python 3.10" in said
    assert "pyenv install 3.10" in said
    assert "make run" in said


def test_a_machine_without_venv_is_told_which_package_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "ensurepip is not available")
    monkeypatch.setattr(environments, "CACHE", tmp_path)
    monkeypatch.setattr("ops.places.CACHE", tmp_path)
    monkeypatch.setattr(environments.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SetupError, match="python3-venv"):
        environments.tools()


def test_a_python_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "OLDEST", (4, 0))
    with pytest.raises(SetupError, match="以上が要ります"):
        environments.environment("app")


def test_the_wrong_rasa_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    ancient = subprocess.CompletedProcess([], 0, "1.10.2\n", "")
    monkeypatch.setattr(environments.subprocess, "run", lambda *_, **__: ancient)
    with pytest.raises(SetupError, match="1.10.2"):
        environments.check("bot", Path("python"))


def test_a_failed_command_shows_its_own_words() -> None:
    with pytest.raises(SetupError, match="what went wrong"):
        environments.run(["sh", "-c", "echo what went wrong >&2; exit 3"])


def test_no_lock_names_an_index() -> None:
    for lock in (environments.ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert "--hash=sha256:" in text, lock.name


def test_an_environment_is_built_once_even_when_two_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading
    import time

    built: list[Any] = []

    def build(interpreter: Path, lock: Path, home: Path) -> None:
        time.sleep(0.2)
        home.mkdir(parents=True)
        built.append(home)

    monkeypatch.setattr(environments, "CACHE", tmp_path)
    monkeypatch.setattr("ops.places.CACHE", tmp_path)
    monkeypatch.setattr(environments, "build", build)
    threads = [threading.Thread(target=environments.environment, args=("app",)) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(built) == 1
