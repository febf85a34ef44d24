"""How many persons are inside, and who may come in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from queue_server.domain.errors import AdmissionsStopped, BadInput, FewerWithoutTicket, RoomFull

PERSONS_MAX = 10_000
"""No room of ours holds more."""


def persons_inside(ticketed: int, correction: int, sensed: int | None) -> int:
    """Persons inside. Sensors may only add to what tickets and guard say: whoever was let in a
    moment ago counts, though no sensor has seen them yet.
    """
    return max(ticketed + correction, sensed or 0)


@dataclass(frozen=True)
class Occupancy:
    """Persons inside a room. `ticketed` follows from tickets, `correction` are those without a
    ticket, by a guard's count.

    Invariant: `correction` >= 0, so that nothing but a ticket's own step takes ticketed persons off
    the count.

    `sensed` is what the door's sensors have counted, None without any. `limit` None means the
    office counts but does not limit; `admitting` False that nobody is to be let in.
    """

    ticketed: int
    correction: int
    limit: int | None
    sensed: int | None = None
    admitting: bool = True

    @property
    def inside(self) -> int:
        """Persons inside; see `persons_inside`."""
        return persons_inside(self.ticketed, self.correction, self.sensed)

    @property
    def over(self) -> int:
        """How many persons more than the limit allows are inside."""
        return 0 if self.limit is None else max(0, self.inside - self.limit)

    def fits(self, party_size: int) -> bool:
        """Whether a whole party may come in now."""
        return self.admitting and (self.limit is None or self.inside + party_size <= self.limit)

    @property
    def room(self) -> int | None:
        """How many more persons may come in; None without a limit."""
        if not self.admitting:
            return 0
        return None if self.limit is None else max(0, self.limit - self.inside)

    def after(self, party_size: int) -> Occupancy:
        """The room once a party with a ticket has come in."""
        return replace(self, ticketed=self.ticketed + party_size)


def correct(occupancy: Occupancy, delta: int) -> int:
    """The persons without a ticket after a guard counted `delta` of them in, or out.

    Raises `BadInput` for no change or for fewer than nobody inside, `FewerWithoutTicket` where
    persons with tickets would be taken off.
    """
    if delta == 0 or occupancy.ticketed + occupancy.correction + delta < 0:
        raise BadInput(field="delta", reason="range", inside=occupancy.inside)
    if occupancy.correction + delta < 0:
        raise FewerWithoutTicket(without_ticket=occupancy.correction, ticketed=occupancy.ticketed)
    return occupancy.correction + delta


def count_anew(occupancy: Occupancy, persons: int) -> int:
    """The persons without a ticket when somebody has counted `persons` by eye. Raises `BadInput`
    for fewer than have a ticket.
    """
    if not occupancy.ticketed <= persons <= PERSONS_MAX:
        raise BadInput(field="persons", reason="range", low=occupancy.ticketed, high=PERSONS_MAX)
    return persons - occupancy.ticketed


def admit_party(occupancy: Occupancy, party_size: int) -> None:
    """Refuse a party that may not come in. Raises `AdmissionsStopped`, `RoomFull` for one that does
    not fit.
    """
    if not occupancy.admitting:
        raise AdmissionsStopped()
    if not occupancy.fits(party_size):
        raise RoomFull(inside=occupancy.inside, limit=occupancy.limit, party_size=party_size)


def admit_party_size(party_size: int, largest: int) -> None:
    """Refuse a party that no action could ever let in. `largest` is the office's `largest_party`.

    Raises `BadInput` (field `party_size`) below 1 or above it.
    """
    if not 1 <= party_size <= largest:
        raise BadInput(field="party_size", reason="range", low=1, high=largest)
