"""The ticket without a network: a service worker keeps the page of a ticket that was opened, until
the day of the visit is over. It keeps nothing else.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

from flask import Response, url_for

from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import LIVE_STATES, State
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.assets import asset, build
from queue_server.web.edge.context import find_office, now
from queue_server.web.edge.headers import CONTENT_SECURITY_POLICY
from queue_server.web.pages.citizen.blueprint import pages

KEPT_FOR = "X-Antrean-Keep-Seconds"
"""For how long a page may be kept on the phone, whose clock may be wrong; without it, it may
not.
"""

POLICY_NAME = "antrean-worker"
"""The one Trusted Types policy, which lets a ticket page name the address of its worker."""

WORKER = Path(__file__).with_name("worker.js")
FILES = (
    "tokens.css",
    "antrean.css",
    "mark.svg",
    "page.js",
    "clock.js",
    "live.js",
    "vendor/socket.io-client-4.8.4/socket.io.min.js",
    "citizen/ticket/ticket.js",
    "citizen/ticket/alerts.js",
    "citizen/ticket/following.js",
    "citizen/ticket/offline.js",
    "citizen/ticket/share.js",
)
"""What a ticket page needs to look and work as it does with a network."""


def kept_seconds(ticket: Ticket, office: Office) -> int:
    """For how long a phone may keep the page of a ticket: until the end of its day. 0 for a visit
    that is over, or that needs another time.
    """
    if ticket.state not in LIVE_STATES - {State.HELD, State.STRANDED}:
        return 0
    until = datetime.combine(ticket.date + timedelta(days=1), time.min, office.tz)
    return max(0, int((until - now()).total_seconds()))


def keepable(response: Response, ticket: Ticket) -> Response:
    """The page of a ticket, saying for how long it may be kept, and free to register the worker."""
    seconds = kept_seconds(ticket, find_office(ticket.office))
    if seconds:
        response.headers[KEPT_FOR] = str(seconds)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "trusted-types 'none'", f"trusted-types {POLICY_NAME}"
        )
    return response


@pages.get("/t/worker.js")
@public
def worker() -> Response:
    """The worker, for ticket pages alone: a browser gives it no address outside the folder it comes
    from. Each build has another text, which is how browsers notice a new one.
    """
    path = url_for("public.find_ticket")
    facts = {
        "build": build(),
        "files": [asset(name) for name in FILES],
        "path": path,
        "kept_for": KEPT_FOR,
    }
    response = Response(
        f"self.antrean = {json.dumps(facts)};\n{_source()}", content_type="text/javascript"
    )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = path + "/"
    return response


@cache
def _source() -> str:
    return WORKER.read_text(encoding="utf-8")
