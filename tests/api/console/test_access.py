"""Every route of the console, for every role. A route without a line in the table fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.console.routes import ROUTERS
from api.console.staff import ROLES
from tests.api.console.staffer import Staffer

OPEN = "open"
TABLE = {
    "GET /console": "viewer",
    "GET /console/static/{name}": OPEN,
    "GET /console/sign-in": OPEN,
    "POST /console/sign-in": OPEN,
    "POST /console/sign-out": "viewer",
    "GET /console/password": "viewer",
    "POST /console/password": "viewer",
    "GET /console/inbox": "viewer",
    "GET /console/questions/{key}": "viewer",
    "POST /console/questions/{key}/work": "reviewer",
    "POST /console/questions/{key}/notes": "reviewer",
    "GET /console/conversations/{conversation_id}": "viewer",
    "GET /console/conversations/{conversation_id}/news": "viewer",
    "POST /console/conversations/{conversation_id}/take": "reviewer",
    "POST /console/conversations/{conversation_id}/reply": "reviewer",
    "POST /console/conversations/{conversation_id}/release": "reviewer",
    "POST /console/conversations/{conversation_id}/unmask": "reviewer",
    "POST /console/conversations/{conversation_id}/work": "reviewer",
    "POST /console/conversations/{conversation_id}/notes": "reviewer",
    "POST /console/turns/{turn_id}/verdict": "reviewer",
    "GET /console/bookings": "viewer",
    "GET /console/bookings/{booking_id}": "viewer",
    "POST /console/bookings/{booking_id}/close": "reviewer",
    "POST /console/bookings/{booking_id}/notes": "reviewer",
    "POST /console/days/{day}/close": "editor",
    "POST /console/days/{day}/open": "editor",
    "GET /console/cases": "viewer",
    "GET /console/cases/{case_id}": "viewer",
    "GET /console/dashboard": "viewer",
    "GET /console/health": "viewer",
    "POST /console/health/sources/{source_id}": "editor",
    "GET /console/export": "reviewer",
    "POST /console/export": "reviewer",
    "GET /console/privacy": "admin",
    "POST /console/privacy/find": "admin",
    "POST /console/privacy/erase": "admin",
    "GET /console/staff": "admin",
    "POST /console/staff": "admin",
    "POST /console/staff/{staff_id}": "admin",
    "POST /console/staff/{staff_id}/reset": "admin",
    "POST /console/staff/{staff_id}/sign-out": "admin",
    "GET /console/audit": "admin",
    "GET /console/{path:path}": "viewer",
    "POST /console/{path:path}": "viewer",
}
"""Who may at least; add a line for a new route."""


def routes_of(there: Any) -> Iterator[str]:
    """The routes under /console that an application answers, whoever put them in."""
    for route in there.routes:
        inner = getattr(route, "original_router", None) or (route if hasattr(route, "routes") else None)
        if inner is not None:
            yield from routes_of(inner)
        elif getattr(route, "path", "").startswith("/console"):
            yield from (f"{method} {route.path}" for method in sorted(route.methods - {"HEAD"}))


def test_the_table_names_every_route_and_no_other(client: TestClient) -> None:
    found = set(routes_of(client.app))
    assert found == set(TABLE)
    assert found == {name for router in ROUTERS for name in routes_of(router)}


def example(path: str) -> str:
    """An address of this route, of things that do not exist."""
    return re.sub(r"\{turn_id\}", "999999", re.sub(r"\{(?!turn_id)[^}]+\}", "nothing", path))


def lines() -> Iterable[tuple[str, str, str]]:
    return [(*name.split(" "), least) for name, least in TABLE.items()]  # type: ignore[misc]


@pytest.mark.parametrize(("method", "path", "least"), lines())
def test_who_is_not_signed_in_gets_nowhere(client: TestClient, method: str, path: str, least: str) -> None:
    answer = Staffer(client)._request(method, example(path), data={"csrf": "guess"} if method == "POST" else None)
    if least == OPEN:
        assert answer.status_code in (200, 403, 404)
    elif method == "GET":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/console/sign-in?next=")
    else:
        assert answer.status_code == 401
    assert "staff@example.jp" not in answer.text


@pytest.mark.parametrize(("method", "path", "least"), [line for line in lines() if line[2] != OPEN])
def test_every_role_gets_where_it_may_and_nowhere_else(
    client: TestClient, staffer: Callable[[str], Staffer], method: str, path: str, least: str
) -> None:
    for role in ROLES:
        person = staffer(role)
        answer = person.get(example(path)) if method == "GET" else person.post(example(path))
        if ROLES.index(role) < ROLES.index(least):
            assert answer.status_code == 403, role
        else:
            assert answer.status_code not in (401, 403, 405, 500), role
            assert "sign-in?next" not in answer.headers.get("location", "")


@pytest.mark.parametrize(("method", "path", "least"), [line for line in lines() if line[0] == "POST"])
def test_no_form_works_without_the_token_of_its_own_session(
    client: TestClient, staffer: Callable[[str], Staffer], method: str, path: str, least: str
) -> None:
    admin, other = staffer("admin"), staffer("admin")
    for token in ("", "guess", other.csrf()):
        answer = admin.post(example(path), csrf=token, email="x@example.jp", password="x")
        assert answer.status_code == 403
    foreign = admin._request(
        "POST", example(path), data={"csrf": admin.csrf()}, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


def test_a_method_that_a_page_has_not_tells_the_unsigned_nothing(client: TestClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = Staffer(client)._request(method, "/console/inbox")
        assert answer.status_code in (401, 404, 405)
        assert "問い合わせ" not in answer.text
