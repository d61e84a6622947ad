"""For admins: erasing one person everywhere, with a receipt; how long what is kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Form, Request, Response
from sqlalchemy.orm import Session

from api.console.audit import audit
from api.console.door import console_router, require
from api.console.render import page
from api.console.staff import Staff
from api.ids import digest
from api.privacy.periods import periods
from api.privacy.service import Privacy
from core.errors import InvalidInput, JCreditError

router = console_router()
Admin = Annotated[Staff, Depends(require("admin"))]
Word = Annotated[str, Form(max_length=300)]
ID_LENGTH = 32


@router.get("/privacy")
async def privacy(request: Request, staff: Admin) -> Response:
    """The forms, and the periods."""
    return _page(request, staff)


@router.post("/privacy/find")
async def find(request: Request, staff: Admin, email: Word = "") -> Response:
    """What there is under an address, before it is erased."""
    email = email.strip()
    if "@" not in email:
        return _page(request, staff, status=422, fault="メールアドレスを「name@example.jp」のように入れてください。")
    found = await _service(request).find(email)
    return _page(request, staff, found=found, email=email)


@router.post("/privacy/erase")
async def erase(request: Request, staff: Admin, email: Word = "", conversation: Word = "", sure: Word = "") -> Response:
    """Erases for good; the receipts are shown once."""
    try:
        if sure != "yes":
            raise InvalidInput("消すときは、確認の欄にチェックを入れてください。")
        if email.strip():
            erased = await _service(request).erase_person(email)
            receipts, subject = erased.receipts, f"email:{digest(email.strip().lower())[:16]}"
        else:
            conversation = conversation.strip().rpartition("/")[2]
            receipts, subject = [await _service(request).erase_conversation(conversation)], conversation[:ID_LENGTH]
    except JCreditError as error:
        return _page(request, staff, status=error.status, fault=error.message)
    await request.app.state.database.writing(_note, staff, subject, receipts)
    return _page(request, staff, receipts=receipts)


def _note(session: Session, staff: Staff, subject: str, receipts: list[str]) -> None:
    audit(session, staff, "person.erase", subject, "、".join(receipts))


def _page(request: Request, staff: Staff, *, status: int = 200, **shown: Any) -> Response:
    known: dict[str, Any] = {"fault": None, "found": None, "email": "", "receipts": [], "periods": dict(periods())}
    return page(request, "privacy.html", staff, status=status, **(known | shown))


def _service(request: Request) -> Privacy:
    found: Privacy = request.app.state.privacy
    return found
