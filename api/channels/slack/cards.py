"""Estimate, verdict and booking as blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from slack_sdk.models.blocks import HeaderBlock, PlainTextObject

from api.channels.slack.limits import BLOCK_TEXT, HEADER, clip
from api.channels.slack.rich import Block, Line, Part, blocks, bold, code, item, link, plain, words
from api.channels.slack.texts import SlackTexts
from api.channels.slack.wording import amount, meeting, origin, standing

Card = dict[str, Any]
LIVE = {"held", "confirmed"}


class Cards:
    """Draws the contract's cards; `base_url` makes their paths addresses."""

    def __init__(self, texts: SlackTexts, base_url: str) -> None:
        self._texts, self._base = texts, base_url
        self._draws: dict[str, Callable[[Card], list[Line]]] = {
            "estimate": self._estimate,
            "verdict": self._verdict,
            "booking": self._booking,
        }

    def draw(self, card: Card) -> list[Block]:
        """A heading and its lines; nothing for a card that this channel does not know."""
        draw = self._draws.get(card.get("type", ""))
        return [_header(self._title(card)), *blocks(draw(card))] if draw else []

    def _title(self, card: Card) -> str:
        if card["type"] == "estimate" and card.get("fiscal_year"):
            return self._texts.estimate.title_of_year.format(year=card["fiscal_year"])
        title: str = getattr(self._texts, card["type"]).title
        return title

    def _estimate(self, card: Card) -> list[Line]:
        said = self._texts.estimate
        lines = [
            self._row(said.reduction, f"{amount(card['reduction_tco2'])} {said.unit}"),
            self._row(said.creditable, f"{amount(card['creditable_tco2'])} {said.unit}", f"（{said.whole_tonnes}）"),
        ]
        for name, key in ((said.before, "baseline_tco2"), (said.after, "project_tco2")):
            if card.get(key) is not None:
                lines.append(self._row(name, f"{amount(card[key])} {said.unit}"))
        lines += self._part(said.warnings, (item(str(text)) for text in card.get("warnings") or []))
        lines += self._part(said.assumptions, (item(str(text)) for text in card.get("assumptions") or []))
        lines += self._part(said.steps, (_step(step) for step in card.get("steps") or []))
        lines += self._part(said.factors, (self._factor(factor) for factor in card.get("factors") or []))
        used = ((said.methodology, card.get("methodology_id")), (said.formula, card.get("formula_id")))
        names = "／".join(text.format(id=name) for text, name in used if name)
        lines += [Line([plain(names)])] if names else []
        return [*lines, *self._open(card.get("print_url"), said.print)]

    def _verdict(self, card: Card) -> list[Line]:
        said = self._texts.verdict
        lines = [Line([bold(_word(said.verdicts, card["verdict"]))])]
        if card.get("project_form") in said.forms:
            lines.append(self._row(said.form, said.forms[card["project_form"]]))
        if card.get("methodology_ids"):
            lines.append(self._row(said.methodologies, "、".join(card["methodology_ids"])))
        lines += self._part(said.reasons, (self._reason(reason) for reason in card.get("reasons") or []))
        todo = (item(str(one.get("text", "") if isinstance(one, dict) else one)) for one in card.get("todo") or [])
        lines += self._part(said.todo, todo)
        if card.get("estimate"):
            lines += [Line([bold(self._title({"type": "estimate", **card["estimate"]}))])]
            lines += self._estimate(card["estimate"])
        return [*lines, *self._open(card.get("print_url"), said.print), Line([plain(said.note)])]

    def _booking(self, card: Card) -> list[Line]:
        said = self._texts.booking
        lines = [
            Line([bold(meeting(card))]),
            self._row(said.status, _word(said.statuses, card["status"])),
            self._row(said.kind, _word(said.kinds, card["kind"])),
            self._row(said.number, card["booking_id"]),
            *self._open(card.get("manage_url"), said.manage),
        ]
        return lines + (self._open(card.get("ics_url"), said.calendar) if card["status"] in LIVE else [])

    def _reason(self, reason: Card) -> Line:
        said = self._texts.verdict
        verdict = said.verdicts.get(reason.get("outcome") or "", "")
        parts: list[Part] = [bold(f"{verdict}："), *words(clip(str(reason["text"]), BLOCK_TEXT // 2))]
        if not verdict:
            parts = parts[1:]
        source = origin(reason.get("source"))
        rule = said.rule.format(rule=reason["rule_id"])
        status = standing(self._texts, None, reason.get("status"))
        return Line([*parts, plain(f"\n{rule}{'／' if source else ''}"), *source, plain(status)], "bullet")

    def _factor(self, factor: Card) -> Line:
        value = f"{amount(factor['value'])} {factor.get('unit') or ''}".rstrip()
        status = standing(self._texts, factor.get("as_of"), factor.get("status"))
        name = plain(f"{factor.get('label') or factor['id']}：")
        return Line([name, bold(value), plain("\n"), *origin(factor.get("source")), plain(status)], "bullet")

    def _row(self, name: str, value: str, note: str = "") -> Line:
        return Line([plain(f"{name}："), bold(clip(value, 300)), *([plain(note)] if note else [])])

    @staticmethod
    def _part(title: str, items: Iterable[Line]) -> list[Line]:
        found = list(items)
        return [Line([bold(title)]), *found] if found else []

    def _open(self, url: str | None, label: str) -> list[Line]:
        if not url:
            return []
        return [Line([link(f"{self._base}{url}" if url.startswith("/") else url, label)])]


def _header(text: str) -> Block:
    return HeaderBlock(text=PlainTextObject(text=clip(text, HEADER), emoji=False)).to_dict()


def _step(step: Card) -> Line:
    result = bold(f"＝ {amount(step['value'])} {step.get('unit') or ''}".rstrip())
    formula = [code(clip(step["expression"], 500)), plain("\n")] if step.get("expression") else []
    return Line([plain(f"{step['label']}\n"), *formula, result], "ordered")


def _word(words_of: dict[str, str], key: str) -> str:
    """The word for a key; a new key that has none yet stands for itself."""
    return words_of.get(key, key)
