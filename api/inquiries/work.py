"""The staff's work: status, person, tags and notes on a question or a conversation; verdicts on answers."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.console.audit import audit
from api.console.models import StaffAccount
from api.console.staff import Staff
from api.db.models import Conversation, TurnRecord
from api.inquiries.models import Inquiry, Judgement, Work, WorkNote, WorkTag
from core.clock import utc_now
from core.errors import InvalidInput, NotFound

STATUSES = ("open", "doing", "done")
VERDICTS = ("right", "wrong", "outdated")
BETTER = ("answer", "out_of_scope", "new_topic")
MOST_TAGS, LONGEST_TAG, LONGEST_NOTE = 10, 32, 2000


@dataclass(frozen=True)
class Subject:
    """What the work is about: all turns with one key, or one conversation."""

    question_key: str | None = None
    conversation_id: str | None = None

    @property
    def id(self) -> str:
        return self.question_key or self.conversation_id or ""


def of(session: Session, subject: Subject) -> Work | None:
    """The work on a subject, if there was any."""
    mine = (
        Work.question_key == subject.question_key
        if subject.question_key
        else Work.conversation_id == subject.conversation_id
    )
    return session.scalar(sa.select(Work).where(mine))


def tags_of(session: Session, work: Work | None) -> list[str]:
    """The tags of a piece of work."""
    if work is None:
        return []
    return list(session.scalars(sa.select(WorkTag.tag).where(WorkTag.work_id == work.id).order_by(WorkTag.tag)))


def notes_of(session: Session, work: Work | None) -> list[WorkNote]:
    """The notes on a piece of work, oldest first."""
    if work is None:
        return []
    return list(session.scalars(sa.select(WorkNote).where(WorkNote.work_id == work.id).order_by(WorkNote.id)))


def all_tags(session: Session) -> list[str]:
    """The tags in use."""
    return list(session.scalars(sa.select(WorkTag.tag).distinct().order_by(WorkTag.tag).limit(200)))


def change(session: Session, staff: Staff, subject: Subject, status: str, assignee_id: str, tags: str) -> None:
    """Status, person and tags in one go; only what changed is written into the audit. Raises InvalidInput, NotFound."""
    if status not in STATUSES:
        raise InvalidInput("状態を選んでください。", fields={"status": "選んでください"})
    if assignee_id:
        person = session.get(StaffAccount, assignee_id)
        if person is None or not person.active:
            raise InvalidInput("この担当者には割り当てられません。", fields={"assignee": "選び直してください"})
    work = _made(session, subject)
    if work.status != status:
        work.status = status
        audit(session, staff, "work.status", subject.id, status)
    if (work.assignee_id or "") != assignee_id:
        work.assignee_id = assignee_id or None
        audit(session, staff, "work.assign", subject.id, assignee_id or "—")
    _tag(session, staff, subject, work, tags)
    work.updated_at = utc_now()


def _tag(session: Session, staff: Staff, subject: Subject, work: Work, given: str) -> None:
    wanted = {tag.strip() for tag in given.replace("、", ",").replace("，", ",").split(",")} - {""}
    if len(wanted) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in wanted):
        raise InvalidInput(f"目印は{MOST_TAGS}個まで、一つ{LONGEST_TAG}文字までにしてください。")
    if wanted == set(tags_of(session, work)):
        return
    session.execute(sa.delete(WorkTag).where(WorkTag.work_id == work.id))
    session.add_all(WorkTag(work_id=work.id, tag=tag) for tag in sorted(wanted))
    audit(session, staff, "work.tag", subject.id, "、".join(sorted(wanted)) or "—")


def note(session: Session, staff: Staff, subject: Subject, text: str) -> None:
    """A note. Raises InvalidInput, NotFound."""
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise InvalidInput(f"メモを1文字以上{LONGEST_NOTE:,}文字までで書いてください。")
    work = _made(session, subject)
    session.add(WorkNote(work_id=work.id, staff_id=staff.id, text=text, created_at=utc_now()))
    work.updated_at = utc_now()
    audit(session, staff, "work.note", subject.id)


def judge(
    session: Session, staff: Staff, turn_id: int, verdict: str, better: str, better_id: str | None, remark: str
) -> str:
    """The verdict on one answer, and what would be right; returns the conversation. Raises InvalidInput, NotFound."""
    turn = session.get(TurnRecord, turn_id)
    if turn is None:
        raise NotFound("この発言は見つかりません。消された可能性があります。")
    if verdict not in VERDICTS or (better and better not in BETTER):
        raise InvalidInput("正解・不正解・古いのどれかを選んでください。", fields={"verdict": "選んでください"})
    if len(remark) > LONGEST_NOTE:
        raise InvalidInput(f"説明を{LONGEST_NOTE:,}文字までにしてください。")
    if better == "answer" and better_id is None:
        raise InvalidInput("正しい答えを、一覧から選んでください。", fields={"better_id": "選んでください"})
    better = "" if verdict == "right" else better
    session.merge(
        Judgement(
            turn_id=turn_id,
            verdict=verdict,
            better=better or None,
            better_id=better_id if better == "answer" else None,
            remark=remark.strip() or None,
            release_id=turn.release_id,
            staff_id=staff.id,
            created_at=utc_now(),
        )
    )
    session.execute(sa.update(Inquiry).where(Inquiry.turn_id == turn_id).values(verdict=verdict))
    audit(session, staff, "turn.judge", str(turn_id), " ".join(filter(None, (verdict, better, better_id))))
    return turn.conversation_id


def _made(session: Session, subject: Subject) -> Work:
    work = of(session, subject)
    if work is not None:
        return work
    there = (
        sa.select(Inquiry.turn_id).where(Inquiry.question_key == subject.question_key).limit(1)
        if subject.question_key
        else sa.select(Conversation.id).where(Conversation.id == subject.conversation_id)
    )
    if session.scalar(there) is None:
        raise NotFound("見つかりません。消された可能性があります。")
    work = Work(
        question_key=subject.question_key,
        conversation_id=subject.conversation_id,
        status="open",
        updated_at=utc_now(),
    )
    session.add(work)
    session.flush()
    return work
