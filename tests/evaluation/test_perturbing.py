from __future__ import annotations

from evaluation.perturbing import SPELLINGS, perturbed
from evaluation.questions import read_questions


def test_spellings_are_the_same_every_time():
    questions = read_questions()[:50]
    assert perturbed(questions) == perturbed(questions)


def test_every_way_changes_some_questions_and_keeps_what_is_right():
    questions = read_questions()
    changed = perturbed(questions)
    assert {q.perturbed for q in changed} == set(SPELLINGS)
    right = {q.id: (q.facts, q.must) for q in questions}
    assert all((q.facts, q.must) == right[q.id] for q in changed)
