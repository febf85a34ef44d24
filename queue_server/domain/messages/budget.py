"""What an office spends on messages: so many by telephone a day, and a share of them for what
cannot wait.
"""

from __future__ import annotations

from queue_server.domain.office.rules import MessageRules

from .message import MUST_TELL, MessageKind

URGENT = MUST_TELL | {MessageKind.COME_IN, MessageKind.CALL}
"""What the reserved share is for. Nothing that outsiders can cause is among it."""


def daily_limit(rules: MessageRules, kind: MessageKind) -> int:
    """How many messages by telephone there may be on a day, this one included: all for urgent
    kinds, and for others what is not reserved, rounded down. For questions to numbers that
    anybody may give, half of that: they take nothing from those who have booked.
    """
    if kind in URGENT:
        return rules.phone_daily_max
    share = 100 - rules.urgent_reserve_percent
    return rules.phone_daily_max * share // (200 if kind is MessageKind.PROVE else 100)
