"""What a whole message says for an estimate: the activity, and every amount with its role."""

from __future__ import annotations

from actions.readers.common import Reading
from actions.readers.methodology import groups_said, methodologies_said
from actions.tasks.candidates import candidates_in, label_of
from actions.tasks.estimate.amounts import Amount, amounts_in, same_kind
from actions.tasks.estimate.calculation import calculate
from actions.tasks.estimate.energies import energies, fuel_alone
from actions.tasks.estimate.inputs import ENERGY, asked_inputs, formula_of, partner_of
from actions.tasks.state import Frame
from actions.tasks.world import World
from actions.turn import Turn
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula
from knowledge.schema_tasks import Option, Task

Heard = dict[str, Reading]
NO_AMOUNTS = ("activity", "formula", "fuels.fuel", "fuels.fuel_after", "compare")


def hear(task: Task, turn: Turn, frame: Frame, world: World) -> Heard:
    """The activity (when not known yet, or after the end), the formula that the amounts decide, the amounts."""
    book = world.book
    amounts = amounts_in(task, turn.text, book)
    activity = _activity(task, turn, frame, world)
    heard: Heard = {"activity": activity} if activity else {}
    heard |= _comparison(task, turn, frame, activity, world)
    known = activity.value if activity and activity.value else _known(frame, "activity")
    energy = energies(task, turn.text, amounts, frame, book) or fuel_alone(turn.text, frame, book)
    if known not in (None, ENERGY):
        return heard | _for_methodology(task, str(known), amounts, energy, frame, book)
    if energy and known is None and not (activity and activity.options) and not methodologies_said(turn.text, book):
        heard["activity"] = _energy_activity(task)
    return heard | _unasked(frame, energy)


def compared(task: Task, turn: Turn, book: Book) -> list[str]:
    """The methodologies that 「LEDとボイラーどっちが大きい？」 sets side by side."""
    if not task.says("compare").search(turn.text):
        return []
    groups = [group for group in groups_said(turn.text, book) if group]
    return [group[0] for group in groups][:2] if len(groups) >= 2 else []


def _activity(task: Task, turn: Turn, frame: Frame, world: World) -> Reading | None:
    if "activity" in frame.asked or (_known(frame, "activity") is not None and frame.stage != "done"):
        return None
    book, found = world.book, candidates_in(turn, world)
    if pair := compared(task, turn, book):
        found = [next((i for i in pair if i != _known(frame, "activity")), pair[0])]
    if len(found) == 1:
        return Reading(found[0], 0.9, book.methodologies[found[0]].name)
    options = tuple(Option(label=label_of(i, world), value=i) for i in found)
    return Reading(None, 0.3, "、".join(o.label for o in options), options=options) if options else None


def _comparison(task: Task, turn: Turn, frame: Frame, activity: Reading | None, world: World) -> Heard:
    """What a question like 「ボイラーとどっちが大きい？」 still has to work out, and what is known already."""
    if activity is None or not task.says("compare").search(turn.text):
        return {}
    pair = compared(task, turn, world.book)
    current = _known(frame, "activity")
    if frame.stage == "done" and current != activity.value and (not pair or current in pair):
        formula = formula_of(task, frame.values, world.book)
        if formula is not None:
            result = calculate(task, formula, frame.values, world)
            done = [{"name": frame.values["activity"].shown, "reduction": str(result.reduction_tco2)}]
            return {"compare": Reading({"next": [], "done": done}, 0.9, "")}
    rest = [i for i in pair if i != activity.value]
    return {"compare": Reading({"next": rest, "done": []}, 0.9, "")} if rest else {}


def _known(frame: Frame, name: str) -> object:
    given = frame.values.get(name)
    return given.value if given else None


def _energy_activity(task: Task) -> Reading:
    option = next(o for item in task.fields if item.id == "activity" for o in item.choices if o.value == ENERGY)
    return Reading(ENERGY, 0.9, option.label)


def _unasked(frame: Frame, heard: Heard) -> Heard:
    """A single amount that the open question asks for belongs to that question, whatever words are around it."""
    amounts = [name for name in heard if name not in NO_AMOUNTS]
    if len(amounts) != 1 or len(frame.asked) != 1 or frame.asked[0] in NO_AMOUNTS:
        return heard
    return {name: reading for name, reading in heard.items() if name == "fuels.fuel" and name not in frame.values}


def _for_methodology(
    task: Task, methodology_id: str, amounts: list[Amount], energy: Heard, frame: Frame, book: Book
) -> Heard:
    """The formula whose inputs the amounts fill best, and those inputs."""
    methodology = book.methodologies.get(methodology_id)
    if methodology is None:
        return {}
    chosen = (
        formula_of(task, frame.values, book)
        if frame.values.get("activity") and _known(frame, "activity") == methodology_id
        else None
    )
    formulas = [chosen] if chosen else [f for f in book.formulas_of(methodology) if f.gives == "reduction"]
    screening_first = task.settings["screening_first"]
    best: tuple[int, Heard, Formula | None] = (0, {}, None)
    for formula in formulas:
        found = (
            energy if formula.id == task.settings["energy_formula"] else _inputs(task, formula, amounts, frame, book)
        )
        score = len(found) * 4 + 2 * (formula.kind == "screening_estimate") + (formula.id in screening_first)
        if found and score > best[0]:
            best = (score, found, formula)
    _, found, filled = best
    if filled is None:
        return {}
    found = _unasked(frame, found)
    if not chosen and len(formulas) > 1 and found:
        label = next((o.label for o in task.options["formula"] if o.value == filled.id), filled.title)
        found = {"formula": Reading(filled.id, 0.85, label), **found}
    return found


def _inputs(task: Task, formula: Formula, amounts: list[Amount], frame: Frame, book: Book) -> Heard:
    """Each amount to the input of its kind; of two, before and after by role."""
    items = [item for item in asked_inputs(task, formula, frame.values) if not item.is_factor]
    heard: Heard = {}
    for amount in amounts:
        unit = amount.quantity.unit
        fitting = [item for item in items if unit and item.name not in heard and _takes(book, item, unit)]
        if len(fitting) > 1:
            after = [item for item in fitting if partner_of(task, item.name)]
            before = [item for item in fitting if item not in after]
            fitting = {"before": before, "after": after}.get(amount.role or "", [])
        if len(fitting) == 1:
            heard[fitting[0].name] = amount.reading
    return heard


def _takes(book: Book, item, unit: str) -> bool:  # type: ignore[no-untyped-def]
    targets = [*item.also, *(item.accepts or [item.unit.removesuffix("/年")])]
    symbols = [symbol for target in targets if (symbol := book.units.symbol_of(target))]
    return any(same_kind(book, symbol, unit) for symbol in symbols)
