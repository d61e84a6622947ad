"""Installs the rich menu (rich_menu.yaml): python -m api.channels.line.rich_menu. Draws its picture in a browser."""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import Any

import yaml
from linebot.v3.messaging import ApiClient, ApiException, Configuration, MessagingApi, RichMenuRequest

from core.settings import Settings

Menu = dict[str, Any]
STYLE = (
    "body{margin:0;display:flex;font:700 72px sans-serif;color:#fff;background:#0d5c4a}"
    "div{flex:1;display:flex;align-items:center;justify-content:center;text-align:center;border-right:4px solid #fff}"
    "div:last-child{border:0}"
)


def load_menu() -> Menu:
    """The menu as data."""
    found: Menu = yaml.safe_load(Path(__file__).with_name("rich_menu.yaml").read_text(encoding="utf-8"))
    return found


def request_of(menu: Menu) -> RichMenuRequest:
    """What LINE is told: the whole picture shared out to the buttons from left to right."""
    width = menu["width"] // len(menu["buttons"])
    areas = [
        {
            "bounds": {"x": place * width, "y": 0, "width": width, "height": menu["height"]},
            "action": {"type": "message", "label": button["label"], "text": button["text"]},
        }
        for place, button in enumerate(menu["buttons"])
    ]
    size = {"width": menu["width"], "height": menu["height"]}
    parts = {"size": size, "selected": True, "name": menu["name"], "chatBarText": menu["bar"], "areas": areas}
    return RichMenuRequest.from_dict(parts)


def picture(menu: Menu) -> bytes:
    """The menu as PNG. Needs playwright and a browser (both are there where the tests run)."""
    from playwright.sync_api import sync_playwright

    cells = "".join(f"<div>{html.escape(button['label'])}</div>" for button in menu["buttons"])
    page_text = f"<!doctype html><style>{STYLE} body{{height:{menu['height']}px}}</style><body>{cells}"
    with sync_playwright() as tools:
        browser = tools.chromium.launch()
        page = browser.new_page(viewport={"width": menu["width"], "height": menu["height"]})
        page.set_content(page_text)
        drawn: bytes = page.screenshot(type="png")
        browser.close()
    return drawn


def install(settings: Settings, menu: Menu, drawn: bytes) -> str:
    """Makes the menu, gives it its picture, shows it to everybody; returns its id."""
    token = settings.line_channel_access_token
    if token is None:
        raise SystemExit("LINE_CHANNEL_ACCESS_TOKEN を設定してください（docs/line.md）。")
    access = token.get_secret_value()
    with (
        ApiClient(Configuration(host=settings.line_api_base.rstrip("/"), access_token=access)) as client,
        ApiClient(Configuration(host=settings.line_data_api_base.rstrip("/"), access_token=access)) as blobs,
    ):
        api = MessagingApi(client)
        made: str = api.create_rich_menu(request_of(menu)).rich_menu_id
        _upload(blobs, made, drawn)
        api.set_default_rich_menu(made)
    return made


def _upload(client: ApiClient, menu_id: str, drawn: bytes) -> None:
    """Through the SDK's client itself: its method for this knows only LINE's own address."""
    client.call_api(
        "/v2/bot/richmenu/{richMenuId}/content",
        "POST",
        {"richMenuId": menu_id},
        [],
        {"Content-Type": "image/png"},
        body=drawn,
        response_types_map={},
        auth_settings=["Bearer"],
    )


def main(words: list[str]) -> int:
    """Installs; with the path of a PNG that picture instead of a drawn one."""
    menu = load_menu()
    drawn = Path(words[0]).read_bytes() if words else picture(menu)
    try:
        print(f"リッチメニューを設定しました（{install(Settings(), menu, drawn)}）。")
    except ApiException as error:
        print(f"LINE が受け付けませんでした（{error.status}）。アクセストークンを確かめてください。", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
