"""What the demonstration shows at its start, as data: how many have booked, how many wait, how the
offices work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Words

from .banten import HOME


@dataclass(frozen=True)
class Crowd:
    """The visitors of one office. `share_of_today` and `share_of_later` are parts of the places of
    all slots, 0 to 1.

    `open_counters` of the office are open; `served` visitors have been served and `called` are at a
    counter when the demonstration starts; `waiting` further walk-ins wait, in and outside.
    """

    share_of_today: float = 0.1
    share_of_later: float = 0.05
    open_counters: int = 2
    served: int = 2
    called: int = 1
    waiting: int = 3


@dataclass(frozen=True)
class Scenario:
    """One stage of the demonstration. With a `mode` other than NORMAL, bookings were made before it
    was ordered the evening before.
    """

    name: str
    mode: ServiceMode
    home: Crowd
    others: Crowd
    notice: Words = field(default_factory=dict)
    urgent_services: frozenset[str] = frozenset()

    def crowd(self, office: str) -> Crowd:
        """The visitors of an office."""
        return self.home if office == HOME else self.others


_NORMAL = Scenario(
    "normal",
    ServiceMode.NORMAL,
    home=Crowd(
        share_of_today=0.45, share_of_later=0.15, open_counters=6, served=14, called=4, waiting=8
    ),
    others=Crowd(),
)
_URGENT_ONLY = Scenario(
    "urgent-only",
    ServiceMode.URGENT_ONLY,
    home=Crowd(
        share_of_today=0.3, share_of_later=0.12, open_counters=3, served=3, called=1, waiting=4
    ),
    others=Crowd(
        share_of_today=0.1, share_of_later=0.04, open_counters=1, served=1, called=0, waiting=1
    ),
    notice={
        "id": "Hanya layanan mendesak: pengambilan KTP, pembaruan data BPJS, dan legalisir dokumen "
        "tanpa tanda tangan elektronik.",
        "en": "Urgent services only: ID card pick-up, data updates for BPJS, legalisation of "
        "documents without an electronic signature.",
    },
    urgent_services=frozenset({"AMB", "SNK", "LEG"}),
)
_FULL = Scenario(
    "full",
    ServiceMode.NORMAL,
    home=Crowd(
        share_of_today=1, share_of_later=1, open_counters=10, served=20, called=8, waiting=45
    ),
    others=Crowd(
        share_of_today=0.3, share_of_later=0.02, open_counters=3, served=4, called=2, waiting=8
    ),
)

SCENARIOS: Mapping[str, Scenario] = {each.name: each for each in (_NORMAL, _URGENT_ONLY, _FULL)}
USUAL = _NORMAL.name
"""What is shown when nobody asks for a scenario."""


def scenario(name: str) -> Scenario:
    """A stage by name: normal, urgent-only or full. Raises `KeyError`."""
    return SCENARIOS[name]
