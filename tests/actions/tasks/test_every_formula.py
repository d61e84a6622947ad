"""Every methodology with a formula can be estimated in conversation, answered with the examples that it shows itself."""

from __future__ import annotations

import pytest

from knowledge.loader import HERE
from knowledge.methodology_book import load_book
from tests.conversations.playing import Talk, shown

BOOK = load_book(HERE)
PAIRS = [
    (methodology.id, formula.id)
    for methodology in BOOK.methodologies.values()
    for formula in BOOK.formulas_of(methodology)
    if formula.gives == "reduction"
]
MOST_QUESTIONS = 16
NAMED = {
    "ef": "東北・4時間排除・稲わら",
    "fuels.fuel": "A重油",
    "fuels.before": "前は40kL、後は20kL",
    "el_before": "前は19万kWh、後は4万kWh",
}


def _answer(formula_id: str, fields: list[str]) -> str:
    formula = BOOK.formulas[formula_id]
    names = {item.name: item for item in formula.inputs}
    if fields[0] == "ef" and formula_id != "AG-005-O":
        return names["ef"].example
    if fields[0] in NAMED:
        return NAMED[fields[0]]
    return " と ".join(names[name].example for name in fields)


@pytest.mark.parametrize(("methodology_id", "formula_id"), PAIRS)
def test_the_examples_lead_to_an_estimate(methodology_id: str, formula_id: str) -> None:
    talk = Talk()
    carried = {"activity": methodology_id, "formula": formula_id}
    talk.choose({"type": "task", "task": "estimate", "values": carried})
    for _ in range(MOST_QUESTIONS):
        if talk.messages[-1]["kind"] == "estimate":
            break
        ask = talk.messages[-1]["ask"]
        talk.say(_answer(formula_id, ask.get("fields") or [ask["field"]]))
        assert "読み取れません" not in talk.messages[-1]["text"], shown(talk)
    card = talk.messages[-1]["card"]
    assert card is not None, shown(talk)
    assert (card["methodology_id"], card["formula_id"]) == (methodology_id, formula_id)


@pytest.mark.parametrize(
    "methodology_id", [m.id for m in BOOK.methodologies.values() if m.words and m.status == "active"]
)
def test_its_own_words_start_an_estimate_of_it_or_ask_back(methodology_id: str) -> None:
    methodology = BOOK.methodologies[methodology_id]
    for word in methodology.words:
        talk = Talk()
        talk.say(f"{word}で何トン減るか計算して", "estimate")
        offered = {c["ref"].get("value") for m in talk.messages for c in m["choices"]}
        assert talk.values.get("activity") == methodology_id or methodology_id in offered, (word, shown(talk))
