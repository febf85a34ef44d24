"""What this machine's browser and technician get: the touch page, and the status page."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from gevent.pywsgi import WSGIServer

from kiosk.page.help import install_help
from kiosk.page.page import create_page
from kiosk.page.voice import install_voice
from printer.printing import utc_now
from printer.status_page import create_status_page
from queue_server.protocol.local_edge import LocalEdge

if TYPE_CHECKING:
    from socket import socket

    from kiosk.agent import KioskAgent

log = logging.getLogger("antrean.kiosk")


def serve_page(agent: KioskAgent, listener: socket, port: int, folder: Path) -> None:
    """Serve the agent's pages on `listener`, for ever. `folder` is the agent's."""
    page = create_page(
        agent.build, agent.state, agent, agent.journal.entry, agent.view, agent.guide
    )
    page.register_blueprint(
        create_status_page(
            "antrean kiosk",
            lambda: agent.health.sections(agent.client.server_url, agent.late_loops()),
            agent.printer,
            folder,
            utc_now,
        )
    )
    page.add_url_rule("/page-seen", view_func=agent.health.page_facts)
    install_help(page, agent.help_line)
    install_voice(page, folder / "voice")
    log.info("the kiosk page is at http://%s:%d/", *listener.getsockname()[:2])
    WSGIServer(listener, LocalEdge(page, port), log=None, error_log=log).serve_forever()
