"""What kiosks send to go on without the server, and what they report afterwards."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from queue_server.protocol.codes import Priority, Urgency
from queue_server.protocol.leases import SYNC_ITEMS_MAX

from .base import Body
from .kinds import PRINTABLE, Day, Language, Moment, PartySize, Word

NUMBERS_MAX = 499
"""As many as the range that is set aside has."""

Letter = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
NumberText = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{3}$")]
Wanted = Annotated[int, Field(ge=0, le=NUMBERS_MAX)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]


class LeaseBody(Body):
    """The random name that the device gave itself, and how many unused numbers it wants of each
    stream.
    """

    installation: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_\-]{16,80}$")]
    streams: Annotated[dict[Letter, Wanted], Field(min_length=1, max_length=26)]
    date: Day | None = None


class SyncItemBody(Body):
    """One number that was given without the server: a walk-in's with its service, or that of a
    booking with its secret code.
    """

    id: Word
    lease: Word
    number: NumberText
    issued_at: Moment
    service: Word | None = None
    code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z\- ]{12,20}$")] | None = None
    party_size: PartySize = 1
    priority: Priority | None = None
    urgency: Urgency | None = None
    language: Language = "id"
    clock_sure: bool = True
    superseded_key: Secret | None = None

    @model_validator(mode="after")
    def is_one_of_both(self) -> SyncItemBody:
        if (self.service is None) == (self.code is None):
            raise ValueError("either a service or a code")
        return self


class SyncBody(Body):
    """At most 50 numbers that were given without the server, each once."""

    items: Annotated[list[SyncItemBody], Field(min_length=1, max_length=SYNC_ITEMS_MAX)]

    @model_validator(mode="after")
    def has_each_once(self) -> SyncBody:
        if len({each.id for each in self.items}) < len(self.items):
            raise ValueError("each number once")
        return self


class WithdrawalBody(Body):
    """At most 50 idempotency keys of requests that nobody waits for any more."""

    keys: Annotated[list[Secret], Field(min_length=1, max_length=SYNC_ITEMS_MAX)]
