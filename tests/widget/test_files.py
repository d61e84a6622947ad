from __future__ import annotations

import re

import httpx
import pytest

from api.widget import bundle
from api.widget.texts import read_texts
from knowledge.loader import load
from tests.widget.conftest import House

MOST_BYTES = 20 * 1024


def test_the_whole_widget_is_at_most_20_kilobytes_compressed() -> None:
    script = bundle.widget_script(read_texts(load()), "https://assistant.example.jp")
    assert len(script.compressed) <= MOST_BYTES


def test_every_source_is_part_of_the_script() -> None:
    assert sorted(path.stem for path in (bundle.HERE / "src").glob("*.js")) == sorted(bundle.ORDER)


def test_no_text_of_a_source_runs_over_several_lines() -> None:
    """The bundle takes indents away; inside a text that would change it."""
    for path in (bundle.HERE / "src").glob("*.js"):
        for line in path.read_text("utf-8").splitlines():
            assert line.count("`") % 2 == 0, f"{path.name}: {line}"


def test_the_script_comes_compressed_and_is_not_sent_again_unchanged(house: House) -> None:
    first = httpx.get(f"{house.url}/widget.js")
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["content-type"].startswith("text/javascript")
    again = httpx.get(f"{house.url}/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = httpx.get(f"{house.url}/widget.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == first.content


@pytest.mark.parametrize("path", ["/", "/embedding"])
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(house: House, path: str) -> None:
    answer = httpx.get(house.url + path)
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert not re.search(r"<(script|link|img)\b[^>]*\"(https?:)?//", answer.text)
    assert not re.search(r"<style|\son\w+=|<script(?![^>]*\bsrc=)", answer.text)


def test_the_landing_page_takes_scheme_and_contacts_from_knowledge(house: House) -> None:
    known, page = load(), httpx.get(house.url).text
    assert known.answers["scheme.overview"].text.split("。")[0] in page
    for contact in known.contacts.values():
        assert contact.phone in page
        assert f"{contact.as_of}の資料" in page


def test_every_example_of_the_landing_page_is_an_answer_that_exists() -> None:
    known = load()
    texts = read_texts(known)
    assert [i for i in [*texts.examples, texts.about] if i not in known.answers] == []


def test_every_linked_source_stands_on_a_host_that_the_widget_links_to() -> None:
    hosts = re.findall(r'"([\w.-]+\.jp)"', (bundle.HERE / "src" / "options.js").read_text("utf-8"))
    for source in load().sources.values():
        host = source.url.host if source.url else None
        assert host is None or any(host == one or host.endswith(f".{one}") for one in hosts), host
