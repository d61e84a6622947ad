"""The inbox: who waits, and what was asked, the same questions in one line; one question with all who asked it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.console import accounts
from api.console.audit import audit
from api.console.door import console_router, require
from api.console.render import page
from api.console.shown import shown_text
from api.console.staff import Staff
from api.console.titles import Titles
from api.console.transcript import transcript_of_turn
from api.inquiries import queries, work
from api.inquiries.queries import ON_A_PAGE, Sought
from api.inquiries.work import Subject
from core.errors import NotFound

router = console_router()
Anyone = Annotated[Staff, Depends(require("viewer"))]
Reviewer = Annotated[Staff, Depends(require("reviewer"))]
Short = Annotated[str, Query(max_length=64)]
Word = Annotated[str, Form(max_length=400)]
Queue = Literal["waiting", "unanswered", "unsure", "disliked", "all"]


def sought(
    queue: Queue = "unanswered",
    q: Annotated[str, Query(max_length=200)] = "",
    channel: Short = "",
    field: Short = "",
    intent: Short = "",
    status: Short = "",
    assignee: Short = "",
    tag: Short = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    page_number: Annotated[int, Query(alias="page", ge=1, le=queries.LAST_PAGE)] = 1,
) -> Sought:
    """The filters of an address."""
    days = (_day(first), _day(last))
    return Sought(queue, q, channel, field, intent, status, assignee, tag, *days, page_number)


@router.get("/inbox")
async def inbox(request: Request, staff: Anyone, wanted: Annotated[Sought, Depends(sought)]) -> Response:
    """One queue."""
    read = request.app.state.database.reading
    shown: dict[str, Any] = {
        "sought": wanted,
        "query": _query(wanted),
        "people": await read(accounts.active),
        "names": await read(accounts.names),
        "tags": await read(work.all_tags),
        "waiting_count": await read(queries.how_many_wait),
        "titles": Titles.of(request),
        "shown_text": shown_text,
    }
    if wanted.queue == "waiting":
        return page(request, "inbox_waiting.html", staff, waiting=await read(queries.waiting), **shown)
    groups, total = await read(queries.groups, wanted)
    last_page = max(1, min(queries.LAST_PAGE, -(-total // ON_A_PAGE)))
    return page(request, "inbox.html", staff, groups=groups, total=total, last_page=last_page, **shown)


@router.get("/questions/{key}")
async def question(
    request: Request, staff: Anyone, key: str, page_number: Annotated[int, Query(alias="page", ge=1, le=3000)] = 1
) -> Response:
    """One question: its newest answer, the work on it, and everybody who asked it."""
    shown = await request.app.state.database.writing(_question, staff, key, page_number)
    titles = Titles.of(request)
    extra: dict[str, Any] = {"titles": titles, "number_of_page": page_number, "here": f"/console/questions/{key}"}
    return page(request, "question.html", staff, **shown, **extra)


@router.post("/questions/{key}/work")
async def question_work(
    request: Request, staff: Reviewer, key: str, status: Word = "", assignee: Word = "", tags: Word = ""
) -> Response:
    """Status, person and tags."""
    database = request.app.state.database
    await database.writing(work.change, staff, Subject(question_key=key), status, assignee, tags)
    return RedirectResponse(f"/console/questions/{key}?done=saved", status_code=303)


@router.post("/questions/{key}/notes")
async def question_note(
    request: Request, staff: Reviewer, key: str, text: Annotated[str, Form(max_length=4000)] = ""
) -> Response:
    """A note."""
    await request.app.state.database.writing(work.note, staff, Subject(question_key=key), text)
    return RedirectResponse(f"/console/questions/{key}?done=noted#notes", status_code=303)


def work_shown(session: Session, subject: Subject) -> dict[str, Any]:
    """What `_work.html` shows."""
    found = work.of(session, subject)
    return {
        "work": found,
        "tags": work.tags_of(session, found),
        "notes": work.notes_of(session, found),
        "known_tags": work.all_tags(session),
        "people": accounts.active(session),
        "names": accounts.names(session),
    }


def _question(session: Session, staff: Staff, key: str, number: int) -> dict[str, Any]:
    turns, total = queries.turns_of_question(session, key, number)
    if not turns:
        raise NotFound("この質問は見つかりません。消された可能性があります。")
    audit(session, staff, "question.read", key)
    newest, _ = queries.turns_of_question(session, key, 1)
    return {
        "key": key,
        "turns": turns,
        "total": total,
        "last_page": -(-total // ON_A_PAGE),
        "text": shown_text(newest[0][0]),
        "newest": transcript_of_turn(session, newest[0][0]),
        **work_shown(session, Subject(question_key=key)),
    }


def _query(wanted: Sought) -> dict[str, Any]:
    names = {"words": "q", "first": "from", "last": "to"}
    return {names.get(key, key): value for key, value in asdict(wanted).items() if value}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
