"""What is sent to see to many bookings, or to change many offices, at once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from queue_server.services.booking import anomalies as anomaly_groups
from queue_server.services.booking.stranded import MOST

from .base import Body, PageQuery
from .kinds import Day, Language, Moment, SlotId, Text, Word
from .office import DayBody

OFFICES_MOST = 200
"""Offices that one change is for."""


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


class ManyModeBody(Body):
    """How far the offices are open from a moment on, until when, and a public notice by language.
    Without a start it begins at once, without an end it holds until it is decided anew.
    """

    mode: Literal["NORMAL", "ONLINE_FIRST", "URGENT_ONLY", "CLOSED"]
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    review_on: Day | None = None
    notice: dict[Language, Text] = Field(default_factory=dict)


class ManyNoticeBody(Body):
    """A public notice by language; the mode of each office stays as it is."""

    text: Annotated[dict[Language, Text], Field(min_length=1)]
    ends_at: Moment | None = None


class ManyLimitBody(Body):
    """The most persons inside: a number for every office, or a percentage of what each lets in
    now, rounded down.
    """

    people: Annotated[int, Field(ge=1, le=9_999, strict=True)] | None = None
    percent: Annotated[int, Field(ge=1, le=100, strict=True)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> ManyLimitBody:
        if (self.people is None) == (self.percent is None):
            raise ValueError("either people or percent")
        return self


class ManyChangeBody(Body):
    """What shall change in each office, all of it or nothing. A notice comes with the mode, or
    alone.
    """

    mode: ManyModeBody | None = None
    notice: ManyNoticeBody | None = None
    day: DayBody | None = None
    limit: ManyLimitBody | None = None

    @model_validator(mode="after")
    def _something(self) -> ManyChangeBody:
        if all(each is None for each in (self.mode, self.notice, self.day, self.limit)):
            raise ValueError("nothing shall change")
        if self.mode is not None and self.notice is not None:
            raise ValueError("the notice comes with the mode")
        return self


class ManyTrialBody(ManyChangeBody):
    """What shall change in which offices; null for all that the sender works for."""

    offices: Annotated[list[Word], Field(min_length=1, max_length=OFFICES_MOST)] | None = None


class ManyConfirmationBody(ManyChangeBody):
    """The change of a dry run, with the `revisions` and the `seal` that it gave: only that very
    change is made, and only in offices that are still as they were.
    """

    revisions: Annotated[
        dict[Word, Annotated[int, Field(ge=1, le=2**31, strict=True)]],
        Field(min_length=1, max_length=OFFICES_MOST),
    ]
    seal: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
