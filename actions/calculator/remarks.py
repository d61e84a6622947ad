"""What an estimate says beside its number: assumptions, what would change it, and warnings."""

from __future__ import annotations

from decimal import Decimal

from actions.calculator.expressions import NotComputable, evaluate
from actions.calculator.picks import Pick
from actions.calculator.working import Working
from actions.readers.quantities import plain_number
from knowledge.methodology_schema import Formula, PriceRange

FAR_ABOVE_USUAL = 100
CHANGES = "結果が変わるのは："


def assumptions(working: Working, creditable: int) -> list[str]:
    """What the number rests on: year, defaults, readings, the formula's own, what would change it, prices."""
    formula, checked = working.formula, working.book.common.checked
    lines = [_year_line(working)]
    lines += [_default_line(each, working.year) for each in working.picks if each.by_default and not each.unused]
    lines += working.notes
    lines += formula.assumptions
    lines += [line for line in [checked["structure"]] if line and formula.checked == "structure"]
    lines += _sensitivity(working)
    lines += [CHANGES + line for line in formula.what_would_change]
    lines += _price_line(working, creditable)
    return list(dict.fromkeys(line for line in lines if line))


def warnings(working: Working, reduction: Decimal) -> list[str]:
    """What to beware of: an increase, nothing saved, a formula nobody has checked, an unlikely number."""
    formula, checked = working.formula, working.book.common.checked
    lines = [*formula.warnings, *_about_result(formula, reduction)]
    if formula.checked in ("not_checked", "guess") and (caveat := checked[formula.checked]):
        lines.append(caveat)
    for factor in working.factors:
        if factor.status == "unverified":
            shown = plain_number(factor.value)
            lines.append(f"「{factor.label}」の係数（{shown}）は要確認です。最新の情報をご確認ください")
    for each in working.picks:
        if each.amount and not each.by_default and each.amount.value > each.item.usual.upto * FAR_ABOVE_USUAL:
            lines.append(f"「{each.item.label_ja}」がふつうよりかなり大きい値です。桁と単位をお確かめください")
    return list(dict.fromkeys(lines))


def _about_result(formula: Formula, reduction: Decimal) -> list[str]:
    if formula.gives == "emission":
        return ["これは付随的な排出量です。削減量から差し引いて使います（この式だけではクレジットになりません）"]
    if formula.gives == "factor":
        return ["これは電力の排出係数を求める式です。削減量は出ません"]
    if reduction < 0:
        increase = f"排出が {_tonnes(-reduction)} tCO2 増える計算です。削減にならないので、クレジットは生まれません"
        return [f"{increase}。前と後の値が逆になっていないか、お確かめください"]
    if reduction == 0:
        return ["削減量が 0 t です。前と後の値が同じになっていないか、お確かめください"]
    if reduction < 1:
        return ["削減量が 1 t に満たないため、小数点以下を切り捨てるとクレジットは 0 t です"]
    return []


def _year_line(working: Working) -> str:
    if working.asked is not None:
        return f"{working.asked}年度の係数で計算しました"
    if working.year is None:
        return "年度によって変わる係数は使っていません"
    return f"年度の指定がなかったので、必要な係数がそろう、いちばん新しい {working.year}年度の値を使いました"


def _default_line(each: Pick, year: int | None) -> str:
    item = each.item
    unit = "" if item.unit == "-" else f" {item.unit}"
    if each.series:
        found = each.series.at(year)
        note = f"。{found.note}" if found.note else ""
        return f"「{item.label_ja}」は既定の {plain_number(found.value)}{unit} を使いました（{found.source}）{note}"
    value = each.amount.value if each.amount else Decimal(0)
    if value == 0:
        return f"「{item.label_ja}」は入力がなかったので、0 とみなしました"
    return f"「{item.label_ja}」は入力がなかったので、既定の {plain_number(value)}{unit} を使いました"


def _sensitivity(working: Working) -> list[str]:
    """What a tenth more of the weightiest default factor would do; those of a year come first."""
    if working.formula.gives != "reduction":
        return []
    now = working.names["reduction"]
    changes = [
        (each.series.dated, abs(value - now), each.item.label_ja, value)
        for each in working.picks
        if each.series and each.by_default and (value := _with_more(working, each.item.name)) is not None
    ]
    if not changes or max(changes)[1] == 0:
        return []
    _, _, label, value = max(changes)
    return [f"{CHANGES}「{label}」が10%大きいと、結果は {_tonnes(value)} tCO2 になります"]


def _with_more(working: Working, name: str) -> Decimal | None:
    changed = working.names | {name: working.names[name] * Decimal("1.1")}
    try:
        for step in working.formula.steps:
            changed[step.id] = evaluate(step.expr, changed)
    except NotComputable:
        return None
    return changed["reduction"]


def _price_line(working: Working, creditable: int) -> list[str]:
    price = _price(working) if creditable > 0 and working.formula.gives == "reduction" else None
    if price is None:
        return []
    a_tonne, whole = _yen(price.low, price.high), _yen(price.low * creditable, price.high * creditable)
    lead = f"参考：{price.name}の値段の例は、{price.period}に1tあたり {a_tonne} でした"
    caution = f"{working.book.prices.caution}（{price.source}）"
    return [f"{lead}。{creditable:,}t なら {whole} にあたりますが、{caution}"]


def _price(working: Working) -> PriceRange | None:
    """The range for the methodology; for a shared formula only when all its methodologies have the same."""
    book, chosen = working.book, working.methodology_id
    users = [book.methodologies[chosen]] if chosen else book.users_of(working.formula.id)
    prices = [_price_of(working, user.id, user.credit_kind) for user in users]
    return prices[0] if prices and all(price is prices[0] for price in prices) else None


def _price_of(working: Working, methodology_id: str, credit_kind: str) -> PriceRange | None:
    ranges = working.book.prices.ranges
    own = next((each for each in ranges if methodology_id in each.methodologies), None)
    return own or next((each for each in ranges if credit_kind in each.credit_kinds), None)


def _yen(low: Decimal, high: Decimal) -> str:
    return f"{low:,.0f}円" if low == high else f"{low:,.0f}〜{high:,.0f}円"


def _tonnes(value: Decimal) -> str:
    return plain_number(round(value, 1 if abs(value) >= 1 else 3))
