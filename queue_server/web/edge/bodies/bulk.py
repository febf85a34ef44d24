"""What managers send to see to many bookings at once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from queue_server.services.booking import anomalies as anomaly_groups
from queue_server.services.booking.stranded import MOST

from .base import Body, PageQuery
from .kinds import Day, SlotId, Word


class StrandedQuery(PageQuery):
    """Which of the bookings without a time: of a service, of a day that lost its times, urgent ones
    or the others; all if left out.
    """

    service: Word | None = None
    date: Day | None = None
    urgent: Literal["yes", "no"] | None = None


def each_once(given: list[str]) -> list[str]:
    if len(set(given)) != len(given):
        raise ValueError("a booking is given twice")
    return given


class MovedBody(Body):
    """A booking without a time, and the time to give it."""

    ticket: Word
    slot: SlotId


class MoveStrandedBody(Body):
    """Bookings to move, each once; with `dry_run` it is only shown what would come of it."""

    bookings: Annotated[list[MovedBody], Field(min_length=1, max_length=MOST)]
    dry_run: bool = False

    @model_validator(mode="after")
    def _one_of_each_ticket(self) -> MoveStrandedBody:
        each_once([each.ticket for each in self.bookings])
        return self


class CancelStrandedBody(Body):
    """Bookings to cancel, each once; with `dry_run` it is only shown what would come of it."""

    tickets: Annotated[list[Word], Field(min_length=1, max_length=MOST), AfterValidator(each_once)]
    dry_run: bool = False


class VoidBody(Body):
    """Bookings and holds to void, each once, and why; with `dry_run` it is only shown what would
    come of it."""

    tickets: Annotated[
        list[Word], Field(min_length=1, max_length=anomaly_groups.MOST), AfterValidator(each_once)
    ]
    reason: Literal["program", "resale", "invented"]
    dry_run: bool = False
