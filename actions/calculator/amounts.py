"""Reads one input: a number or text with a unit, as a Decimal in the formula's unit, or a kind refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.calculator import refusals
from actions.readers.numerals import read_number
from actions.readers.quantities import PERIOD_NAMES, Quantity, plain_number, read_quantities, read_quantity
from knowledge.factor_units import Units, fold
from knowledge.methodology_schema import Input

A_YEAR = {"month": Decimal(12), "day": Decimal(365)}
TIMES_USUAL = Decimal(10000)
LONGEST = 200
GASES = {"m3", "千m3", "Nm3", "千Nm3"}
ENDINGS = re.compile(r"^(?:くらい|ぐらい|ほど|程度|前後|です|でした|になります|[\s。、,.])+")
MOST_AS_FRACTION = Decimal("1.2")


@dataclass(frozen=True)
class Amount:
    """A value in the input's unit; `unit` is the one it came to ("" when none was written); `notes` say how."""

    value: Decimal
    unit: str
    notes: tuple[str, ...] = ()
    from_share: bool = False
    """Whether a bare 0.92 was taken for 92%."""


def is_given(value: object) -> bool:
    """Whether the person gave anything at all."""
    return value is not None and value != [] and not (isinstance(value, str) and not value.strip())


def read_amount(units: Units, item: Input, given: object) -> Amount:
    """The given value in the input's unit. Raises InvalidInput (invalid_value, invalid_unit)."""
    amount = _from_text(units, item, given) if isinstance(given, str) else _from_number(item, given)
    _refuse_out_of_bounds(item, amount.value)
    return amount


def _from_number(item: Input, given: object) -> Amount:
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        raise refusals.unfit(item, "は数字で入れてください")
    if isinstance(given, int) and abs(given) > 10**30:
        raise refusals.unfit(item, "が大きすぎて扱えません")
    value = Decimal(str(given))
    if not value.is_finite():
        raise refusals.unfit(item, "が数として扱えません")
    return _bare(item, value)


def _from_text(units: Units, item: Input, given: str) -> Amount:
    if len(given) > LONGEST:
        raise refusals.unfit(item, "の文が長すぎます")
    if item.plain and (number := _before_unit(given, item.unit)) is not None:
        return Amount(number, item.unit)
    quantity = _one_quantity(item, given)
    if quantity.unit and not item.any_unit:
        return _yearly(item, quantity, _converted(units, item, quantity))
    if not item.any_unit:
        _refuse_unknown_unit(item, given[quantity.span[1] :])
    amount = Amount(quantity.value, "") if item.any_unit else _bare(item, quantity.value)
    return _yearly(item, quantity, replace(amount, notes=(*amount.notes, *_about(item, quantity))))


def _one_quantity(item: Input, given: str) -> Quantity:
    found = read_quantities(given)
    wants_hint = item.unit.startswith("h") or "キロ" in given
    quantity = read_quantity(given, item.unit) if wants_hint else next(iter(found), None)
    if quantity is None:
        raise refusals.unfit(item, f"の「{given.strip()[:30]}」から数が読み取れません")
    if len(found) > 1 and quantity in found:
        raise refusals.unfit(item, "に数が二つ以上あります。一つだけ入れてください")
    if quantity.low is not None:
        raise refusals.unfit(item, f"が幅のある値（{quantity.shown}）です。どれか一つに決めてください")
    return quantity


def _refuse_unknown_unit(item: Input, after: str) -> None:
    if rest := ENDINGS.sub("", after):
        raise refusals.wrong_unit(item, f"の単位「{rest[:20]}」が分かりません")


def _converted(units: Units, item: Input, quantity: Quantity) -> Amount:
    own = item.unit.removesuffix("/年")
    targets: list[tuple[str, Decimal | None]] = [(target, None) for target in item.accepts or [own]]
    for target, times in [*targets, *item.also.items()]:
        symbol = units.symbol_of(target)
        value = units.convert(quantity.value, quantity.unit, symbol) if symbol else None
        if value is None or symbol is None:
            continue
        value, symbol = (value, symbol) if times is None else (value * times, own)
        notes = (*_conversion_notes(item, quantity, value, symbol), *_about(item, quantity))
        return Amount(value, symbol, notes)
    raise refusals.wrong_unit(item, f"に「{quantity.unit}」は使えません（{item.unit} で表す量です）")


def _conversion_notes(item: Input, quantity: Quantity, value: Decimal, symbol: str) -> tuple[str, ...]:
    if quantity.unit == symbol:
        return ()
    if {quantity.unit, symbol} <= GASES and ("N" in quantity.unit) != ("N" in symbol):
        pair = f"{quantity.unit} と {symbol}"
        return (f"「{item.label_ja}」は、気体の温度・圧力のちがい（{pair}）を直さず、そのまま使いました",)
    shown = f"{plain_number(_rounded(value))} {symbol}".removesuffix(" -")
    note = f"「{item.label_ja}」の {quantity.shown} は {shown} として計算しました"
    if "Wh" in symbol and "J" in quantity.unit:
        note += "（1 kWh = 0.0036 GJ。一次エネルギーに換算した値のときは、kWh で入れ直してください）"
    return (note,)


def _yearly(item: Input, quantity: Quantity, amount: Amount) -> Amount:
    """A monthly or daily amount as a yearly one."""
    if quantity.period is None or quantity.period == "year":
        return amount
    if not item.unit.endswith("/年"):
        raise refusals.wrong_unit(item, "は期間を付けずに入れてください")
    times = A_YEAR[quantity.period]
    yearly = replace(amount, value=amount.value * times)
    shown = f"{plain_number(_rounded(yearly.value))} {amount.unit}".rstrip()
    note = f"「{item.label_ja}」は {PERIOD_NAMES[quantity.period]}の値として {times} 倍し、1年あたり {shown} にしました"
    return replace(yearly, notes=(*amount.notes, note))


def _bare(item: Input, value: Decimal) -> Amount:
    """A number without a unit is in the formula's unit; 0.92 where per cent are asked for is 92%."""
    if item.unit == "%" and 0 < value <= MOST_AS_FRACTION:
        note = f"「{item.label_ja}」の {plain_number(value)} は {plain_number(value * 100)}% とみなしました"
        return Amount(value * 100, "%", (note,), from_share=True)
    return Amount(value, "")


def _about(item: Input, quantity: Quantity) -> tuple[str, ...]:
    return (f"「{item.label_ja}」はおおよその値（{quantity.shown}）です",) if quantity.approximate else ()


def _before_unit(given: str, unit: str) -> Decimal | None:
    text, wanted = fold(given), fold(unit)
    return read_number(text.removesuffix(wanted)) if text.endswith(wanted) else None


def _refuse_out_of_bounds(item: Input, value: Decimal) -> None:
    unit = "" if item.unit == "-" else f" {item.unit}"
    shown = f"{plain_number(_rounded(value))}{unit}"
    if value < 0:
        raise refusals.unfit(item, f"が負の数（{shown}）です。0以上の数にしてください")
    if item.above is not None and value <= item.above:
        raise refusals.unfit(item, f"は {item.above} より大きい数にしてください")
    if item.at_most is not None and value > item.at_most:
        most = f"{plain_number(item.at_most)}{unit}"
        raise refusals.unfit(item, f"の {shown} は大きすぎます。{most} までで入れてください")
    if value > item.usual.upto * TIMES_USUAL:
        raise refusals.unfit(item, f"の {shown} は、ふつうの1万倍を超えています。桁と単位を確かめてください")


def _rounded(value: Decimal) -> Decimal:
    return round(value, 6) if abs(value) >= Decimal("0.001") else value
