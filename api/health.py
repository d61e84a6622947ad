"""Whether the house is alive, and whether all of it is ready."""

from __future__ import annotations

import httpx
import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.db.tables import Base
from core.clock import today

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """200 while the process lives."""
    return {"status": "alive"}


@router.get("/readyz")
async def ready(request: Request) -> JSONResponse:
    """200 when Rasa has its model, the actions answer and the database is migrated; else 503 with what is missing."""
    state = request.app.state
    checks = {
        "rasa": await state.chat.rasa.is_ready(),
        "actions": await _answers(f"{state.settings.actions_url}/health"),
        "database": await state.database.reading(_migrated),
    }
    missing = [name for name, fine in checks.items() if not fine]
    if missing:
        body = {
            "status": "starting",
            "missing": missing,
            "error": {"code": "starting", "message": "準備中です。少し待ってから、もう一度お試しください。"},
        }
        return JSONResponse(body, status_code=503, headers={"Retry-After": "5"})
    late = state.bookings.desk.book.uncovered(today())
    warnings = ["holidays"] if late else []
    return JSONResponse({"status": "ready", "release": state.settings.release_id, "warnings": warnings})


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as http:
            return (await http.get(url)).status_code == 200
    except httpx.HTTPError:
        return False


def _migrated(session: sa.orm.Session) -> bool:
    tables = set(sa.inspect(session.connection()).get_table_names())
    return set(Base.metadata.tables) <= tables
