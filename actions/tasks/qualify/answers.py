"""How the open question is answered in words, where several facts are told in one breath."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from actions.readers import dates, yes_no
from actions.readers.common import Reading, kana
from actions.readers.quantities import Quantity, plain_number, read_quantities, read_quantity
from actions.readers.registry import READERS
from actions.tasks.hearing import clauses
from actions.tasks.qualify.facts import FUTURE, Facts
from actions.tasks.qualify.money import money_said
from actions.tasks.state import Frame
from knowledge.schema_screening import Rule
from knowledge.schema_tasks import Bundle, Option, Task

Heard = dict[str, Reading]
SURE = 0.9
YEARS, DAYS = "年", "日"
YEAR_MADE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|に|製|頃|ごろ|$)")
ERA = re.compile(r"(昭和|平成|令和)(\d{1,2}|元)年")
NEAR = 12
BARE = 6
"""No longer than this is a mere yes or no; 「まだ点いていました」 is none to 「壊れていましたか」."""
BUT = re.compile(r"けれども|けれど|けど|(?<=[るいすん])が(?=.)")
TIMES = re.compile(r"(\d+(?:\.\d+)?)\s*倍")
OF_ERA = re.compile(r"(昭和|平成|令和)$")
WEEKS = re.compile(r"(\d+|[一二三])\s*週間")
LENGTH = {"日": Decimal(1), "年": Decimal(365)}
MONTHS = re.compile(r"(\d+)\s*(?:か月|ヶ月|カ月|ケ月|ヵ月|箇月)")
DEGREES = re.compile(r"(\d{2,4})\s*(?:度|℃|°)")
HOT = 350
HALF_A_YEAR = re.compile("半年")
HALF = 180
COUNTED = ("灯", "台", "本", "個", "基")
KANJI = {"一": 1, "二": 2, "三": 3}
ERAS = {"昭和": 1925, "平成": 1988, "令和": 2018}


def answers(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    """What the text answers of the open question, beyond what a single reader can tell."""
    asked = frame.asked
    if not asked or frame.stage == "done":
        return {}
    rules = {rule.id: rule for rule in facts.rules}
    boxed = [rules[name] for name in asked if name in rules and rules[name].box and _stands_as_box(rules[name], facts)]
    if boxed and len(boxed) == len(asked):
        return _boxes(task, text, boxed, facts)
    for names, read in BY_FIELD:
        if any(name in asked for name in names):
            return read(task, text, asked, facts)
    if asked == ("C10",) and task.says("no_registering").search(text):
        return {"C10": _choice("C10", "moe_restricted", facts)}
    rule = rules.get(asked[0].partition(".")[0])
    if rule and len(asked) > 1 and rule.parts and rule.id != "S6-1":
        return _pair(task, rule, text, asked)
    return _yes_or_no(rule, text, facts) if rule and len(asked) == 1 else {}


def _stands_as_box(rule: Rule, facts: Facts) -> bool:
    return not (rule.opens and facts.value(rule.id) == rule.opens)


def _boxes(task: Task, text: str, rules: list[Rule], facts: Facts) -> Heard:
    """The boxes that the words name; 「国内です」「ありません」 leave all of them empty; unknown ones are marked."""
    options = [Option(label=r.box.label, value=r.id, words=r.box.words) for r in rules if r.box]
    named, unknown = set[str](), set[str]()
    for part in clauses(text):
        chosen = READERS["choice"](part, facts.world.choosing(options))
        found = {str(o.value) for o in chosen.options} or {str(chosen.value)} if chosen else set()
        found &= {rule.id for rule in rules}
        (unknown if facts.world.knowledge.repairs.patterns["unknown"].search(part) else named).update(found)
    if not named and not unknown and not _denied(task, text, rules, facts):
        return {}
    heard = {rule.id: _box(task, rule, rule.id in named) for rule in rules if rule.id not in unknown}
    heard |= {name: Reading(None, 0.6, task.texts["not_known"]) for name in unknown - named}
    return heard | _duty(task, text, heard, facts)


def _duty(task: Task, text: str, heard: Heard, facts: Facts) -> Heard:
    """By law or by ordinance, where that was said at once."""
    if "C13" not in heard or heard["C13"].value != "open":
        return {}
    if task.says("by_ordinance").search(text):
        return {"C13": _choice("C13", "yes_ordinance", facts)}
    return {"C13": _choice("C13", "yes_law", facts)} if task.says("by_law").search(text) else {}


def _denied(task: Task, text: str, rules: list[Rule], facts: Facts) -> bool:
    bundle = _bundle(rules[0], facts)
    words = [*(bundle.none_words if bundle else []), (bundle.none or "") if bundle else ""]
    if any(word and kana(word) in kana(text) for word in words) or task.says("none_of_checks").search(text):
        return True
    denied = yes_no.read(text, facts.world.context())
    return denied is not None and denied.value is False


def _bundle(rule: Rule, facts: Facts) -> Bundle | None:
    own = facts.own.bundles if facts.own else {}
    return {**facts.book.common.bundles, **own}.get(rule.bundle or "")


def _box(task: Task, rule: Rule, ticked: bool) -> Reading:
    assert rule.box is not None
    value = rule.box.value if ticked else rule.box.otherwise
    return Reading(value, SURE, task.texts["ticked" if ticked else "unticked"])


def _choice(rule_id: str, value: str, facts: Facts) -> Reading:
    """One of a common rule's choices, with its label."""
    rule = next(rule for rule in facts.book.common.rules if rule.id == rule_id)
    return Reading(value, SURE, next(option.label for option in rule.choices if option.value == value))


def _start(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    """A date, else 「これからです」."""
    if reading := dates.read(text, facts.world.context()):
        return {"C02": reading}
    if task.says("planned").search(text):
        return {"C02": _choice("C02", FUTURE, facts)}
    return {}


def _old(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    """「18年使って、まだ動いていました」「2008年に設置、耐用年数15年」."""
    heard: Heard = {}
    years = [i for i in read_quantities(text) if i.unit in (YEARS, "") and not OF_ERA.search(text[: i.span[0]])]
    for item in years:
        lead = text[: item.span[0]][-10:]
        name = "C04.useful_life" if task.says("life").search(lead) else "C04.age"
        name = "C04.useful_life" if name in heard else name
        if name in asked and name not in heard:
            heard[name] = _years(item.value)
    if "C04.age" in asked and "C04.age" not in heard and (age := _age_of(text, facts)) is not None:
        heard["C04.age"] = _years(Decimal(age))
    if "C07" in asked and (state := _state(task, text, facts)):
        heard["C07"] = state
    return heard


def _age_of(text: str, facts: Facts) -> int | None:
    """Since which year it stood there."""
    if era := ERA.search(text):
        year = ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))
    elif made := YEAR_MADE.search(text):
        year = int(made[1])
    else:
        return None
    return facts.today.year - year if 0 <= facts.today.year - year < 100 else None


def _years(value: Decimal) -> Reading:
    return Reading(f"{value.normalize():f} {YEARS}", SURE, f"{plain_number(value)}{YEARS}")


def _state(task: Task, text: str, facts: Facts) -> Reading | None:
    """Whether the old equipment still worked."""
    for part in reversed(clauses(text)):
        if task.says("working").search(part) and not task.says("unusable").search(part):
            return _choice("C07", "no", facts)
        if task.says("broken").search(part):
            return _choice("C07", "yes", facts)
        said = yes_no.read(part, facts.world.context()) if len(part) <= BARE else None
        if said is not None:
            return _choice("C07", "yes" if said.value else "no", facts)
    return None


def _papers(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    """Papers of the old equipment and records from now on."""
    if len(asked) < 2:
        return {}
    bundle = facts.book.common.bundles["papers"]
    options = [Option(label=o.label, value=f"choice {i}", words=o.words) for i, o in enumerate(bundle.choices)]
    own: Heard = {}
    several = [value for part in _said_apart(text) if (value := _has(task, part, facts))]
    for part in _said_apart(text):
        value = _has(task, part, facts)
        before, after = task.says("papers_before").search(part), task.says("papers_after").search(part)
        if value is not None and bool(before) != bool(after):
            own["C05" if before else "C14"] = Reading(value, SURE, part)
    if len(own) == 1 and len(several) > 1:
        other = next(name for name in asked if name not in own)
        own[other] = Reading(several[0] if other == asked[0] else several[-1], SURE, text)
    if len(own) == len(asked):
        return own
    chosen = READERS["choice"](text, facts.world.choosing(options))
    if chosen and chosen.value is not None:
        picked = bundle.choices[int(chosen.value.split()[1])]
        return {name: Reading(value, SURE, picked.label) for name, value in picked.values.items() if name in asked}
    if not own and several:
        values = several if len(several) == len(asked) else [several[0]] * len(asked)
        return {name: Reading(value, SURE, text) for name, value in zip(asked, values, strict=True)}
    return own


def _said_apart(text: str) -> list[str]:
    """「検針票はあるけどカタログはない」 says two things."""
    return [part for clause in clauses(text) for part in BUT.split(clause) if part.strip()]


def _has(task: Task, text: str, facts: Facts) -> str | None:
    if task.says("partly").search(text):
        return "partial"
    if task.says("has_not").search(text):
        return "no"
    said = yes_no.read(text, facts.world.context())
    if said is not None:
        return "yes" if said.value else "no"
    return next((value for value in ("yes", "no") if task.says(f"has_{value}").search(text)), None)


def _money(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    if len(asked) > 1:
        return money_said(task, text, in_order=True)
    found = money_said(task, text, in_order=False)
    yen = [item for item in read_quantities(text) if item.unit in ("円", "")]
    if asked[0] not in found and len(yen) == 1 and "C08" not in found:
        value = yen[0].value
        return {asked[0]: Reading(f"{value.normalize():f} 円", SURE, f"{plain_number(value)}円")}
    if asked[0] == "C08.subsidy" and (said := yes_no.read(text, facts.world.context())) and said.value is False:
        return {asked[0]: Reading("0 円", SURE, "0円")}
    return found


def _times(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    """「1.2倍」「同じです」「前は300kW、後は400kW」."""
    if found := TIMES.search(text):
        value = Decimal(found[1])
        return {"C06": Reading(f"{value} 倍", SURE, f"{plain_number(value)}倍")}
    amounts = read_quantities(text)
    if len(amounts) == 1 and amounts[0].low and amounts[0].high and amounts[0].unit not in ("", "-"):
        return _as_times((amounts[0].high / amounts[0].low).quantize(Decimal("0.001")))
    if (
        len(amounts) == 1
        and amounts[0].unit == "%"
        and (task.says("more").search(text) or task.says("smaller").search(text))
    ):
        change = amounts[0].value / 100
        return _as_times(1 + change if task.says("more").search(text) else 1 - change)
    if len(amounts) == 2 and amounts[0].unit == amounts[1].unit and amounts[0].value > 0:
        return _as_times((amounts[1].value / amounts[0].value).quantize(Decimal("0.001")))
    if task.says("same_size").search(text) or task.says("smaller").search(text):
        return {"C06": Reading("1 倍", SURE, task.texts["same_size"])}
    if len(amounts) == 1 and amounts[0].unit in ("", "-"):
        value = amounts[0].value
        return {"C06": Reading(f"{value.normalize():f} 倍", SURE, f"{plain_number(value)}倍")}
    return {}


def _as_times(value: Decimal) -> Heard:
    return {"C06": Reading(f"{value.normalize():f} 倍", SURE, f"{plain_number(value)}倍")}


def _kept_for(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    """How long the waste is kept: 「2、3日で出します」「8か月置きます」."""
    rule = next(rule for rule in facts.rules if rule.id == "SW2-3")
    days = [item.value * LENGTH[item.unit] for item in read_quantities(text) if item.unit in LENGTH]
    days += [Decimal(30 * int(found)) for found in MONTHS.findall(text)]
    if not days and HALF_A_YEAR.search(text):
        days = [Decimal(HALF)]
    if not days:
        return {}
    long = max(days) >= HALF and not task.says("less_than").search(text)
    value = "yes" if long else "no"
    return {rule.id: Reading(value, SURE, next(o.label for o in rule.choices if o.value == value))}


def _degrees(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    """「800度くらいで焼きます」."""
    rule = next(rule for rule in facts.rules if rule.id == "SA4-1")
    found = DEGREES.findall(text)
    if not found or not rule.choices:
        return {}
    value = "yes" if int(found[-1]) > HOT else "no"
    return {rule.id: Reading(value, SURE, next(o.label for o in rule.choices if o.value == value))}


def _days(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    """「1週間」 is seven days."""
    if found := WEEKS.search(text):
        number = KANJI.get(found[1]) or int(found[1])
        return {"SA5-2": Reading(f"{number * 7} {DAYS}", SURE, f"{number * 7}{DAYS}")}
    return {}


def _lamps(task: Task, text: str, asked: tuple[str, ...], facts: Facts) -> Heard:
    """「前は400Wが150灯、後は100Wが100灯、年3,000時間」: watts and lamps in the order in which they are told."""
    found = read_quantities(text)
    heard: Heard = {}
    for unit, names in (("W", ("S6-1.w_bl", "S6-1.w_pj")), ("灯", ("S6-1.n_bl", "S6-1.n_pj"))):
        amounts = [item for item in found if item.unit == unit or (unit == "灯" and item.unit in COUNTED)]
        amounts = [item for item in amounts if not (unit == "灯" and item.value == 1 and len(amounts) > 1)]
        open_names = [name for name in names if name in asked]
        if len(amounts) == 1 and len(open_names) == 2:
            later = task.says("later").search(text[: amounts[0].span[0]][-NEAR:]) is not None
            open_names = open_names[1:] if later else open_names
            amounts = amounts * 2 if unit == "灯" and not later else amounts
        heard |= {name: _amount(item, unit) for name, item in zip(open_names, amounts, strict=False)}
    if "S6-1.hours" in asked and (hours := read_quantity(text, unit_hint="h/年")) and hours.unit == "h":
        factor = {"day": 365, "month": 12}.get(hours.period or "", 1)
        heard["S6-1.hours"] = _amount(replace(hours, value=hours.value * factor), "h")
    if not heard and len(asked) == 1 and len(found) == 1:
        return {asked[0]: _amount(found[0], {"w": "W", "n": "灯"}.get(asked[0][5], "h"))}
    return heard


def _amount(item: Quantity, unit: str) -> Reading:
    return Reading(f"{item.value.normalize():f} {unit}", SURE, f"{plain_number(item.value)} {unit}")


def _pair(task: Task, rule: Rule, text: str, asked: tuple[str, ...]) -> Heard:
    """Two numbers, before and after as they are marked, else in order; a range (85%から95%) is both."""
    unit = rule.unit or rule.parts[0].unit or ""
    found = [item for item in read_quantities(text) if item.unit in ("", unit)]
    if len(found) == 1 and found[0].low is not None and found[0].high is not None:
        values = [found[0].low, found[0].high]
    else:
        values = [item.value for item in found]
        if len(found) == len(asked) and _told_backwards(task, text, found):
            values.reverse()
    if unit == "%" and values and max(values) <= 1:
        values = [value * 100 for value in values]
    return {
        name: Reading(f"{value.normalize():f} {unit}".strip(), SURE, f"{plain_number(value)}{unit}")
        for name, value in zip(asked, values, strict=False)
    }


def _told_backwards(task: Task, text: str, found: list[Quantity]) -> bool:
    """「95%になります、前は88%」: only the later number is said to be of the old equipment."""
    leads = [text[: found[0].span[0]], text[found[0].span[1] : found[1].span[0]]]
    return bool(task.says("papers_before").search(leads[1])) and not task.says("papers_before").search(leads[0])


def _yes_or_no(rule: Rule, text: str, facts: Facts) -> Heard:
    """A mere yes or no where the choices are other ones; the choices' own words come first."""
    if not rule.choices or (rule.if_yes is None and rule.if_no is None):
        return {}
    chosen = READERS["choice"](text, facts.world.choosing(rule.choices))
    said = yes_no.read(text, facts.world.context())
    if chosen is not None or said is None:
        return {}
    value = rule.if_yes if said.value else rule.if_no
    if value is None:
        return {}
    label = next((option.label for option in rule.choices if option.value == value), str(value))
    return {rule.id: Reading(value, said.sure, label)}


Answer = Callable[[Task, str, tuple[str, ...], Facts], Heard]
BY_FIELD: tuple[tuple[tuple[str, ...], Answer], ...] = (
    (("C02",), _start),
    (("C04.age", "C04.useful_life", "C07"), _old),
    (("C05", "C14"), _papers),
    (("C08.capex", "C08.subsidy", "C08.saving"), _money),
    (("C06",), _times),
    (("SA5-2",), _days),
    (("SW2-3",), _kept_for),
    (("SA4-1",), _degrees),
    (("S6-1.w_bl", "S6-1.n_bl", "S6-1.w_pj", "S6-1.n_pj", "S6-1.hours"), _lamps),
)
