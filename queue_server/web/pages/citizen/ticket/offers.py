"""What the holder of a ticket may do about the visit on its day."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.door.away import may_step_away
from queue_server.domain.door.delay import list_delays
from queue_server.domain.door.steps import may_be_ready
from queue_server.domain.office.office import Office
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Ticket, is_away
from queue_server.domain.visit.transitions import State
from queue_server.store.writer import days as day_store
from queue_server.web.edge.context import context, now

STEPS = ("late", "away", "back", "ready", "leave")


@dataclass(frozen=True)
class OwnSteps:
    """What the holder may do now. `delays`: by how many minutes they may say to come later;
    `waits`: they may leave the queue; `may_be_ready`: they may say that they can be rung.
    """

    delays: tuple[int, ...] = ()
    may_step_away: bool = False
    is_away: bool = False
    waits: bool = False
    may_be_ready: bool = False

    def allows(self, step: str) -> bool:
        """Whether a step is offered."""
        return {
            "late": bool(self.delays),
            "away": self.may_step_away,
            "back": self.is_away,
            "ready": self.may_be_ready,
            "leave": self.waits,
        }[step]

    @property
    def any(self) -> bool:
        """Whether there is anything to offer."""
        return any(self.allows(each) for each in STEPS)


def find_steps(ticket: Ticket, office: Office) -> OwnSteps:
    """What the holder of a ticket may do now; nothing while everybody is sent out."""
    with context().database.read() as connection:
        paused = day_store.find(connection, ticket.office, ticket.date).paused
    if paused is Pause.EVACUATION:
        return OwnSteps()
    moment = now()
    today, closes_at = office.date_at(moment), office.closes_at(moment)
    return OwnSteps(
        list_delays(ticket, office.rules, today, closes_at, moment),
        may_step_away(ticket, office.rules, today, closes_at, moment),
        is_away(ticket, moment),
        ticket.state is State.WAITING and ticket.date == today,
        may_be_ready(ticket, office, moment),
    )
