"""What can be exported: inquiries, bookings, results. Each reads a piece after the last row of the piece before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from api.bookings.models import Booking
from api.cases.models import Case
from api.console.shown import HIDDEN, shown_text, shown_value
from api.console.texts import TEXTS
from api.db.models import Feedback, MessageRecord, TurnRecord
from api.inquiries.models import Inquiry, Judgement
from api.inquiries.statistics import Period
from core.clock import TOKYO
from knowledge.booking_files import load_booking

Rows = list[tuple[Any, dict[str, Any]]]
ANSWERS = ("bot", "staff")


@dataclass(frozen=True)
class Set:
    """One kind of export: its name, its columns, and how a piece of it is read."""

    label: str
    columns: dict[str, str]
    read: Callable[[Session, Any, int, Period, bool], Rows]


def inquiries(session: Session, after: int | None, limit: int, period: Period, unmasked: bool) -> Rows:
    """Turns with their answers, verdicts and opinions."""
    wanted = (
        sa.select(TurnRecord, Inquiry, Judgement)
        .outerjoin(Inquiry, Inquiry.turn_id == TurnRecord.id)
        .outerjoin(Judgement, Judgement.turn_id == TurnRecord.id)
        .where(TurnRecord.id > (after or 0), period.has(TurnRecord.created_at))
        .order_by(TurnRecord.id)
        .limit(limit)
    )
    found = session.execute(wanted).all()
    answers, opinions = _answers(session, [turn.id for turn, _, _ in found], unmasked)
    return [
        (
            turn.id,
            {
                "time": _time(turn.created_at),
                "channel": TEXTS["channels"].get(turn.channel, turn.channel),
                "conversation": turn.conversation_id,
                "text": shown_text(turn, unmasked=unmasked),
                "answer": "\n".join(answers.get(turn.id, [])),
                "intent": turn.intent,
                "confidence": turn.confidence,
                "topic": inquiry.topic if inquiry else None,
                "outcome": TEXTS["outcomes"].get(turn.outcome, turn.outcome),
                "verdict": TEXTS["verdicts"].get(judged.verdict) if judged else None,
                "better": judged.better_id or TEXTS["better"].get(judged.better or "") if judged else None,
                "rating": opinions.get(turn.id, (None, None))[0],
                "comment": opinions.get(turn.id, (None, None))[1],
                "latency_ms": turn.latency_ms,
                "release": turn.release_id,
            },
        )
        for turn, inquiry, judged in found
    ]


def bookings(session: Session, after: tuple[Any, str] | None, limit: int, period: Period, unmasked: bool) -> Rows:
    """Appointments by their time; who comes only unmasked."""
    wanted = sa.select(Booking).where(period.has(Booking.start_at), Booking.status != "held")
    if after:
        wanted = wanted.where(
            sa.or_(Booking.start_at > after[0], (Booking.start_at == after[0]) & (Booking.id > after[1]))
        )
    texts = load_booking().texts
    found = session.scalars(wanted.order_by(Booking.start_at, Booking.id).limit(limit))
    personal = ("name", "organization", "email", "phone", "address")
    return [
        (
            (one.start_at, one.id),
            {
                "start": _time(one.start_at),
                "end": _time(one.end_at),
                "kind": texts.kinds[one.kind],
                "status": texts.statuses[one.status],
                **{key: _hidden(getattr(one, key), unmasked) for key in personal},
                "prefecture": one.prefecture,
                "topic": one.topic if unmasked else shown_value(one.topic),
                "made": _time(one.created_at),
                "conversation": one.conversation_id,
                "id": one.id,
            },
        )
        for one in found
    ]


def cases(session: Session, after: tuple[Any, str] | None, limit: int, period: Period, unmasked: bool) -> Rows:
    """Results of checks and estimates."""
    wanted = sa.select(Case).where(period.has(Case.created_at))
    if after:
        wanted = wanted.where(sa.or_(Case.created_at > after[0], (Case.created_at == after[0]) & (Case.id > after[1])))
    found = session.scalars(wanted.order_by(Case.created_at, Case.id).limit(limit))
    return [((case.created_at, case.id), _case(case, unmasked)) for case in found]


def _case(case: Case, unmasked: bool) -> dict[str, Any]:
    data: dict[str, Any] = shown_value(case.data, unmasked=unmasked)
    estimate = data if case.kind == "estimate" else data.get("estimate") or {}
    return {
        "time": _time(case.created_at),
        "kind": {"verdict": "対象の確認", "estimate": "計算"}[case.kind],
        "verdict": TEXTS["eligibility"].get(data.get("verdict") or ""),
        "methodologies": "、".join(data.get("methodology_ids") or [data.get("methodology_id") or ""]),
        "reduction_tco2": estimate.get("reduction_tco2"),
        "rules": json.dumps([[r.get("rule_id"), r.get("outcome")] for r in data.get("reasons") or []]),
        "conversation": case.conversation_id,
        "release": case.release,
        "id": case.id,
    }


def _answers(
    session: Session, turn_ids: list[int], unmasked: bool
) -> tuple[dict[int, list[str]], dict[int, tuple[str, str | None]]]:
    """What each turn was answered with, and what the person thought of it."""
    wanted = (
        sa.select(MessageRecord, Feedback)
        .outerjoin(Feedback, Feedback.message_seq == MessageRecord.seq)
        .where(MessageRecord.turn_id.in_(turn_ids), MessageRecord.role.in_(ANSWERS))
        .order_by(MessageRecord.seq)
        .options(lazyload(MessageRecord.choices))
    )
    answers: dict[int, list[str]] = {}
    opinions: dict[int, tuple[str, str | None]] = {}
    for message, opinion in session.execute(wanted):
        turn_id = message.turn_id or 0
        answers.setdefault(turn_id, []).append(shown_text(message, unmasked=unmasked))
        if opinion:
            comment = opinion.comment if unmasked else opinion.masked_comment
            opinions[turn_id] = ("役に立った" if opinion.rating == "good" else "役に立たなかった", comment)
    return answers, opinions


def _hidden(value: str | None, unmasked: bool) -> str | None:
    return value if unmasked or not value else HIDDEN


def _time(moment: Any) -> str:
    return f"{moment.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}"


SETS = {
    "inquiries": Set(
        "問い合わせ（発言と返事、判定、評価）",
        {
            "time": "日時", "channel": "経路", "conversation": "会話の番号", "text": "発言", "answer": "返事",
            "intent": "意図", "confidence": "確かさ", "topic": "話題", "outcome": "結果", "verdict": "判定",
            "better": "正しい答え", "rating": "評価", "comment": "評価の言葉", "latency_ms": "ミリ秒", "release": "版",
        },
        inquiries,
    ),
    "bookings": Set(
        "予約",
        {
            "start": "開始", "end": "終了", "kind": "方法", "status": "状態", "name": "お名前", "organization": "所属",
            "email": "メール", "phone": "電話", "prefecture": "都道府県", "address": "住所", "topic": "相談の内容",
            "made": "申し込み", "conversation": "会話の番号", "id": "予約の番号",
        },
        bookings,
    ),
    "cases": Set(
        "結果（対象の確認と計算）",
        {
            "time": "日時", "kind": "種類", "verdict": "判定", "methodologies": "方法論", "reduction_tco2": "削減量",
            "rules": "規則と結果", "conversation": "会話の番号", "release": "版", "id": "番号",
        },
        cases,
    ),
}  # fmt: skip
