"""Event type -> what follows from it. Read this table to know every consequence of a change.

A reaction may run more than once for the same event (the relay promises at least once), so each
must bear repetition. None waits for the network: what has to, stands in a row of its own from the
change's own transaction on, and the reaction wakes the `Delivery` that works such rows off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.messages.owed import FOLLOWS, LETTER_AFTER, MOVES_THE_LINE

from .alert_mail import AlertMailDelivery
from .live import LiveHub
from .messages.letters import LetterDelivery, PhoneDelivery


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
    follow: Callable[[RecordedEvent], object],
) -> Mapping[EventType, Sequence[Reaction]]:
    """The table, bound to the parts that carry it out. `follow` owes visitors what follows an
    event by itself.
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

    always = Reaction("live", refresh_live)
    tell = Reaction("messages", tell_visitors)
    mail_alerts = Reaction(alert_mail.name, lambda _recorded: alert_mail.wake())
    telling = {*LETTER_AFTER, *FOLLOWS, *MOVES_THE_LINE}
    also = {**dict.fromkeys(telling, tell), EventType.ALERT_RAISED: mail_alerts}
    return {type: (always, also[type]) if type in also else (always,) for type in EventType}
