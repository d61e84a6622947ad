"""The questions of an estimate, made from the formula's inputs (knowledge/methodologies)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.readers.numbers import own_unit
from actions.tasks.world import Plan, Values, World
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula, Input
from knowledge.schema_tasks import Bundle, Option, Task, TaskField, Typical, Why

ENERGY, ELECTRICITY = "energy", "電気"
FUEL_PARTS = ("fuels.before", "fuels.after")
LONGEST_SPAN = 30
MOST_YEARS = 5


def plan(task: Task, values: Values, world: World) -> Plan:
    """Activity, then how to calculate where there is a choice, then the inputs of the formula."""
    book = world.book
    own = {item.id: item for item in task.fields}
    fields = [own["activity"], own["compare"]]
    formulas = formulas_of(task, values, book)
    if len(formulas) > 1:
        fields.append(_which_formula(own["formula"], task, formulas))
    formula = formula_of(task, values, book)
    bundles: dict[str, Bundle] = {}
    if formula is None:
        return Plan(fields, bundles)
    if formula.id == task.settings["energy_formula"]:
        fields += _energy_fields(task, own, values, bundles)
        fields += _inputs(task, formula, own, bundles, only_factors=True)
    else:
        fields += _inputs(task, formula, own, bundles)
    return Plan([*fields, _years(own["fiscal_year"], formula, values, book)], bundles)


def formulas_of(task: Task, values: Values, book: Book) -> list[Formula]:
    """The formulas that the activity can be worked out with, simplest first."""
    activity = _value(values, "activity")
    if activity == ENERGY:
        return [book.formulas[task.settings["energy_formula"]]]
    methodology = book.methodologies.get(activity) if activity else None
    if methodology is None:
        return []
    first = task.settings["screening_first"]
    usable = [formula for formula in book.formulas_of(methodology) if formula.gives == "reduction"]
    return sorted(usable, key=lambda f: (f.id not in first, f.kind != "screening_estimate"))


def formula_of(task: Task, values: Values, book: Book) -> Formula | None:
    """The formula that is used: the only one, or the chosen one."""
    formulas = formulas_of(task, values, book)
    if len(formulas) == 1:
        return formulas[0]
    chosen = _value(values, "formula")
    return next((formula for formula in formulas if formula.id == chosen), None)


def asked_inputs(task: Task, formula: Formula) -> list[Input]:
    """The inputs that a person has to give: no factors or minor terms with a default."""
    return [item for item in formula.inputs if _is_asked(task, item)]


def partner_of(task: Task, name: str) -> str | None:
    """The input before the change that belongs to the one after it: el_after → el_before, n_pj → n_bl."""
    for before, after in task.settings["before_after"]:
        if name.endswith(after):
            return f"{name.removesuffix(after)}{before}"
    return "fuels.before" if name == "fuels.after" else None


def _is_asked(task: Task, item: Input) -> bool:
    if item.name in task.settings["not_asked"] or not item.required:
        return False
    has_default = item.default is not None or item.default_from is not None
    return not has_default or (item.default is not None and not item.is_factor)


def _which_formula(item: TaskField, task: Task, formulas: list[Formula]) -> TaskField:
    labels = {option.value: option for option in task.options["formula"]}
    choices = [labels.get(f.id) or Option(label=f.title, value=f.id) for f in formulas]
    return item.model_copy(update={"choices": choices})


def _energy_fields(
    task: Task, own: dict[str, TaskField], values: Values, bundles: dict[str, Bundle]
) -> list[TaskField]:
    """Which energy, then how much of it before and after; amounts that were said count whatever the energy is."""
    fuel = _value(values, "fuels.fuel")
    electric = fuel == ELECTRICITY or (fuel is None and any(n in values for n in ("el_before", "el_after")))
    burnt = (fuel is not None and fuel != ELECTRICITY) or any(name in values for name in FUEL_PARTS)
    changed = burnt and "el_after" in values and "el_before" not in values
    fields = [own["fuels.fuel"]] if not electric or fuel is not None else []
    if burnt:
        bundles["fuels"] = _worded(task, task.bundles["fuels"], fuel)
        fields += [_worded(task, own[name], fuel) for name in FUEL_PARTS]
        fields.append(own["fuels.fuel_after"])
    if electric or changed or any(n in values for n in ("el_before", "el_after")):
        bundles["electricity"] = task.bundles["electricity"]
        names = ("el_before", "el_after") if not changed else ("el_after",)
        fields += [own[name] for name in names]
    return fields


def _worded(task: Task, item: Any, fuel: str | None) -> Any:
    """The question with the fuel's name and an example in its unit."""
    before, after = task.settings["examples"].get(fuel, task.settings["example_other"])
    named = {"fuel": _fuel_label(task, fuel), "example": before, "example_after": after}
    changes: dict[str, Any] = {"ask": item.ask.format(**named)}
    if item.again:
        changes["again"] = item.again.format(**named)
    return item.model_copy(update=changes)


def _fuel_label(task: Task, fuel: str | None) -> str:
    options = next(item.choices for item in task.fields if item.id == "fuels.fuel")
    return next((option.label for option in options if option.value == fuel), fuel or "燃料")


def _inputs(
    task: Task, formula: Formula, own: dict[str, TaskField], bundles: dict[str, Bundle], *, only_factors: bool = False
) -> Iterable[TaskField]:
    """The formula's inputs: asked ones first, the others only on request."""
    asked = [] if only_factors else asked_inputs(task, formula)
    pairs = _pairs(task, asked)
    fields = []
    for item in asked:
        bundle = next((name for name, pair in pairs.items() if item.name in pair), None)
        if bundle and bundle not in bundles:
            bundles[bundle] = _pair_bundle(task, *(formula.input(name) for name in pairs[bundle]))
        fields.append(own.get(item.name) or _from_input(task, formula, item, bundle))
    handled = {"fuels", *(item.name for item in asked), *(own if only_factors else ())}
    rest = [item for item in formula.inputs if item.name not in handled]
    return [*fields, *(_from_input(task, formula, item, None).model_copy(update={"on_request": True}) for item in rest)]


def _pairs(task: Task, asked: list[Input]) -> dict[str, tuple[str, str]]:
    """Inputs before and after a change, asked together."""
    names = [item.name for item in asked]
    found = {}
    for name in names:
        partner = partner_of(task, name)
        if partner in names:
            found[f"{partner}+{name}"] = (partner, name)
    return found


def _pair_bundle(task: Task, first: Input, second: Input) -> Bundle:
    parts = {
        "first": first.label_ja,
        "second": second.label_ja,
        "first_example": first.example,
        "second_example": second.example,
        "how": first.how_to_find.rstrip("。"),
    }
    return Bundle(
        ask=task.texts["ask_pair"].format(**parts),
        again=task.texts["again_pair"].format(**parts),
        type="number",
        one_for_all=first.name in task.settings["one_for_both"],
        why=Why(text=f"{first.meaning}と、{second.meaning}の差から、削減量を出すためです。"),
    )


def _from_input(task: Task, formula: Formula, item: Input, bundle: str | None) -> TaskField:
    """A field from a formula's input."""
    typical = _typical(task, item)
    parts = {
        "label": item.label_ja,
        "example": item.example,
        "meaning": item.meaning,
        "how": item.how_to_find.rstrip("。"),
        "default": typical.shown if typical else "",
        "formula": formula.title,
    }
    named = item.choose_from is not None
    ask = "ask_input_typical" if typical else "ask_input"
    own_words = task.texts.get(f"{formula.id}.{item.name}", task.texts[ask])
    own_again = task.texts.get(f"{formula.id}.{item.name}.again", task.texts["again_input"])
    return TaskField(
        id=item.name,
        label=item.label_ja,
        ask=own_words.format(**parts),
        again=own_again.format(**parts),
        type="text" if named else "number",
        reader="factor" if named else "amount_after" if partner_of(task, item.name) else "number",
        unit=item.unit,
        bundle=bundle,
        shared=not item.is_factor,
        optional=not item.required and not _is_asked(task, item),
        how_to_find=item.how_to_find,
        typical=typical,
        cues=_cues(item),
        why=Why(text=task.texts["why_input"].format(**parts), source=formula.sources[0], status=formula.status),
    )


def _typical(task: Task, item: Input) -> Typical | None:
    if item.default is None:
        return None
    unit = own_unit(item.unit) or ("%" if item.unit == "%" else "")
    shown = f"{item.default:,f} {unit}".strip()
    value = f"{item.default} {unit}".strip()
    return Typical(value=value, shown=shown, text=task.texts["typical"].format(label=item.label_ja, default=shown))


def _cues(item: Input) -> list[str]:
    """Its own label shows that an input is meant."""
    return [item.label_ja.replace("（", r"\（").replace("(", r"\(")] if item.is_factor else []


def _years(item: TaskField, formula: Formula, values: Values, book: Book) -> TaskField:
    """The fiscal years that the formula's dated factors have values for, the latest first."""
    fuel = _value(values, "fuels.fuel")
    if fuel not in (None, ELECTRICITY):
        spans = [each.span for each in book.fuel_sets if each.rank is not None and fuel in each.fuels]
    else:
        names = [i.default_from.factor for i in formula.inputs if i.default_from and i.default_from.factor]
        spans = [value.span for name in names for value in book.factors[name].values]
    dated = [(first, last) for first, last in spans if last - first < LONGEST_SPAN]
    years = sorted({year for first, last in dated for year in range(first, last + 1)}, reverse=True)
    choices = [Option(label=f"{year}年度", value=year) for year in years[:MOST_YEARS]]
    return item.model_copy(update={"choices": choices})


def _value(values: Values, name: str) -> Any:
    given = values.get(name)
    return given.value if given else None
