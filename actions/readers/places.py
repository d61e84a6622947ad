"""Prefectures and municipalities, as people name them (knowledge/places.yaml)."""

from __future__ import annotations

import re
from functools import lru_cache

from actions.readers.common import Context, Reading, kana, plain
from knowledge.schema_tasks import Option
from knowledge.task_files import Places

SUFFIX = re.compile(r"[都道府県]$")
KIND = re.compile(r"[市町村]$")
FOLLOWED = re.compile(r"[都道府県]?(?:$|です|で|の|に|から|県|内|在|[^\w]|だ|じゃ|や|北|南|東|西|市|郡)")


def read_prefecture(text: str, context: Context) -> Reading | None:
    """The prefecture with its 都道府県, also from one of its municipalities."""
    places = _places(context)
    said = plain(text)
    written = [name for name in places.prefectures if name in said]
    if len(written) == 1:
        return Reading(written[0], 0.98, written[0])
    if len(written) > 1:
        return _several(written)
    spoken = _spoken_prefectures(places, said)
    if len(spoken) == 1:
        return Reading(spoken[0], 0.9, spoken[0])
    if len(spoken) > 1:
        return _several(spoken)
    town = read_municipality(text, context)
    if town and town.value:
        return Reading(town.value["prefecture"], town.sure, town.value["prefecture"])
    return None


def read_municipality(text: str, context: Context) -> Reading | None:
    """{"prefecture", "municipality"} of the five prefectures; several of that name leave it open."""
    places, said = _places(context), plain(text)
    names = [(p, m) for p, towns in places.municipalities.items() for m in towns]
    found = [pair for pair in names if pair[1] in said]
    found = [a for a in found if not any(a[1] != b[1] and a[1] in b[1] for b in found)]
    if not found:
        found = [pair for pair in names if _is_alone(KIND.sub("", pair[1]), said)]
    named = [pair for pair in found if pair[0] in said or SUFFIX.sub("", pair[0]) in said.replace(pair[1], "")]
    found = named or found
    if len(found) == 1:
        prefecture, town = found[0]
        value = {"prefecture": prefecture, "municipality": town}
        return Reading(value, 0.95 if town in said else 0.8, prefecture + town)
    if not found:
        return None
    options = tuple(Option(label=p + t, value={"prefecture": p, "municipality": t}) for p, t in found)
    return Reading(None, 0.3, "、".join(p + t for p, t in found), options=options)


def _spoken_prefectures(places: Places, said: str) -> list[str]:
    hiragana = kana(said)
    found = []
    for name, readings in places.prefectures.items():
        short = SUFFIX.sub("", name) if name != "北海道" else name
        at = said.find(short)
        written = at >= 0 and FOLLOWED.match(said[at + len(short) :]) and not _is_town(places, said, short, name)
        if written or any(_is_alone(word, hiragana) for word in readings):
            found.append(name)
    return found


def _is_town(places: Places, said: str, short: str, prefecture: str) -> bool:
    """「福島町」 is a town somewhere else; 「岡山市」 still says 岡山県."""
    town = re.search(re.escape(short) + r"([町村区])", said)
    return town is not None and short + town[1] not in places.municipalities.get(prefecture, [])


def _is_alone(name: str, said: str) -> bool:
    """The name by itself or with a particle, so that 呉 is not read inside another word."""
    ends = r"(?:です|だ|じゃ|や|の|で|に|から|市|町|村|県|けん|府|都|のほう|あたり|の方|内|$|[、,。 ])"
    least = r"(?:^|[、,。 はにがで])"
    return len(name) >= 1 and re.search(f"{least}{re.escape(name)}{ends}", said) is not None


def _several(names: list[str]) -> Reading:
    return Reading(None, 0.3, "、".join(names), options=tuple(Option(label=name, value=name) for name in names))


def _places(context: Context) -> Places:
    return context.knowledge.places if context.knowledge else _own_places()


@lru_cache(maxsize=1)
def _own_places() -> Places:
    from knowledge.loader import HERE
    from knowledge.task_files import read_places

    return read_places(HERE / "places.yaml")
