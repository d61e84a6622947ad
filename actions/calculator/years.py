"""Which fiscal year's values are used: the asked one, or the latest for which all are known; never a neighbour's."""

from __future__ import annotations

from actions.calculator import refusals
from actions.calculator.lookups import Series
from knowledge.factor_schema import FIRST_YEAR, LAST_YEAR


def read_year(fiscal_year: object) -> int | None:
    """The asked fiscal year. Raises invalid_value for anything that is no year."""
    if fiscal_year is None:
        return None
    if isinstance(fiscal_year, bool) or not isinstance(fiscal_year, int) or not FIRST_YEAR <= fiscal_year <= LAST_YEAR:
        raise refusals.invalid_value("fiscal_year", "「年度」は 2023 のように、西暦4桁の数字で入れてください")
    return fiscal_year


def chosen_year(asked: int | None, series: dict[str, list[Series]]) -> int | None:
    """The year to use for the dated series of each input; None when nothing depends on it."""
    dated = [(name, each) for name, found in series.items() for each in found if each.dated]
    if asked is not None:
        lacking = {name: _lacking(each) for name, each in dated if not each.holds(asked)}
        if lacking:
            raise refusals.no_value_for_year(asked, lacking)
        return asked
    if not dated:
        return None
    for year in range(LAST_YEAR, FIRST_YEAR - 1, -1):
        if all(each.holds(year) for _, each in dated):
            return year
    raise refusals.no_value_for_year(None, {name: _lacking(each) for name, each in dated})


def _lacking(series: Series) -> str:
    more = f"。{series.instead}" if series.instead else ""
    return f"「{series.name}」があるのは {years_text(series)} です{more}"


def years_text(series: Series) -> str:
    """2013年度、2022年度〜2023年度"""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(series.spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return "、".join(_span_text(first, last) for first, last in merged)


def _span_text(first: int, last: int) -> str:
    if first == last:
        return f"{first}年度"
    return f"{last}年度以前" if first <= FIRST_YEAR else f"{first}〜{last}年度"
