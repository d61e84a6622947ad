"""Every table of the product; importing this makes the metadata whole."""

from __future__ import annotations

from api.bookings import models as bookings
from api.cases import models as cases
from api.channels import models as channels
from api.chat import codes
from api.console import models as console
from api.db.models import Base
from api.inquiries import models as inquiries
from api.outbox import models as outbox

__all__ = ["Base", "bookings", "cases", "channels", "codes", "console", "inquiries", "outbox"]
