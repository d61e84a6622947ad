"""The console's menu, in the order of a working day. Whoever adds a page adds its line."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A line of the menu, for those who have at least `role`."""

    path: str
    label: str
    role: str = "viewer"
    also: tuple[str, ...] = ()
    """Other pages that belong to this line."""

    def holds(self, path: str) -> bool:
        """Whether a page belongs to this line."""
        return any(path == mine or path.startswith(f"{mine}/") for mine in (self.path, *self.also))


MENU = [
    Entry("/console/inbox", "問い合わせ", also=("/console/questions", "/console/conversations")),
    Entry("/console/bookings", "予約"),
    Entry("/console/cases", "結果"),
    Entry("/console/dashboard", "数字で見る"),
    Entry("/console/health", "知識の健康"),
    Entry("/console/export", "書き出し", "reviewer"),
    Entry("/console/privacy", "個人情報", "admin"),
    Entry("/console/staff", "担当者", "admin"),
    Entry("/console/audit", "操作の記録", "admin"),
]
