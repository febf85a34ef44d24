"""Event type -> what follows from it. Read this table to know every consequence of a change.

A reaction may run more than once for the same event (the relay promises at least once), so each
must bear repetition. None waits for the network: what has to, stands in a row of its own from the
change's own transaction on, and the reaction wakes the `Delivery` that works such rows off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.messages.owed import FOLLOWS, FROM_HOME, LETTER_AFTER, MOVES_THE_LINE
from queue_server.domain.webhooks.message import TELLABLE

from .alert_mail import AlertMailDelivery
from .escalation_mail import EscalationMailDelivery
from .live import LiveHub
from .messages.letters import LetterDelivery, PhoneDelivery
from .webhooks.delivery import WebhookDelivery


@dataclass(frozen=True)
class Reaction:
    """One consequence. By its `name` it is known while it is behind, so a new one gets a new
    name.
    """

    name: str
    react: Callable[[RecordedEvent], None]


def make_reactions(
    live: LiveHub,
    letters: LetterDelivery,
    phone: PhoneDelivery,
    alert_mail: AlertMailDelivery,
    escalation_mail: EscalationMailDelivery,
    follow: Callable[[RecordedEvent], object],
    webhooks: WebhookDelivery,
    owe_webhooks: Callable[[RecordedEvent], int],
) -> Mapping[EventType, Sequence[Reaction]]:
    """The table, bound to the parts that carry it out. `follow` owes visitors what follows an
    event by itself, `owe_webhooks` owes other programs an event that they asked for.
    """

    def refresh_live(recorded: RecordedEvent) -> None:
        """Send snapshots for changes this process has not sent yet: another process died after its
        commit.
        """
        if not live.has_sent(recorded.event.office, recorded.event.date, recorded.seq):
            live.note([recorded])

    def tell_visitors(recorded: RecordedEvent) -> None:
        """Owe what nobody has owed yet, and send it."""
        follow(recorded)
        letters.wake()
        phone.wake()

    def tell_programs(recorded: RecordedEvent) -> None:
        """Owe other programs what they asked for, and send it."""
        if owe_webhooks(recorded):
            webhooks.wake()

    telling = {*LETTER_AFTER, *FOLLOWS, *FROM_HOME, *MOVES_THE_LINE}
    table = (
        (Reaction("live", refresh_live), frozenset(EventType)),
        (Reaction("messages", tell_visitors), telling),
        (Reaction(alert_mail.name, lambda _recorded: alert_mail.wake()), {EventType.ALERT_RAISED}),
        (
            Reaction(escalation_mail.name, lambda _recorded: escalation_mail.wake()),
            {EventType.ALERT_ESCALATED},
        ),
        (Reaction(webhooks.name, tell_programs), {*TELLABLE, EventType.WEBHOOK_TESTED}),
    )
    return {
        type: tuple(reaction for reaction, types in table if type in types) for type in EventType
    }
