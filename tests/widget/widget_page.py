"""What a person does with the widget, in words that tests can read."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Widget:
    """The widget on one page; Playwright looks into the open shadow root by itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        host = page.locator("jcredit-assistant")
        self.launcher = host.locator(".launcher")
        self.panel = host.locator("dialog.panel")
        self.log = host.get_by_role("log")
        self.input = host.locator("textarea")
        self.state = host.get_by_role("status")
        self.messages = self.log.locator(".message")
        self.replies = self.log.locator(".message:not(.user)")
        self.own = self.log.locator(".message.user")

    def open(self) -> Widget:
        """Opens and waits for the greeting or the history."""
        self.launcher.click()
        expect(self.replies.first).to_be_visible()
        return self

    def say(self, text: str) -> Locator:
        """Types, sends and returns the newest reply."""
        before = self.replies.count()
        self.input.fill(text)
        self.input.press("Enter")
        expect(self.replies).to_have_count(before + 1)
        return self.replies.last

    def button(self, name: str) -> Locator:
        """The newest button of this name."""
        return self.panel.get_by_role("button", name=name, exact=True).last

    def focused(self) -> str:
        """Tag, class or words of what has the focus inside the widget."""
        script = """() => { const n = document.querySelector('jcredit-assistant').shadowRoot.activeElement;
            return n ? `${n.tagName}.${n.className} ${n.innerText || n.id || ''}` : ''; }"""
        return str(self.page.evaluate(script))
