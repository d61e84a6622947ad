"""Finding Python 3.10, and what people read when it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops import interpreters
from ops.interpreters import RASA_PYTHON
from ops.say import SetupError


def program(path: Path, script: str) -> Path:
    """A stand-in program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def python(path: Path, version: str) -> Path:
    """A stand-in interpreter that says which version it is."""
    return program(path, f'echo "{version} $0"')


def nothing_fetched(place: Path) -> Path:
    """A uv that can fetch nothing."""
    return program(place / "uv", "echo 'error: could not resolve the host' >&2; exit 2")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python 3.10."""
    monkeypatch.setenv("PATH", f"{tmp_path}/first:{tmp_path}/second")
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def found(machine: Path) -> Path:
    return interpreters.rasa_python(lambda: nothing_fetched(machine)).program


def test_the_python_on_path_comes_first(machine: Path) -> None:
    expected = python(machine / "second/python3.10", "3.10.4")
    python(machine / ".pyenv/versions/3.10.13/bin/python3.10", "3.10.13")
    assert found(machine) == expected


def test_a_shim_that_does_not_run_is_passed_over(machine: Path) -> None:
    program(machine / "first/python3.10", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    expected = python(machine / "second/python3.10", "3.10.4")
    assert found(machine) == expected


def test_pyenv_is_searched_when_the_shim_does_not_run(machine: Path) -> None:
    program(machine / "first/python3.10", "exit 127")
    expected = python(machine / ".pyenv/versions/3.10.13/bin/python3.10", "3.10.13")
    assert found(machine) == expected


def test_a_python_of_another_version_under_that_name_is_passed_over(machine: Path) -> None:
    python(machine / "first/python3.10", "3.12.1")
    expected = python(machine / "second/python3.10", "3.10.4")
    assert found(machine) == expected


def test_uv_fetches_one_when_there_is_none(machine: Path) -> None:
    fetched = python(machine / "fetched/python3.10", "3.10.20")
    uv = program(machine / "uv", f'[ "$2" = find ] && echo {fetched}; exit 0')
    assert interpreters.rasa_python(lambda: uv).program == fetched


def test_when_nothing_can_be_fetched_people_read_what_is_missing_and_what_to_type(machine: Path) -> None:
    with pytest.raises(SetupError) as refused:
        found(machine)
    said = str(refused.value)
    assert f"Python {RASA_PYTHON} が要りますが、見つかりません" in said
    assert f"pyenv install {RASA_PYTHON}" in said
    assert "make run" in said
    assert "could not resolve the host" in said


def test_a_python_that_is_too_old_is_named_with_a_way_out() -> None:
    with pytest.raises(SetupError, match=r"3\.11 以上が要ります.*\n.*make run PYTHON=python3\.11"):
        interpreters.our_python((3, 10))
