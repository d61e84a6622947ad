"""Signing in: sessions that rotate, end and cannot be planted; brute force; the first admin."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.app import create_app
from api.console import accounts, admin
from api.console.models import Audit, StaffAccount, StaffSession
from api.db.models import Base
from core.settings import Settings
from tests.api.console.staffer import COOKIE, PASSWORD, Staffer, add, enter, words_of


def test_signing_in_opens_a_session_under_a_new_token(client: TestClient) -> None:
    add(client, "reviewer", "hanako@example.jp")
    browser = Staffer(client)
    answer = browser.sign_in("Hanako@Example.jp ", next="/console/inbox?queue=all")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/inbox?queue=all")
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert browser.get("/console/inbox").status_code == 200
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        stored = session.scalars(sa.select(StaffSession)).one()
        assert browser.cookies[COOKIE] not in (stored.token_hash, stored.csrf, stored.id)


def test_a_planted_session_is_not_taken_over(client: TestClient) -> None:
    add(client, "reviewer", "hanako@example.jp")
    browser = Staffer(client)
    browser.cookies[COOKIE] = "planted"
    token = re.findall(r'name="csrf" value="([^"]+)"', browser.get("/console/sign-in").text)[-1]
    browser.post("/console/sign-in", csrf=token, email="hanako@example.jp", password=PASSWORD)
    assert browser.cookies[COOKIE] != "planted"
    attacker = Staffer(client)
    attacker.cookies[COOKIE] = "planted"
    assert attacker.get("/console/inbox").status_code == 303


def test_signing_in_again_ends_the_session_that_the_browser_had(client: TestClient) -> None:
    staff_id = add(client, "reviewer", "hanako@example.jp")
    old = enter(client, staff_id)
    with client.app.state.database.write() as session:  # type: ignore[attr-defined]
        accounts.open_session(session, staff_id, old.cookies[COOKIE])
    assert old.get("/console/inbox").status_code == 303


def test_an_https_address_gets_a_host_cookie(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, public_url="https://jcredit.example.jp"))
    Base.metadata.create_all(app.state.database.engine)
    with TestClient(app, base_url="https://jcredit.example.jp") as client:
        add(client, "viewer", "hanako@example.jp")
        page = client.get("/console/sign-in")
        token = re.findall(r'name="csrf" value="([^"]+)"', page.text)[-1]
        form = {"csrf": token, "email": "hanako@example.jp", "password": PASSWORD}
        answer = client.post("/console/sign-in", data=form, follow_redirects=False)
        cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-staff="))
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert client.get("/console/inbox").status_code == 200


def test_signing_out_ends_the_session_on_the_server(client: TestClient, reviewer: Staffer) -> None:
    token = reviewer.cookies[COOKIE]
    assert reviewer.post("/console/sign-out").headers["location"] == "/console/sign-in"
    again = Staffer(client)
    again.cookies[COOKIE] = token
    assert again.get("/console/inbox").status_code == 303


@pytest.mark.parametrize(
    ("column", "longest"), [("seen_at", accounts.IDLE), ("created_at", accounts.LONGEST)], ids=["idle", "absolute"]
)
def test_a_session_ends_by_itself(client: TestClient, reviewer: Staffer, column: str, longest: timedelta) -> None:
    def age(by: timedelta) -> None:
        with client.app.state.database.write() as session:  # type: ignore[attr-defined]
            one = session.scalars(sa.select(StaffSession)).one()
            setattr(one, column, getattr(one, column) - by)

    age(longest - timedelta(minutes=5))
    assert reviewer.get("/console/conversations/x/news").status_code == 404
    age(timedelta(minutes=6))
    assert reviewer.get("/console/inbox").status_code == 303


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(client: TestClient, reviewer: Staffer) -> None:
    def aged() -> timedelta:
        with client.app.state.database.write() as session:  # type: ignore[attr-defined]
            one = session.scalars(sa.select(StaffSession)).one()
            one.seen_at = one.created_at - timedelta(minutes=30)
        return timedelta(minutes=30)

    def idle() -> timedelta:
        with client.app.state.database.read() as session:  # type: ignore[attr-defined]
            one = session.scalars(sa.select(StaffSession)).one()
            since: timedelta = one.created_at - one.seen_at
            return since

    long = aged()
    reviewer.get("/console/conversations/x/news")
    assert idle() == long
    reviewer.get("/console/inbox")
    assert idle() < timedelta(minutes=1)


def test_an_admin_ends_sessions_changes_roles_and_shuts_out(client: TestClient, admin: Staffer) -> None:
    staff_id = add(client, "editor", "hanako@example.jp")
    browser = enter(client, staff_id)
    assert admin.post(f"/console/staff/{staff_id}/sign-out").status_code == 303
    assert browser.get("/console/inbox").status_code == 303
    browser = enter(client, staff_id)
    admin.post(f"/console/staff/{staff_id}", role="viewer", active="yes")
    assert browser.get("/console/inbox").status_code == 303, "a new role needs a new session"
    browser = enter(client, staff_id)
    admin.post(f"/console/staff/{staff_id}", role="viewer")
    assert browser.get("/console/inbox").status_code == 303
    assert Staffer(client).sign_in("hanako@example.jp").status_code == 401


def test_the_last_admin_stays(admin: Staffer) -> None:
    assert admin.post(f"/console/staff/{admin.id}", role="viewer", active="yes").status_code == 409
    assert admin.post(f"/console/staff/{admin.id}", role="admin").status_code == 409
    assert admin.get("/console/staff").status_code == 200


def test_guessing_is_slowed_down_and_then_stopped(client: TestClient) -> None:
    add(client, "reviewer", "hanako@example.jp")
    browser = Staffer(client)
    answers = [browser.sign_in("hanako@example.jp", f"guess {i}").status_code for i in range(8)]
    assert answers == [401] * 5 + [429] * 3
    stopped = browser.sign_in("hanako@example.jp")
    assert stopped.status_code == 429, "even the right word waits"
    assert int(stopped.headers["Retry-After"]) > 0
    assert COOKIE not in browser.cookies


def test_guessing_many_accounts_from_one_address_is_stopped(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: str, __: str | None) -> bool:
        return False

    monkeypatch.setattr("api.console.signing.fits", never)
    browser = Staffer(client)
    answers = [browser.sign_in(f"person{i}@example.jp", "guess").status_code for i in range(32)]
    assert answers == [401] * 30 + [429] * 2


def test_a_wrong_word_and_an_unknown_person_look_alike(client: TestClient) -> None:
    add(client, "reviewer", "hanako@example.jp")
    wrong, unknown = (Staffer(client).sign_in(email, "guess") for email in ("hanako@example.jp", "nobody@example.jp"))
    assert wrong.status_code == unknown.status_code == 401
    assert words_of(wrong) == words_of(unknown)
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        assert (
            list(session.scalars(sa.select(Audit.what).where(Audit.what == "session.refused")))
            == ["session.refused"] * 2
        )


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/console\\@evil.example", "/consolex", "/", "javascript:x"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(client: TestClient, place: str) -> None:
    add(client, "reviewer", "hanako@example.jp")
    assert Staffer(client).sign_in("hanako@example.jp", next=place).headers["location"] == "/console"


def test_a_temporary_password_is_shown_once_and_has_to_be_changed(client: TestClient, admin: Staffer) -> None:
    page = admin.post("/console/staff", email="jiro@example.jp", name="次郎", role="reviewer")
    (temporary,) = re.findall(r'class="secret">([^<]+)<', page.text)
    assert temporary not in admin.get("/console/staff").text
    jiro = Staffer(client)
    assert jiro.sign_in("jiro@example.jp", temporary).headers["location"] == "/console/password"
    assert jiro.get("/console/inbox").headers["location"] == "/console/password"
    assert jiro.post("/console/password", old=temporary, new="short", again="short").status_code == 422
    new = "a long enough sentence"
    assert jiro.post("/console/password", old="wrong", new=new, again=new).status_code == 422
    other = enter(client, account_id(client, "jiro@example.jp"))
    assert jiro.post("/console/password", old=temporary, new=new, again=new).status_code == 303
    assert jiro.get("/console/inbox").status_code == 200
    assert other.get("/console/inbox").status_code == 303, "other sessions end"
    assert Staffer(client).sign_in("jiro@example.jp", temporary).status_code == 401
    assert Staffer(client).sign_in("jiro@example.jp", new).status_code == 303


def account_id(client: TestClient, email: str) -> str:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return str(session.scalar(sa.select(StaffAccount.id).where(StaffAccount.email == email)))


def test_passwords_are_stored_as_argon2id(client: TestClient) -> None:
    add(client, "viewer", "hanako@example.jp")
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        assert session.scalar(sa.select(StaffAccount.password_hash)).startswith("$argon2id$")


def test_the_settings_make_the_first_admin_and_only_the_first(tmp_path: Path) -> None:
    def start(email: str) -> list[str]:
        settings = Settings(data_dir=tmp_path, staff_admin_email=email, staff_admin_password=PASSWORD)
        app = create_app(settings)
        Base.metadata.create_all(app.state.database.engine)
        with TestClient(app), app.state.database.read() as session:
            return list(session.scalars(sa.select(StaffAccount.email)))

    assert start("first@example.jp") == ["first@example.jp"]
    assert start("second@example.jp") == ["first@example.jp"]


def test_the_command_makes_an_admin(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("STAFF_ADMIN_EMAIL", "boss@example.jp")
    monkeypatch.setenv("STAFF_ADMIN_PASSWORD", "too short")
    assert admin.main() == 1
    assert "12文字以上" in capsys.readouterr().err
    monkeypatch.setenv("STAFF_ADMIN_PASSWORD", PASSWORD)
    assert admin.main() == 0
    assert admin.main() == 1, "not twice"
    boss = Staffer(client)
    assert boss.sign_in("boss@example.jp").status_code == 303
    assert boss.get("/console/staff").status_code == 200


def test_every_page_is_closed_to_frames_scripts_and_caches(client: TestClient, admin: Staffer) -> None:
    everywhere: Callable[[Staffer, str], None] = check_headers
    for path in ("/console/inbox", "/console/staff", "/console/audit", "/console/nothing", "/console/password"):
        everywhere(admin, path)
    everywhere(Staffer(client), "/console/sign-in")


def check_headers(browser: Staffer, path: str) -> None:
    page = browser.get(path)
    policy = page.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|<style", page.text)
    assert not re.search(r'(?:src|href|action)="https?://', page.text)
