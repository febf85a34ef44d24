"""What a simulated day assumes: how many people want a visit, when, and how they behave.

Every share is a part of one. Every figure is an assumption; `docs/simulation.md` explains what it
is based on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from queue_server.domain.office.modes import ServiceMode

NET_SHARE, MEAN_VISIT_MINUTES = 0.85, 9
"""What an office can handle in a day: counters x open minutes x 85 %, at 9 minutes a visit. 340
visits at the home office.
"""


@dataclass(frozen=True)
class Habits:
    """How people behave. Shares are parts of 1; `tries_max` is how often a person looks for a place
    online before giving up.

    `at_release_share` of them look as soon as their slot is opened, the others at any time in the
    days after. `joins_waitlist_share` of those who found no place join the waitlist, and
    `answers_share` of them answer an offer. `come_anyway_share` of those without a place come to
    the door; `return_share` of those refused there come once more.
    """

    web_share: float = 0.65
    urgent_share: float = 0.08
    priority_share: float = 0.12
    accepts_online_share: float = 0.5
    party_shares: tuple[float, ...] = (0.74, 0.17, 0.06, 0.03)
    tries_max: int = 3
    at_release_share: float = 0.4
    abandons_share: float = 0.1
    cancels_share: float = 0.1
    moves_share: float = 0.03
    absent_share: float = 0.17
    late_share: float = 0.08
    late_minutes: float = 20.0
    joins_waitlist_share: float = 0.1
    answers_share: float = 0.7
    come_anyway_share: float = 0.15
    return_share: float = 0.1
    early_crowd_share: float = 0.2
    peak_share: float = 0.5
    patience_minutes: float = 120.0
    leaves_silently_share: float = 0.5
    steps_out_share: float = 0.03
    comes_back_share: float = 0.7
    transfer_share: float = 0.02
    park_share: float = 0.03
    service_cv: float = 0.6


@dataclass(frozen=True)
class Scenario:
    """One kind of day. `demand` is in multiples of the visits that the office can handle.

    `brokers` try to book `broker_tries` places each under made-up NIKs with one telephone. With a
    `mode`, the whole office is switched to it the evening before; `heard_share` of those it does
    not serve then stay at home, and visits for `urgent_services` count as urgent.
    """

    name: str
    summary: str
    day: date
    demand: float
    habits: Habits = field(default_factory=Habits)
    walk_ins_beyond_places: bool = True
    brokers: int = 0
    broker_tries: int = 40
    mode: ServiceMode = ServiceMode.NORMAL
    urgent_services: frozenset[str] = frozenset()
    heard_share: float = 0.0


SCENARIOS: Mapping[str, Scenario] = {
    each.name: each
    for each in (
        Scenario(
            "normal",
            "a Tuesday on which as many want a visit as the office manages",
            date(2020, 11, 17),
            1.0,
        ),
        Scenario(
            "flood",
            "40 times as many want the visits of one day as there are, with brokers",
            date(2020, 11, 16),
            40.0,
            habits=Habits(web_share=0.85),
            walk_ins_beyond_places=False,
            brokers=12,
        ),
        Scenario(
            "urgent-only",
            "23 March 2020: served are urgent cases alone, as decided the evening before",
            date(2020, 3, 23),
            0.8,
            mode=ServiceMode.URGENT_ONLY,
            urgent_services=frozenset({"AMB", "SNK", "LEG"}),
            heard_share=0.6,
        ),
    )
}

SERVICE_SHARES: Mapping[str, float] = {
    "CTK": 0.18,
    "AMB": 0.14,
    "KK": 0.14,
    "REK": 0.12,
    "AKL": 0.12,
    "KIA": 0.07,
    "PIN": 0.06,
    "SNK": 0.05,
    "AKM": 0.04,
    "LEG": 0.03,
    "IKD": 0.03,
    "PGD": 0.01,
    "AKP": 0.005,
    "WNA": 0.005,
}
"""What people come for."""
