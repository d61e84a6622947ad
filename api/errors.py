"""Turns every error into the contract's object: {"error": {code, message, fields?}}."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.bookings.errors import SlotTaken
from api.limits import TooManyRequests
from core.errors import InvalidInput, JCreditError, NotFound, NotJson, Starting, TooLarge

log = structlog.get_logger("api")

OWN_CODES = {
    "invalid_text",
    "too_long",
    "missing_input",
    "invalid_unit",
    "invalid_value",
    "no_value_for_year",
    "consent_required",
}
REASONS = {
    "missing": "入力してください",
    "extra_forbidden": "この項目は使えません",
    "string_type": "文字で送ってください",
    "literal_error": "決められた値のどれかを送ってください",
    "string_too_long": "長すぎます",
    "string_pattern_mismatch": "使えない文字が入っています",
    "too_long": "多すぎます",
}
RETRY_SECONDS = 5


def install(app: FastAPI) -> None:
    """Puts the handlers in place."""
    app.add_exception_handler(JCreditError, _ours)
    app.add_exception_handler(RequestValidationError, _fields)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def as_response(error: JCreditError) -> JSONResponse:
    """The error object with its status."""
    body: dict[str, Any] = {"code": error.error_code, "message": error.message}
    if error.fields:
        body["fields"] = error.fields
    headers = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Starting):
        headers["Retry-After"] = str(RETRY_SECONDS)
    beside = {"alternatives": list(error.alternatives)} if isinstance(error, SlotTaken) else {}
    return JSONResponse({"error": body, **beside}, status_code=error.status, headers=headers)


async def _ours(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, JCreditError)
    return as_response(error)


async def _fields(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return as_response(NotJson("JSON として読めません。送る内容の形を確かめてください。"))
    if any(fault["type"] in {"model_attributes_type", "dict_type"} and fault["loc"] == ("body",) for fault in faults):
        return as_response(NotJson("JSON のオブジェクトを application/json で送ってください。"))
    fields = {_name(fault): _reason(fault) for fault in faults}
    code = next(
        (fault["type"] for fault in faults if fault["type"] in OWN_CODES and "ctx" not in fault), "invalid_value"
    )
    listed = "、".join(f"{name}: {reason}" for name, reason in fields.items())
    return as_response(InvalidInput(f"入力を確かめてください（{listed}）。", code=code, fields=fields))


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    known: dict[int, JCreditError] = {
        400: NotJson("JSON として読めません。送る内容の形を確かめてください。"),
        404: NotFound("見つかりません。アドレスを確かめてください。"),
        413: TooLarge("送る内容が大きすぎます。短くしてください。"),
    }
    if error.status_code in known:
        return as_response(known[error.status_code])
    body = {"code": "not_allowed", "message": "この操作はできません。アドレスと方法を確かめてください。"}
    return JSONResponse({"error": body}, status_code=error.status_code, headers=error.headers)


async def _unexpected(_: Request, error: Exception) -> JSONResponse:
    log.error("unexpected_error", kind=type(error).__name__)
    body = {
        "code": "internal",
        "message": "申し訳ありません。うまく処理できませんでした。少し時間をおいて、もう一度お試しください。",
    }
    return JSONResponse({"error": body}, status_code=500)


def _name(fault: Any) -> str:
    where = [str(step) for step in fault["loc"] if step not in ("body", "query", "path", "header")]
    return ".".join(where) or "text"


def _own(fault: Any) -> bool:
    return fault["type"] in OWN_CODES and "ctx" not in fault


def _reason(fault: Any) -> str:
    if _own(fault):
        return str(fault["msg"])
    return REASONS.get(fault["type"], "値の形がちがいます")
