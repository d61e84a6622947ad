"""Serves the API until stopped."""

from __future__ import annotations

import uvicorn

from api.app import create_app
from core.logs import configure_logs
from core.settings import Settings


def main() -> None:
    """One process; addresses are logged by nobody, bodies never."""
    settings = Settings()
    configure_logs("api", settings)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main()
