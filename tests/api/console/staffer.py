"""One person of the staff at a browser of their own, on the shared client."""

from __future__ import annotations

import html
import re
from typing import Any

from fastapi.testclient import TestClient

from api.console import accounts
from api.console.passwords import hashed

PASSWORD = "correct horse battery"
STORED = hashed(PASSWORD)
COOKIE = "jcredit-staff"
FIELD = re.compile(r'name="csrf" value="([^"]+)"')


class Staffer:
    """Cookies, forms and pages of one browser."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.cookies = client, dict[str, str]()
        self.id = ""

    def get(self, path: str, **more: Any) -> Any:
        return self._request("GET", path, **more)

    def post(self, path: str, *, csrf: str | None = None, **fields: str) -> Any:
        """Sends a form with this browser's token."""
        token = self.csrf() if csrf is None else csrf
        return self._request("POST", path, data={"csrf": token, **fields})

    def csrf(self) -> str:
        """The token of the forms that this browser sees."""
        page = self.get("/console/password" if COOKIE in self.cookies else "/console/sign-in").text
        return str(FIELD.findall(page)[-1])

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> Any:
        return self.post("/console/sign-in", email=email, password=password, **more)

    def _request(self, method: str, path: str, **more: Any) -> Any:
        self.client.cookies.clear()
        self.client.cookies.update(self.cookies)
        answer = self.client.request(method, path, follow_redirects=False, **more)
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        for line in answer.headers.get_list("set-cookie"):
            if "Max-Age=0" in line:
                self.cookies.pop(line.split("=")[0], None)
        self.client.cookies.clear()
        return answer


def add(client: TestClient, role: str, email: str | None = None, *, must_change: bool = False) -> str:
    """An account; returns its id."""
    with client.app.state.database.write() as session:  # type: ignore[attr-defined]
        made = accounts.add_account(
            session,
            email=email or f"{role}@example.jp",
            name=f"{role}さん",
            role=role,
            password_hash=STORED,
            must_change=must_change,
        )
        return made.id


def enter(client: TestClient, staff_id: str) -> Staffer:
    """A browser in which this person is signed in."""
    staffer = Staffer(client)
    with client.app.state.database.write() as session:  # type: ignore[attr-defined]
        staffer.cookies[COOKIE] = accounts.open_session(session, staff_id, None)
    staffer.id = staff_id
    return staffer


def words_of(page: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))
