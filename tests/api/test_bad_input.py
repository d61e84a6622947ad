"""Bad input gets the error object, in Japanese, and loses nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from core.settings import Settings
from tests.api.conftest import ScriptedRasa, Talk

JAPANESE = re.compile("[ぁ-んァ-ン一-龥]")


def refused(response: Any, status: int, code: str | None = None) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    assert response.status_code == status
    assert JAPANESE.search(error["message"])
    assert error["code"] == (code or error["code"])
    return error


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "invalid_text"),
        ("   \n", "invalid_text"),
        ("\u200b", "invalid_text"),
        ("abc\x00def", "invalid_text"),
        ("\x1b[31m赤", "invalid_text"),
        ("あ" * 2001, "too_long"),
        ("あ" * 10_000, "too_long"),
    ],
)
def test_a_text_that_cannot_be_read_names_the_field(talk: Talk, rasa: ScriptedRasa, text: str, code: str) -> None:
    error = refused(talk.send(text=text), 422, code)
    assert "text" in error["fields"]
    assert rasa.sent == []


def test_exactly_two_thousand_characters_are_fine(talk: Talk) -> None:
    assert talk.send(text="あ" * 2000).status_code == 200


def test_line_breaks_and_emoji_are_fine(talk: Talk) -> None:
    assert talk.send(text="一行目\n二行目 🌲𠮷").status_code == 200


def test_neither_text_nor_button_is_refused(talk: Talk) -> None:
    refused(talk.send(), 422, "invalid_text")


def test_text_and_button_together_are_refused(talk: Talk) -> None:
    refused(talk.send(text="はい", choice_id="x"), 422, "invalid_text")


def test_an_unknown_field_is_refused(talk: Talk) -> None:
    assert "intent" in refused(talk.send(text="はい", intent="ask"), 422)["fields"]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_no_or_a_malformed_token_is_unauthorized(client: TestClient, talk: Talk, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    refused(client.get(f"{talk.path}/messages", headers=headers), 401, "unauthorized")


def test_wrong_token_unknown_and_erased_conversation_look_alike(client: TestClient, talk: Talk) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    first = refused(client.get(f"{talk.path}/messages", headers=wrong), 404, "not_found")
    second = refused(client.get("/api/conversations/unknown/messages", headers=talk.headers), 404, "not_found")
    client.delete(talk.path, headers=talk.headers)
    assert first == second == refused(talk.history(), 404, "not_found")


@pytest.mark.parametrize("body", [b"{", b"[1,2]", b'"text"', b"\xff\xfe", b"null"], ids=repr)
def test_what_is_no_json_object_is_refused(client: TestClient, talk: Talk, body: bytes) -> None:
    headers = {**talk.headers, "Content-Type": "application/json"}
    response = client.post(f"{talk.path}/messages", content=body, headers=headers)
    assert response.status_code in {415, 422}
    assert JAPANESE.search(response.json()["error"]["message"])


def test_another_content_type_is_refused(client: TestClient, talk: Talk) -> None:
    headers = {**talk.headers, "Content-Type": "text/plain"}
    refused(client.post(f"{talk.path}/messages", content=b'{"text":"a"}', headers=headers), 415)


def test_a_body_over_the_limit_is_refused(client: TestClient, talk: Talk) -> None:
    refused(talk.send(text="あ" * 40_000), 413)


def test_an_unknown_path_has_the_error_object(client: TestClient) -> None:
    refused(client.get("/api/nothing"), 404, "not_found")


def test_too_many_messages_say_when_to_come_back(tmp_path: Any, rasa: ScriptedRasa) -> None:
    from api.app import create_app
    from api.db.models import Base

    app = create_app(Settings(data_dir=tmp_path, turns_per_minute=2))
    Base.metadata.create_all(app.state.database.engine)
    app.state.chat.rasa = rasa
    with TestClient(app) as client:
        talk = Talk(client)
        assert [talk.send(text=f"{i}").status_code for i in range(3)] == [200, 200, 429]
        response = talk.send(text="まだ")
        refused(response, 429, "too_many")
        assert int(response.headers["Retry-After"]) >= 1
