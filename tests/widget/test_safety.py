from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from actions import reply
from api.widget import bundle
from tests.widget import states
from tests.widget.conftest import House, Site
from tests.widget.widget_page import Widget

PAYLOADS = [
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    "<svg><script>window.hit=1</script></svg>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<a href='javascript:window.hit=1'>押す</a>",
    "<details open ontoggle=window.hit=1>",
    "<input autofocus onfocus=window.hit=1>",
    "<video><source onerror=window.hit=1></video>",
    "<body onload=window.hit=1>",
    "<style>@import 'javascript:window.hit=1'</style>",
    "<link rel=stylesheet href=javascript:window.hit=1>",
    "<object data=javascript:window.hit=1>",
    "<embed src=javascript:window.hit=1>",
    "<math><a xlink:href=javascript:window.hit=1>x</a></math>",
    "<template><script>window.hit=1</script></template>",
    "<form action=javascript:window.hit=1><button>x</button></form>",
    "<meta http-equiv=refresh content='0;javascript:window.hit=1'>",
    "<base href=https://evil.example/>",
    "<marquee onstart=window.hit=1>x</marquee>",
    "<keygen onfocus=window.hit=1 autofocus>",
    "<textarea autofocus onfocus=window.hit=1>",
    "</textarea><script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "--></style></script><script>window.hit=1</script>",
    "'\"><img src=x onerror=window.hit=1>",
    "` onmouseover=window.hit=1 `",
    "${window.hit=1}",
    "{{constructor.constructor('window.hit=1')()}}",
    "<%= window.hit=1 %>",
    "javascript:window.hit=1",
    "JaVaScRiPt:window.hit=1",
    "java\tscript:window.hit=1",
    "&#106;avascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    "vbscript:window.hit=1",
    "https://evil.example/japancredit.go.jp",
    "https://japancredit.go.jp.evil.example/",
    "https://japancredit.go.jp@evil.example/",
    "https://evil.example#japancredit.go.jp",
    "https://eviljapancredit.go.jp/",
    "http://japancredit.go.jp/",
    "https://japancredit.go.jp\\@evil.example/",
    "//evil.example/x",
    "https:evil.example",
    "https://xn--japancredit-x.example/",
    "blob:https://japancredit.go.jp/x",
    "filesystem:https://japancredit.go.jp/x",
    "<img src=`x`onerror=window.hit=1>",
    "<img/src=x/onerror=window.hit=1>",
    "<scr<script>ipt>window.hit=1</scr</script>ipt>",
    "\u202e<script>window.hit=1</script>",
    "\u3000＜script＞window.hit=1＜/script＞",
    '<a href="https://evil.example" onclick=window.hit=1>x</a>',
    "<b style=\"background:url('javascript:window.hit=1')\">x</b>",
    "<xss onpointerrawupdate=window.hit=1>x",
    "<dialog open onclose=window.hit=1><form method=dialog><button>x",
    "<portal src=javascript:window.hit=1>",
    '<noscript><p title="</noscript><img src=x onerror=window.hit=1>">',
    "[押す](javascript:window.hit=1)",
]


LINK_HINT = "（別の画面で開きます）"  # heard, not seen, behind a link to an allowed host


def poisoned(text: str) -> list[dict[str, Any]]:
    """A reply as a poisoned knowledge file would make it: the text wherever text can stand."""
    source = {"title": text, "url": text, "as_of": text, "status": text}
    part = {"label": text, "expression": text, "value": text, "unit": text}
    estimate = {
        **dict.fromkeys(
            ("methodology_id", "formula_id", "fiscal_year", "reduction_tco2", "creditable_tco2", "print_url"), text
        ),
        "type": "estimate",
        "steps": [part],
        "factors": [{"id": text, "value": text, "unit": text, "source": source, "as_of": text, "status": text}],
        "assumptions": [text],
        "warnings": [text],
    }
    reason = {"rule_id": text, "outcome": text, "text": text, "source": text, "status": text}
    verdict = {
        **dict.fromkeys(("id", "print_url", "verdict", "project_form"), text),
        "type": "verdict",
        "methodology_ids": [text],
        "reasons": [reason],
        "todo": [text],
        "estimate": estimate,
    }
    times = {"start": "2026-11-25T14:00:00+09:00", "end": "2026-11-25T15:00:00+09:00"}
    booking = {
        **dict.fromkeys(("booking_id", "status", "kind", "manage_url", "ics_url"), text),
        "type": "booking",
        **times,
    }
    ask = {"field": text, "type": "number", "unit": text}
    boxes = states.choices(text[:60] or "x")
    return [
        reply.message("answer", text, plain_text=text, sources=[source], choices=boxes, card=verdict),
        reply.message("question", text, ask={"field": text, "type": "checks"}, choices=boxes, card=booking),
        {"role": "staff", **reply.message("question", text, ask=ask)},
    ]


def shown(widget: Widget, place: str) -> list[str]:
    """What stands there for the eye."""
    return [text.replace(LINK_HINT, "") for text in widget.log.locator(place).all_text_contents()]


@pytest.mark.browser
def test_sixty_attempts_in_texts_names_and_knowledge_stay_text(widget: Widget, house: House) -> None:
    assert len(PAYLOADS) >= 60
    house.rasa.script = lambda body: poisoned(body["text"])
    widget.open()
    before = widget.messages.count()
    for text in PAYLOADS:
        widget.page.evaluate("text => JCreditAssistant.ask(text)", text)
    expect(widget.messages).to_have_count(before + 4 * len(PAYLOADS), timeout=60_000)
    page = widget.page
    assert widget.own.locator(".text").all_text_contents() == PAYLOADS
    widget.button("やさしい日本語").click()
    assert shown(widget, ".message.bot .text")[1::2] == PAYLOADS
    assert shown(widget, ".message.staff .text") == PAYLOADS
    assert page.evaluate("window.hit") is None
    kinds = page.evaluate(
        """() => { const all = [...document.querySelector('jcredit-assistant').shadowRoot.querySelectorAll('*')];
        return [...new Set(all.map(n => n.localName))].sort(); }"""
    )
    allowed = "a b button code dd details dialog div dl dt form h2 h3 h4 h5 input label li ol p rect small span summary svg textarea ul"
    assert set(kinds) <= set(allowed.split())
    for href in page.evaluate(
        "() => [...document.querySelector('jcredit-assistant').shadowRoot.querySelectorAll('a')].map(n => n.href)"
    ):
        assert href.startswith((f"{house.url}/", "https://japancredit.go.jp/")), href


@pytest.mark.browser
def test_it_reloads_harmlessly_with_all_of_it_in_the_history(widget: Widget, house: House) -> None:
    house.rasa.script = lambda body: poisoned(body["text"])
    widget.open()
    widget.page.evaluate("text => JCreditAssistant.ask(text)", PAYLOADS[1])
    expect(widget.messages).to_have_count(5)
    widget.page.reload()
    expect(Widget(widget.page).open().messages).to_have_count(5)
    assert widget.page.evaluate("window.hit") is None


@pytest.mark.browser
def test_known_hosts_become_links_in_texts(widget: Widget, house: House) -> None:
    house.rasa.always(
        [reply.message("answer", "公式サイト https://japancredit.go.jp/faq/ です。https://example.com は？")]
    )
    widget.open()
    links = widget.say("x").get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://japancredit.go.jp/faq/")
    expect(links).to_have_attribute("rel", "noopener noreferrer")


def test_the_sources_never_write_markup() -> None:
    sources = "".join(path.read_text("utf-8") for path in Path(bundle.HERE, "src").glob("*.js"))
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "new Function",
        "srcdoc",
        "cookie",
    ):
        assert word not in sources


@pytest.mark.browser
def test_it_works_on_another_site_under_a_strict_csp_without_cookies_or_third_parties(
    browser: Browser, house: House, website: Site
) -> None:
    page = browser.new_context().new_page()
    problems: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda asked: hosts.add(asked.url.split("/")[2]))
    attributes = 'data-title="町の相談" data-color="#ffd43d" data-position="left" data-greeting="ようこそ" data-question="費用は？"'
    page.goto(f"{website.url}/?attributes={attributes.replace('#', '%23')}")
    widget = Widget(page).open()
    expect(widget.replies.first).to_contain_text("ようこそ")
    expect(widget.panel.get_by_role("heading", name="町の相談")).to_be_visible()
    assert widget.launcher.evaluate("n => n.getBoundingClientRect().x") < 100
    assert widget.launcher.evaluate("n => getComputedStyle(n).backgroundColor") == "rgb(255, 212, 61)"
    assert widget.launcher.evaluate("n => getComputedStyle(n).color") == "rgb(0, 0, 0)"
    widget.button("費用は？").click()
    expect(widget.log).to_contain_text("「費用は？」ですね。")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="費用を聞く").click()
    expect(widget.log).to_contain_text("「費用はいくらですか」ですね。")
    assert page.context.cookies() == []
    assert hosts == {house.url.removeprefix("http://"), website.url.removeprefix("http://")}
    assert [problem for problem in problems if "favicon" not in problem] == []
    page.context.close()


@pytest.mark.browser
def test_nothing_is_asked_of_the_chat_before_the_widget_is_opened(browser: Browser, house: House) -> None:
    page = browser.new_context().new_page()
    calls: list[str] = []
    page.on("request", lambda asked: calls.append(asked.url) if "/api/" in asked.url else None)
    page.goto(house.url)
    page.wait_for_timeout(500)
    assert calls == []
    page.context.close()
