"""The rich menu is installed with a picture, for everybody, within LINE's limits."""

from __future__ import annotations

from api.channels.line.rich_menu import install, load_menu
from core.settings import Settings
from tests.api.channels.line.conftest import RunningLine


def test_the_menu_is_made_gets_its_picture_and_is_shown_to_everybody(line: RunningLine, settings: Settings) -> None:
    menu = load_menu()
    assert install(settings, menu, b"\x89PNG\r\n\x1a\n" + b"0" * 100) == "richmenu-1"
    assert line.calls == ["picture", "default menu"]
    (made,) = line.menus
    assert [area["action"]["text"] for area in made["areas"]] == [button["text"] for button in menu["buttons"]]
    assert all(len(button["label"]) <= 20 for button in menu["buttons"])
