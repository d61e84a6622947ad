"""The console's words for codes, from texts.yaml: `texts.roles.viewer` in a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

TEXTS: dict[str, Any] = yaml.safe_load((Path(__file__).resolve().parent / "texts.yaml").read_text(encoding="utf-8"))
