"""The numbers of a period as charts, each with its table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from sqlalchemy.orm import Session

from api.console import charts
from api.console.charts import Column
from api.console.door import console_router, require
from api.console.labels import field_labels
from api.console.render import page
from api.console.staff import Staff
from api.console.titles import Titles
from api.inquiries import statistics
from api.inquiries.statistics import Bucket, Counts, Period
from core.clock import today

router = console_router()
Anyone = Annotated[Staff, Depends(require("viewer"))]
LENGTHS = {7: "7日", 30: "30日", 90: "90日", 365: "1年"}
MOST_TOPICS = 10


def period(days: Annotated[int, Query(ge=1, le=3650)] = 30) -> Period:
    """The last so many days."""
    return Period(today() - timedelta(days=days - 1), today())


@router.get("/dashboard")
async def dashboard(request: Request, staff: Anyone, wanted: Annotated[Period, Depends(period)]) -> Response:
    """Volume, topics, verdicts, what stays unanswered, where people stop, bookings, channels."""
    counted, stops, bookings = await request.app.state.database.reading(_counted, wanted)
    shown: dict[str, Any] = {
        "wanted": wanted,
        "lengths": LENGTHS,
        "counts": counted,
        "stops": stops,
        "bookings": bookings,
        "most_topics": MOST_TOPICS,
        "labels": field_labels(request),
        "titles": Titles.of(request),
        "bar": charts.bar,
        "volume": _volume(wanted, counted.buckets),
        "trend": _trend(wanted, counted.buckets),
        "bucket": lambda first: _bucket(first, wanted),
    }
    return page(request, "dashboard.html", staff, **shown)


def _counted(session: Session, wanted: Period) -> tuple[Counts, list[statistics.Stop], dict[str, int]]:
    return (
        statistics.counts(session, wanted),
        statistics.drop_off(session, wanted),
        statistics.conversion(session, wanted),
    )


def _volume(wanted: Period, buckets: list[Bucket]) -> Any:
    data = [Column(_bucket(b.first, wanted), b.turns, b.unanswered) for b in buckets]
    return charts.columns("発言の数の移り変わり。数字は下の表にあります。", data)


def _trend(wanted: Period, buckets: list[Bucket]) -> Any:
    data = [(_bucket(b.first, wanted), b.unanswered / b.turns if b.turns else None) for b in buckets]
    return charts.line("答えられなかった割合の移り変わり。数字は下の表にあります。", data)


def _bucket(first: date, wanted: Period) -> str:
    """11/25, or 11/25〜 when it holds several days."""
    return f"{first.month}/{first.day}" + ("〜" if wanted.step > 1 else "")
