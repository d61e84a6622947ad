"""A new task is one data file: no code, no change of the domain."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from actions.tasks.engine import step
from actions.tasks.state import State
from actions.tasks.world import World
from actions.turn import Turn
from core.clock import TOKYO
from knowledge.loader import load
from knowledge.task_files import read_tasks

TOY = """
id: lunch
title: お弁当の注文
starts: ['弁当(を)?(頼|注文)']
fields:
  - {id: dish, label: お弁当, ask: どちらにしますか。, type: choice, choices: [{label: 幕の内, value: maku}, {label: のり弁, value: nori}]}
  - {id: count, label: 数, ask: いくつですか。, type: number, unit: 個, cues: ['個']}
  - {id: spoons, label: はし, ask: おはしは要りますか。, type: choice, reader: yes_no, when: dish == 'maku' and count is not None,
     choices: [{label: はい, value: true}, {label: いいえ, value: false}]}
end: {text: '{dish}を{count}、はし{spoons}で承りました。'}
"""


def _world(tmp_path: Path) -> World:
    (tmp_path / "lunch.yaml").write_text(TOY, encoding="utf-8")
    known, faults = load(), list[str]()
    tasks = read_tasks(tmp_path, known.sources, faults)
    assert not faults
    return World(replace(known, tasks={**known.tasks, **tasks}), datetime(2026, 11, 23, 10, tzinfo=TOKYO))


def test_a_task_from_one_file_asks_reads_and_ends(tmp_path: Path) -> None:
    world, state, said = _world(tmp_path), State(), []
    for text in ("弁当を注文したい、3個", "幕の内", "いらん、ないほうがええ", "いいえ"):
        outcome = step(Turn(text=text, intent="inform"), state, world)
        state = State.read(outcome.state.as_slot())
        said.append(outcome.messages[-1])
    assert said[0]["ask"]["field"] == "dish"
    assert said[1]["ask"]["field"] == "spoons"
    assert "幕の内を3個、はしいいえで承りました" in said[-1]["text"] or "幕の内を3個" in said[-2]["text"]


def test_its_button_starts_it_without_any_intent_of_its_own(tmp_path: Path) -> None:
    turn = Turn(text="お弁当", intent="start_task", choice={"type": "task", "task": "lunch"})
    outcome = step(turn, State(), _world(tmp_path))
    assert outcome.open
    assert outcome.messages[0]["ask"] == {"field": "dish", "type": "choice"}


def test_the_domain_names_no_task_and_no_field() -> None:
    domain = Path("domain.yml").read_text(encoding="utf-8")
    for name in load().tasks["estimate"].fields:
        assert f" {name.id}:" not in domain
    assert "required_slots: [reply]" in domain


def test_a_wrong_file_is_refused_with_file_and_mend(tmp_path: Path) -> None:
    (tmp_path / "lunch.yaml").write_text(
        TOY.replace("id: lunch", "id: dinner").replace("弁当(を)", "弁当(を"), encoding="utf-8"
    )
    faults: list[str] = []
    read_tasks(tmp_path, {}, faults)
    assert any("lunch.yaml" in fault and "言い方の型" in fault for fault in faults)
