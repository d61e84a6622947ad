"""One conversation: read, judged, worked on; taken over, answered, released; in full only for a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.console import accounts
from api.console.audit import audit
from api.console.door import console_router, require
from api.console.inbox import work_shown
from api.console.render import page
from api.console.staff import Staff
from api.console.titles import Titles
from api.console.transcript import transcript
from api.db.models import Conversation
from api.inquiries import handoff, work
from api.inquiries.models import Unmasking
from api.inquiries.work import Subject
from core.clock import utc_now
from core.errors import InvalidInput, NotFound

router = console_router()
Anyone = Annotated[Staff, Depends(require("viewer"))]
Watching = Annotated[Staff, Depends(require("viewer", counts=False))]
Reviewer = Annotated[Staff, Depends(require("reviewer"))]
Word = Annotated[str, Form(max_length=400)]
Words = Annotated[str, Form(max_length=4000)]
FOR = timedelta(minutes=30)
SHORTEST_REASON, LONGEST_REASON = 5, 300


@router.get("/conversations/{conversation_id}")
async def show(
    request: Request, staff: Anyone, conversation_id: str, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """The conversation with everything that is known of each turn."""
    shown = await request.app.state.database.writing(_shown, staff, conversation_id, before)
    here = f"/console/conversations/{conversation_id}"
    extra: dict[str, Any] = {"titles": Titles.of(request), "here": here, "before": before}
    return page(request, "conversation.html", staff, **shown, **extra)


@router.get("/conversations/{conversation_id}/news")
async def news(
    request: Request, staff: Watching, conversation_id: str, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """What came after a message, as a piece of a page; asked for by itself, so it keeps nobody signed in."""
    shown = await request.app.state.database.reading(_news, staff, conversation_id, after)
    if not shown["exchanges"]:
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
    extra: dict[str, Any] = {"titles": Titles.of(request), "here": f"/console/conversations/{conversation_id}"}
    return page(request, "_exchanges.html", staff, **shown, **extra)


@router.post("/conversations/{conversation_id}/take")
async def take(request: Request, staff: Reviewer, conversation_id: str) -> Response:
    """From now on this person answers."""
    return await _acted(request, conversation_id, "taken#reply", handoff.take, staff, conversation_id)


@router.post("/conversations/{conversation_id}/reply")
async def reply(request: Request, staff: Reviewer, conversation_id: str, text: Words = "") -> Response:
    """A message to the person, on the person's own channel."""
    return await _acted(request, conversation_id, "sent#reply", handoff.reply, staff, conversation_id, text)


@router.post("/conversations/{conversation_id}/release")
async def release(request: Request, staff: Reviewer, conversation_id: str) -> Response:
    """The assistant answers again."""
    return await _acted(request, conversation_id, "released", handoff.release, staff, conversation_id)


@router.post("/conversations/{conversation_id}/unmask")
async def unmask(request: Request, staff: Reviewer, conversation_id: str, reason: Word = "") -> Response:
    """Shows the full text for a while; the reason stays in the record."""
    return await _acted(request, conversation_id, "unmasked", _unmask, staff, conversation_id, reason)


@router.post("/conversations/{conversation_id}/work")
async def conversation_work(
    request: Request, staff: Reviewer, conversation_id: str, status: Word = "", assignee: Word = "", tags: Word = ""
) -> Response:
    """Status, person and tags."""
    subject = Subject(conversation_id=conversation_id)
    return await _acted(request, conversation_id, "saved", work.change, staff, subject, status, assignee, tags)


@router.post("/conversations/{conversation_id}/notes")
async def conversation_note(request: Request, staff: Reviewer, conversation_id: str, text: Words = "") -> Response:
    """A note."""
    subject = Subject(conversation_id=conversation_id)
    return await _acted(request, conversation_id, "noted#notes", work.note, staff, subject, text)


@router.post("/turns/{turn_id}/verdict")
async def judge(
    request: Request,
    staff: Reviewer,
    turn_id: int,
    verdict: Word = "",
    better: Word = "",
    answer: Word = "",
    remark: Words = "",
    back: Word = "",
) -> Response:
    """The verdict on an answer, and what would have been right."""
    better_id = Titles.of(request).chosen(answer) if better == "answer" else None
    conversation_id = await request.app.state.database.writing(
        work.judge, staff, turn_id, verdict, better, better_id, remark
    )
    if back.startswith("/console/questions/") and "?" not in back:
        return RedirectResponse(f"{back}?done=judged", status_code=303)
    there = f"/console/conversations/{conversation_id}?done=judged#turn-{turn_id}"
    return RedirectResponse(there, status_code=303)


async def _acted(request: Request, conversation_id: str, done: str, act: Any, *args: Any) -> Response:
    await request.app.state.database.writing(act, *args)
    request.app.state.chat.tell(conversation_id)
    return RedirectResponse(f"/console/conversations/{conversation_id}?done={done}", status_code=303)


def _shown(session: Session, staff: Staff, conversation_id: str, before: int | None) -> dict[str, Any]:
    conversation = _there(session, conversation_id)
    audit(session, staff, "conversation.read", conversation_id)
    until = _unmasked_until(session, staff, conversation_id)
    exchanges, older = transcript(session, conversation_id, before=before, unmasked=until is not None)
    held = handoff.current(session, conversation_id)
    return {
        "conversation": conversation,
        "held": held if conversation.handoff != "bot" else None,
        "exchanges": exchanges,
        "older": exchanges[0].messages[0].seq if older else None,
        "last_seq": exchanges[-1].messages[-1].seq if exchanges else 0,
        "unmasked_until": until,
        **work_shown(session, Subject(conversation_id=conversation_id)),
    }


def _news(session: Session, staff: Staff, conversation_id: str, after: int) -> dict[str, Any]:
    conversation = _there(session, conversation_id)
    unmasked = _unmasked_until(session, staff, conversation_id) is not None
    exchanges, _ = transcript(session, conversation_id, after=after, unmasked=unmasked)
    last_seq = exchanges[-1].messages[-1].seq if exchanges else after
    return {
        "conversation": conversation,
        "exchanges": exchanges,
        "last_seq": last_seq,
        "names": accounts.names(session),
    }


def _there(session: Session, conversation_id: str) -> Conversation:
    found = session.get(Conversation, conversation_id)
    if found is None:
        raise NotFound("この会話は見つかりません。消された可能性があります。")
    return found


def _unmasked_until(session: Session, staff: Staff, conversation_id: str) -> Any:
    if not staff.may("reviewer"):
        return None
    wanted = sa.select(Unmasking.until).where(
        Unmasking.staff_session_id == staff.session_id, Unmasking.conversation_id == conversation_id
    )
    until = session.scalar(wanted)
    return until if until and until > utc_now() else None


def _unmask(session: Session, staff: Staff, conversation_id: str, reason: str) -> None:
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InvalidInput(f"理由を{SHORTEST_REASON}文字以上{LONGEST_REASON}文字までで書いてください。")
    _there(session, conversation_id)
    session.merge(Unmasking(staff_session_id=staff.session_id, conversation_id=conversation_id, until=utc_now() + FOR))
    audit(session, staff, "conversation.unmask", conversation_id, reason)
