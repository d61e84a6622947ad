"""Starts Rasa on loopback with our channel. MODEL_PATH, RASA_PORT, ACTIONS_URL and TRACKER_DB come by environment."""

from __future__ import annotations

import os

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SANIC_BACKLOG", "256")


def main() -> None:
    """Serves until stopped; refuses to listen anywhere but on loopback."""
    import rasa.utils.common
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    from bot import fast_action_check, quiet_logs

    rasa.utils.common.update_sanic_log_level = lambda *args, **kwargs: None
    fast_action_check.install()
    quiet_logs.install()
    serve_application(
        model_path=os.environ["MODEL_PATH"],
        interface="127.0.0.1",
        port=int(os.environ["RASA_PORT"]),
        credentials="credentials.yml",
        endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"),
        enable_api=False,
        cors=None,
    )


if __name__ == "__main__":
    main()
