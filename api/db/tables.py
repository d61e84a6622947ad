"""Every table of the product; importing this makes the metadata whole."""

from __future__ import annotations

from api.bookings import models as bookings
from api.cases import models as cases
from api.channels import models as channels
from api.chat import codes
from api.db.models import Base
from api.outbox import models as outbox

__all__ = ["Base", "bookings", "cases", "channels", "codes", "outbox"]
