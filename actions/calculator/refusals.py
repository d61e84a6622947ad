"""What is said when an input cannot be used: what is wrong, and an example of what fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.errors import InvalidInput, NotFound
from knowledge.methodology_schema import Input


def unknown_formula(formula_id: object) -> NotFound:
    return NotFound(f"「{str(formula_id)[:60]}」という式は見つかりませんでした。方法論の一覧から式を選んでください。")


def unknown_methodology(methodology_id: object) -> NotFound:
    return NotFound(f"「{str(methodology_id)[:60]}」という方法論は見つかりませんでした。一覧から選んでください。")


def missing(reasons: Mapping[str, str]) -> InvalidInput:
    """missing_input: what is still needed, each with an example."""
    return _refusal("missing_input", "計算に必要な数字が足りません。", reasons)


def missing_inputs(inputs: Iterable[Input]) -> InvalidInput:
    return missing({item.name: f"「{item.label_ja}」を教えてください（例：{item.example}）" for item in inputs})


def unfit(item: Input, reason: str) -> InvalidInput:
    """invalid_value: the input, why it does not fit, and an example."""
    return invalid_value(item.name, f"「{item.label_ja}」{reason}。「{item.example}」のように書いてください")


def wrong_unit(item: Input, reason: str) -> InvalidInput:
    """invalid_unit: the input, what is wrong with its unit, and an example."""
    return invalid_unit(item.name, f"「{item.label_ja}」{reason}。「{item.example}」のように書いてください")


def invalid_value(name: str, reason: str) -> InvalidInput:
    return _refusal("invalid_value", "", {name: reason})


def invalid_values(reasons: Mapping[str, str]) -> InvalidInput:
    return _refusal("invalid_value", "", reasons)


def invalid_unit(name: str, reason: str) -> InvalidInput:
    return _refusal("invalid_unit", "", {name: reason})


def no_value_for_year(year: int | None, reasons: Mapping[str, str]) -> InvalidInput:
    """no_value_for_year: which years there are for each input that lacks the asked one."""
    lead = f"{year}年度の係数がありません。" if year else "必要な係数がそろう年度がありません。"
    return _refusal("no_value_for_year", lead, reasons)


def _refusal(code: str, lead: str, reasons: Mapping[str, str]) -> InvalidInput:
    shown = dict.fromkeys(reason.rstrip("。") for reason in reasons.values())
    return InvalidInput(lead + "。".join(shown) + "。", code=code, fields=reasons)
