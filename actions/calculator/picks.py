"""Decides for each input of a formula where its value comes from: the person, a name in the book, or a default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from actions.calculator import refusals
from actions.calculator.amounts import Amount, is_given, read_amount
from actions.calculator.lookups import Series, default_series, factor_series, named_series
from core.errors import InvalidInput
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula, Input, Usual


@dataclass(frozen=True)
class Pick:
    """Where an input's value comes from: exactly one of `amount` (a number) and `series` (the book)."""

    item: Input
    amount: Amount | None = None
    series: Series | None = None
    by_default: bool = False
    unused: bool = False


def merged(book: Book, formula: Formula, inputs: object, factors: object) -> dict[str, object]:
    """Inputs and factors as one mapping by input name, factors last. Raises InvalidInput for a name nobody knows."""
    given: dict[str, object] = {}
    by_factor = {factor: name for name, factor in formula.constants.items()}
    by_factor |= {factor: item.name for item in formula.inputs if (factor := _default_factor(item))}
    known = {item.name for item in formula.inputs} | set(formula.constants)
    for place, values in (("inputs", inputs), ("factors", factors)):
        if values is None:
            continue
        if not isinstance(values, Mapping):
            raise refusals.invalid_value(place, f"{place} は「名前: 値」の組で入れてください")
        for written, value in values.items():
            name = by_factor.get(written, written)
            if name not in known:
                raise _unknown(formula, str(written)[:60])
            if is_given(value):
                given[name] = value
    return given


def _default_factor(item: Input) -> str | None:
    return item.default_from.factor if item.default_from else None


def _unknown(formula: Formula, written: str) -> InvalidInput:
    names = "、".join(item.name for item in formula.inputs)
    return refusals.invalid_value(written, f"「{written}」はこの式の入力にありません。使える名前は {names} です")


def refuse_missing(formula: Formula, given: Mapping[str, object]) -> None:
    """Raises missing_input that names every input that is still needed."""
    lacking = [item for item in formula.inputs if _is_lacking(item, given)]
    named = {item.name for item in lacking}
    if not any(not item.is_factor and item.name in given for item in formula.inputs):
        named |= {item.name for item in formula.inputs if not item.is_factor and item.default != 0 and item.required}
    for group in formula.together:
        if any(name in given for name in group):
            named |= {name for name in group if name not in given}
    for groups in (formula.at_least_one, formula.at_least_one_too):
        if groups and not any(name in given for group in groups for name in group):
            named |= {name for group in groups for name in group}
    if named:
        raise refusals.missing_inputs(item for item in formula.inputs if item.name in named)


def _is_lacking(item: Input, given: Mapping[str, object]) -> bool:
    if item.name in given or item.default is not None or item.default_from or item.only_with or item.rows:
        return False
    if item.needed_with:
        return _any_given(item.needed_with, given)
    return item.required


def pick(book: Book, formula: Formula, given: Mapping[str, object]) -> list[Pick]:
    """Where each number of the formula comes from. Raises InvalidInput for a value that does not fit."""
    picks = [_pick_one(book, item, given) for item in formula.inputs if not item.rows]
    picks += [_constant(book, name, factor, given.get(name)) for name, factor in formula.constants.items()]
    _refuse_mixed_units(formula, picks)
    _refuse_mixed_shares(picks)
    return picks


def _pick_one(book: Book, item: Input, given: Mapping[str, object]) -> Pick:
    if item.only_with and not _any_given(item.only_with, given):
        return Pick(item, Amount(Decimal(0), ""), unused=True)
    value = given.get(item.name)
    if isinstance(value, str) and item.choose_from and (series := named_series(book, item.choose_from, value)):
        return Pick(item, series=series)
    if value is not None:
        return Pick(item, read_amount(book.units, item, value))
    if item.default_from:
        return Pick(item, series=default_series(book, item.default_from), by_default=True)
    if item.default is not None:
        return Pick(item, Amount(item.default, ""), by_default=True)
    return Pick(item, Amount(Decimal(0), ""), by_default=True, unused=True)


def _constant(book: Book, name: str, factor_id: str, value: object) -> Pick:
    """A factor that belongs to the formula itself; `factors` may override it."""
    factor = book.factors[factor_id]
    usual = factor.values[-1].value
    item = Input(
        name=name,
        label_ja=factor.name,
        unit=factor.unit,
        meaning=factor.name,
        how_to_find=factor.name,
        example=str(usual),
        usual=Usual.model_validate({"from": 0, "upto": usual}),
        is_factor=True,
        plain=True,
    )
    if value is None:
        return Pick(item, series=factor_series(book, factor), by_default=True)
    return Pick(item, read_amount(book.units, item, value))


def _refuse_mixed_units(formula: Formula, picks: list[Pick]) -> None:
    """A heat value a tonne cannot go with an amount in kilolitres."""
    by_name = {each.item.name: each for each in picks}
    for amount_name, heat_name in formula.same_unit:
        amount, heat = by_name[amount_name].amount, by_name[heat_name].amount
        if not amount or not heat or "/" not in heat.unit or not amount.unit:
            continue
        if amount.unit.replace("N", "") != heat.unit.split("/")[1].replace("N", ""):
            item = by_name[heat_name].item
            reason = f"の単位（{heat.unit}）が、燃料の量の単位（{amount.unit}）と合いません"
            mend = f"GJ/{amount.unit} の値を入れてください"
            raise refusals.invalid_unit(heat_name, f"「{item.label_ja}」{reason}。{mend}")


def _refuse_mixed_shares(picks: list[Pick]) -> None:
    """0.92 beside a bare 80: whether the first is 92% or 0.92% cannot be known."""
    given = [each for each in picks if each.item.unit == "%" and each.amount and not each.by_default]
    shares = [each.item for each in given if each.amount and each.amount.from_share]
    if shares and any(each.amount and each.amount.unit == "" for each in given):
        raise refusals.unfit(shares[0], "の書き方が、ほかの効率とそろっていません。どちらも % で入れてください")


def _any_given(names: Iterable[str], given: Mapping[str, object]) -> bool:
    return any(name in given for name in names)
