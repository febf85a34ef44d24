"""Everything that is owed after a commit: the deliveries of a server, and what of it is failing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.events import RecordedEvent
from queue_server.domain.messages.message import MessageChannel
from queue_server.services.messages.following import follow_event
from queue_server.services.webhooks.owing import owe_event
from queue_server.store.writer.database import Database

from .alert_mail import AlertMailDelivery, ComposeAlert
from .chain import ChainDelivery
from .delivery import Delivery
from .escalation_mail import ComposeEscalation, EscalationMailDelivery
from .live import LiveHub
from .messages.letters import Compose, LetterDelivery, PhoneDelivery
from .messages.port import Sender
from .reactions import make_reactions
from .relay import Relay
from .report_mail import ComposeReport, ReportMailDelivery
from .webhooks.delivery import WebhookDelivery, WebhookSettings

KINDS: Sequence[type[Delivery[Any]]] = (
    Relay,
    LetterDelivery,
    PhoneDelivery,
    AlertMailDelivery,
    EscalationMailDelivery,
    WebhookDelivery,
    ChainDelivery,
    ReportMailDelivery,
)


@dataclass(frozen=True)
class Senders:
    """The adapters that a server has. Letters, alerts and reports have connections of their
    own.
    """

    letters: Sender | None = None
    phone: Sender | None = None
    alerts: Sender | None = None
    reports: Sender | None = None

    @property
    def ways(self) -> frozenset[MessageChannel]:
        """The channels by which visitors can be told."""
        has = {MessageChannel.EMAIL: self.letters, MessageChannel.PHONE: self.phone}
        return frozenset(channel for channel, sender in has.items() if sender is not None)


def make_deliveries(
    database: Database,
    live: LiveHub,
    senders: Senders,
    compose: Compose,
    compose_alert: ComposeAlert,
    compose_report: ComposeReport,
    compose_escalation: ComposeEscalation,
    webhook_settings: WebhookSettings,
    clock: Callable[[], datetime],
    is_settling: Callable[[], bool] = lambda: False,
) -> Sequence[Delivery[Any]]:
    """One of each kind. While `is_settling`, because the clock may have been set by mistake, what
    is planned for later waits.
    """
    letters = LetterDelivery(database, senders.letters, compose, clock, is_settling, senders.ways)
    phone = PhoneDelivery(database, senders.phone, compose, clock, is_settling)
    alert_mail = AlertMailDelivery(database, senders.alerts, compose_alert, clock)
    escalations = EscalationMailDelivery(database, senders.alerts, compose_escalation, clock)
    follow = partial(_follow, database, senders.ways, clock)
    webhooks = WebhookDelivery(database, webhook_settings, clock)
    owe = partial(owe_event, database)
    reactions = make_reactions(live, letters, phone, alert_mail, escalations, follow, webhooks, owe)
    chain = ChainDelivery(database, clock)
    reports = ReportMailDelivery(database, senders.reports, compose_report, clock, is_settling)
    relay = Relay(database, reactions, clock)
    return relay, letters, phone, alert_mail, escalations, webhooks, chain, reports


def _follow(
    database: Database,
    ways: frozenset[MessageChannel],
    clock: Callable[[], datetime],
    recorded: RecordedEvent,
) -> None:
    follow_event(database, recorded, ways, clock())


def list_failing(connection: Connection) -> Sequence[str]:
    """What follows a change, has failed and is to be tried again, in words that name nobody."""
    return [each for kind in KINDS for each in kind.list_failing(connection)]
