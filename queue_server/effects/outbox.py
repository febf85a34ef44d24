"""Everything that is owed after a commit: the deliveries of a server, and what of it is failing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.store.writer.database import Database

from .alert_mail import AlertMailDelivery, ComposeAlert
from .delivery import Delivery
from .live import LiveHub
from .messages.letters import Compose, LetterDelivery
from .messages.smtp import MailServer
from .reactions import make_reactions
from .relay import Relay

KINDS: Sequence[type[Delivery[Any]]] = (Relay, LetterDelivery, AlertMailDelivery)


def make_deliveries(
    database: Database,
    live: LiveHub,
    server: MailServer | None,
    compose: Compose,
    compose_alert: ComposeAlert,
    clock: Callable[[], datetime],
) -> Sequence[Delivery[Any]]:
    """One of each kind."""
    letters = LetterDelivery(database, server, compose, clock)
    alert_mail = AlertMailDelivery(database, server, compose_alert, clock)
    relay = Relay(database, make_reactions(live, letters, alert_mail), clock)
    return relay, letters, alert_mail


def list_failing(connection: Connection) -> Sequence[str]:
    """What follows a change, has failed and is to be tried again, in words that name nobody."""
    return [each for kind in KINDS for each in kind.list_failing(connection)]
