"""The call policies: what each is called, does and costs whom."""

from __future__ import annotations

from collections.abc import Mapping

from queue_server.domain.office.rules import CallPolicy
from queue_server.web.edge.locale import gettext as _

POLICY_WAITS: Mapping[CallPolicy, tuple[float, float, float]] = {
    CallPolicy.TURN_TIME: (4.5, 9.3, 11.2),
    CallPolicy.FIFO: (9.4, 7.7, 13.4),
    CallPolicy.RATIO: (5.5, 5.0, 22.7),
    CallPolicy.STRICT: (1.1, 9.9, 12.1),
}
"""Mean minutes that visitors with priority, booked ones and walk-ins wait in the simulation of
docs/call-order.md.
"""


def policy_words() -> dict[CallPolicy, tuple[str, str]]:
    """The name of each call policy, and what it does."""
    return {
        CallPolicy.TURN_TIME: (
            _("Turn time"),
            _(
                "By booked time for those who come on time, by arrival for everybody else; "
                "visitors with priority count as earlier."
            ),
        ),
        CallPolicy.FIFO: (
            _("First come, first served"),
            _("By arrival alone. Bookings and priority count for nothing."),
        ),
        CallPolicy.RATIO: (
            _("In a ratio"),
            _(
                "So many visitors with priority or a booking kept on time, then one other, in each "
                "queue. It can look unfair from the"
                " waiting room."
            ),
        ),
        CallPolicy.STRICT: (
            _("Priority first"),
            _("All visitors with priority before all others, who may have to wait long."),
        ),
    }


def policy_costs(policy: CallPolicy) -> str:
    """What a policy cost whom in the simulation."""
    priority, booked, walk_in = (int(each + 0.5) for each in POLICY_WAITS[policy])
    return _(
        "Mean wait on simulated days: priority %(priority)s, booked %(booked)s, without a booking "
        "%(walk_in)s minutes.",
        priority=priority,
        booked=booked,
        walk_in=walk_in,
    )
