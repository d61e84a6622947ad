"""Says what a methodology is, with the part first that the question asks about; all from knowledge/methodologies."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions import reply
from actions.fitting import pairs
from actions.methodology_parts import Part, Telling, dated, parts_of, telling
from actions.turn import Reply
from knowledge.asked_for import plain
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Methodology

PREFIX = "methodology."
PARTICLES = "のはをがにでとも "
WORD = re.compile(r"[一-龯々]{2,}|[ァ-ヴー]{2,}|[a-z0-9]{2,}")


@dataclass(frozen=True)
class Told:
    """A methodology in parts, by the parts' ids, and what is said before them; parts without content are left out."""

    methodology: Methodology
    head: list[str]
    lines: dict[str, list[str]]


def methodology_of(topic: str, book: Book) -> Methodology | None:
    """The methodology of a topic 「methodology.EN-S-006」, or of a bare id."""
    return book.methodologies.get(topic.removeprefix(PREFIX))


def question_of(methodology: Methodology, root: Path) -> str:
    """What a button to this methodology says."""
    return telling(root).question.format(id=methodology.id, name=methodology.name)


def methodology_answer(
    methodology: Methodology,
    book: Book,
    asked: str = "",
    *,
    detail: bool = False,
    tells: Callable[[str], bool] | None = None,
) -> Reply:
    """The reply about one methodology. asked: the person's words, which decide the parts shown and their order;
    tells: whether a part's text tells what they ask for: such parts come first."""
    how = telling(book.root)
    head = [how.head.format(**methodology.model_dump(include={"id", "name", "category", "summary"}))]
    told = Told(methodology, [*head, *_warnings(methodology, how)], parts_of(methodology, book, how, asked))
    if detail:
        shown = [part for part in how.parts if part.id in told.lines and not part.short] or how.parts[:1]
        lines = told.head[1:] + [_headed(part.title, told.lines.get(part.id, [])) for part in shown]
    else:
        lines = told.head + _unknown(asked, told, how) + _shown(asked, told, how, tells)
    return reply.message(
        "answer",
        "\n".join(line for line in lines if line),
        knowledge=[methodology.id],
        sources=list(_sources(methodology, book)),
        choices=_buttons(methodology, how, detail),
    )


def _shown(asked: str, told: Told, how: Telling, tells: Callable[[str], bool] | None = None) -> list[str]:
    """The parts to show, as text: all that fit the question, or the best of them where all would be too long."""
    sure = [part for part in how.parts if tells and part.id in told.lines and tells("".join(told.lines[part.id]))]
    first = sure + [part for part in asked_parts(asked, told, how) if part not in sure]
    shown = first or [part for part in how.parts if part.short and part.id in told.lines]
    if not asked:
        return [_headed(part.title, told.lines[part.id][: how.longest_short]) for part in shown]
    shown = shown + _fitting(asked, told, how, shown)
    texts = {part.id: _headed(part.title, told.lines[part.id]) for part in shown}
    if len("\n".join([*told.head, *texts.values()])) > how.longest:
        shown = sure + [part for part in _best_first(asked, told, how, shown) if part not in sure]
    kept: list[str] = []
    for part in shown:
        if not kept or len("\n".join([*told.head, *kept, texts[part.id]])) <= how.longest:
            kept.append(texts[part.id])
    return kept


def _best_first(asked: str, told: Told, how: Telling, shown: list[Part]) -> list[Part]:
    """The parts in the order in which they fit the question: by its words, by its characters, by what asks for them."""
    said, named = _content(asked, told, how), _telling_words(asked, told, how)
    wanted = {part.id for part in asked_parts(asked, told, how)}

    def fit(part: Part) -> float:
        text = "".join(told.lines[part.id])
        share = len(said & pairs(text + part.title)) / max(len(said), 1)
        by_word = how.word_weight * sum(word in plain(text) for word in named)
        return share + by_word + how.asked_weight * (part.id in wanted)

    return sorted(shown, key=fit, reverse=True)


def asked_parts(asked: str, told: Told, how: Telling) -> list[Part]:
    """The parts that the words ask for and that there is something to say of, in the templates' order."""
    return [part for part in _asked_for(asked, told, how) if part.id in told.lines]


def _asked_for(asked: str, told: Told, how: Telling) -> list[Part]:
    said = _without_name(asked, told)
    return [part for part in how.parts if any(re.search(word, said) for word in part.words)]


def _unknown(asked: str, told: Told, how: Telling) -> list[str]:
    """What is said of parts that the words ask for and the facts do not hold."""
    return [part.none for part in _asked_for(asked, told, how) if part.none and part.id not in told.lines]


def _without_name(asked: str, told: Told) -> str:
    """The question without the methodology's number and name: 「変圧器の更新」 does not ask about renewal."""
    said = plain(asked)
    for name in (told.methodology.id, told.methodology.name):
        said = said.replace(plain(name), "")
    return said


def _fitting(asked: str, told: Told, how: Telling, shown: list[Part]) -> list[Part]:
    """Parts that hold what the question speaks of and what the parts shown already do not."""
    so_far = pairs("".join([*told.head, *(line for part in shown for line in told.lines.get(part.id, []))]))
    words, said = _telling_words(asked, told, how), _content(asked, told, how)
    found = []
    for part in how.parts:
        if part in shown or part.id not in told.lines:
            continue
        text = "".join(told.lines[part.id])
        only_here = len((said & pairs(text)) - so_far)
        often = only_here >= how.fitting_pairs and only_here / len(said) >= how.fitting_at
        if often or any(word in plain(text) for word in words):
            found.append(part)
    return found


def _content(asked: str, told: Told, how: Telling) -> set[str]:
    """The question's pairs of characters, without the words that ask for a part and without particles."""
    said = _without_name(asked, told)
    for part in _asked_for(asked, told, how):
        for word in part.words:
            said = re.sub(word, " ", said)
    return {pair for pair in pairs(said) if pair[1] not in PARTICLES}


def _telling_words(asked: str, told: Told, how: Telling) -> set[str]:
    """The question's words that stand in one part only, not in what is said before, and do not just ask for a part."""
    texts = [plain("".join(lines)) for lines in told.lines.values()]
    head = plain("".join(told.head))
    asking = [word for part in _asked_for(asked, told, how) for word in part.words]
    words = [word for word in WORD.findall(plain(asked)) if not any(re.fullmatch(each, word) for each in asking)]
    return {word for word in words if word not in head and sum(word in text for text in texts) == 1}


def _warnings(methodology: Methodology, how: Telling) -> list[str]:
    said = [dated(methodology.status_note)] if methodology.status_note else []
    if methodology.content_status == "unverified" or methodology.number_status == "unverified":
        said.append(how.not_sure)
    elif methodology.content_status == "reference":
        said.append(how.reference)
    return said


def _headed(title: str, lines: list[str]) -> str:
    if len(lines) == 1:
        return f"{title}: {lines[0]}"
    return "\n".join([f"{title}:", *(f"・{line}" for line in lines)]) if lines else ""


def _sources(methodology: Methodology, book: Book) -> list[dict[str, Any]]:
    found = [book.sources[code] for code in methodology.sources]
    return [{"title": s.title, "as_of": s.as_of, "status": methodology.content_status} for s in found]


def _buttons(methodology: Methodology, how: Telling, detail: bool) -> list[dict[str, Any]]:
    more = [] if detail else [reply.choice(how.buttons.more, {"type": "detail", "id": PREFIX + methodology.id})]
    task = {"type": "task", "values": {"activity": methodology.id}}
    can_start = methodology.status == "active"
    qualify = [reply.choice(how.buttons.qualify, {**task, "task": "qualify"})] if can_start else []
    estimate = [reply.choice(how.buttons.estimate, {**task, "task": "estimate"})] if methodology.formulas else []
    return more + qualify + estimate
