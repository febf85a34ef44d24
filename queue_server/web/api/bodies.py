"""What the API takes: the shapes of request bodies and queries."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from queue_server.domain.counter.remarks import NOTE_LENGTH_MAX, Evidence
from queue_server.protocol.codes import PARTY_SIZE_MAX, Priority, Urgency
from queue_server.web.edge.characters import UNSHOWN

from .operations import Body, Query

PRINTABLE = rf"^[^{UNSHOWN}]*$"


def _written(pattern: str, what: str) -> BeforeValidator:
    """Only what is written so: pydantic would also take a number, and digits, as seconds since
    1970.
    """

    def admit(given: object) -> object:
        if not isinstance(given, str) or re.match(pattern, given, re.ASCII) is None:
            raise ValueError(f"{what} as in RFC 3339")
        return given

    return BeforeValidator(admit)


def _to_utc(moment: datetime) -> datetime:
    if not 2000 <= moment.year < 2100:
        raise ValueError("a moment of the years 2000 to 2099")
    return moment.astimezone(UTC)


Word = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z_.\-]+$")]
Line = Annotated[str, StringConstraints(max_length=120, pattern=PRINTABLE)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=PRINTABLE)
]
Text = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)]
FactName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=PRINTABLE)]
FactValue = Text | bool | Annotated[int, Field(ge=-(2**53), le=2**53)]
Language = Literal["id", "en"]
BreakReason = Literal["meal", "prayer", "short", "meeting", "other"]
PartySize = Annotated[int, Field(ge=1, le=PARTY_SIZE_MAX, strict=True)]
Day = Annotated[
    date,
    Field(strict=False, ge=date(2000, 1, 1), le=date(2099, 12, 31)),
    _written(r"\d{4}-\d\d-\d\d\Z", "a date"),
]
Moment = Annotated[
    AwareDatetime,
    Field(strict=False),
    _written(r"\d{4}-\d\d-\d\d[Tt ]", "a time"),
    AfterValidator(_to_utc),
]
ProofText = Annotated[
    str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[0-9a-z.:\-]+$")
]
Proofs = Annotated[list[ProofText], Field(max_length=8)]
SlotId = Annotated[str, StringConstraints(pattern=r"^20[0-9]{6}T[0-9]{4}Z$")]


class Nothing(Body):
    """A body that needs no field; it may be left out."""


class AvailabilityQuery(Query):
    """Which days to look at, and for how many persons."""

    service: Word
    from_: Annotated[Day | None, Field(alias="from")] = None
    days: Annotated[int, Field(ge=1, le=31)] = 14
    party: Annotated[int, Field(ge=1, le=PARTY_SIZE_MAX)] = 1
    urgent: bool = False


class PageQuery(Query):
    """A stretch of a list: at most `limit` items after `cursor`, which is the `next` of an earlier
    answer.
    """

    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_.\-]{1,80}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class EarliestQuery(PageQuery):
    """For which service, and for how many persons."""

    service: Word
    party: Annotated[int, Field(ge=1, le=PARTY_SIZE_MAX)] = 1


class HoldBody(Body):
    """Places to set aside: for an urgent case if a reason is given, `instead` of an earlier hold
    that is given back at once.

    `proofs` answer the challenges of earlier `proof_needed`, or are turns that have come.
    """

    service: Word
    slot: SlotId
    party_size: PartySize = 1
    urgency: Urgency | None = None
    instead: Line | None = None
    proofs: Proofs = []


class TurnBody(Body):
    """For how many persons a turn is waited for."""

    party_size: PartySize = 1


class WaitBody(Body):
    """A wish for a place on one of the dates first_date..last_date, and who would come."""

    service: Word
    first_date: Day
    last_date: Day
    nik: Line
    name: Line
    phone: Line | None = None
    email: Line | None = None
    party_size: PartySize = 1
    language: Language = "id"
    assistance: bool = False


class BookingBody(Body):
    """A booking: a slot, or the code of a hold, and who comes. `proofs` as for a hold; places that
    are held need none.
    """

    service: Word
    slot: SlotId | None = None
    hold: Line | None = None
    nik: Line
    name: Line
    phone: Line | None = None
    email: Line | None = None
    party_size: PartySize = 1
    language: Language = "id"
    assistance: bool = False
    urgency: Urgency | None = None
    proofs: Proofs = []


class ProofBody(Body):
    """The last four digits of the booking's NIK or phone; needed unless the caller is staff or the
    ticket a walk-in.
    """

    last4: Annotated[str, StringConstraints(max_length=8, pattern=PRINTABLE)] | None = None


class RescheduleBody(ProofBody):
    """The new slot."""

    slot: SlotId


class WalkInBody(Body):
    """A visitor at the door. Only that somebody has priority is kept, never why."""

    service: Word
    party_size: PartySize = 1
    priority: Priority | bool | None = None
    language: Language = "id"
    urgency: Urgency | None = None


class CallBody(Body):
    """The counter to call to, the clerk's own open counter if left out, and why, if it is not this
    visitor's turn.
    """

    counter: Word | None = None
    reason: Reason | None = None


class AdmitBody(Body):
    """Why a visitor is let in before the one who is next; the next one needs no reason."""

    reason: Reason | None = None


class ReasonBody(Body):
    """Why a counter is closed, or everything goes on."""

    reason: Line = ""


class BreakBody(Body):
    """Why a counter is left for a while: colleagues and the supervisor read it, each in their
    language.
    """

    reason: BreakReason


class TransferBody(Body):
    """Where to send the visitor: a stream's letter or a service, or one counter or clerk, or
    both.
    """

    stream: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")] | None = None
    service: Word | None = None
    counter: Word | None = None
    clerk: Word | None = None


class EvidenceBody(Body):
    """What was found of an urgent case's proof."""

    evidence: Evidence


class NoteBody(Body):
    """A short note of a clerk on a ticket."""

    text: Annotated[
        str, StringConstraints(min_length=1, max_length=NOTE_LENGTH_MAX, pattern=PRINTABLE)
    ]


class LeaveBody(Body):
    """How many of a party went away; left out: all, as it must be in an evacuation."""

    persons: Annotated[int, Field(ge=1, le=50, strict=True)] | None = None


class OccupancyBody(Body):
    """Persons that came or went without a ticket, and why."""

    delta: Annotated[int, Field(ge=-500, le=500, strict=True)]
    reason: Reason


class RecountBody(Body):
    """How many persons somebody has counted inside."""

    persons: Annotated[int, Field(ge=0, le=10_000, strict=True)]
    reason: Line = ""


class AdmissionsBody(Body):
    """Whether to let people in from now on, and why."""

    admitting: Annotated[bool, Field(strict=True)]
    reason: Line = ""


class OverridesQuery(Query):
    """Which day, today if left out, and where to go on: the `next` of the page before."""

    date: Day | None = None
    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")] | None = None


class PauseBody(Body):
    """Whether to stop for a while, with the reason, or to send everybody out; `drill` when that is
    only practised.
    """

    kind: Literal["PAUSE", "EVACUATION"]
    reason: Line = ""
    drill: Annotated[bool, Field(strict=True)] = False


class ResumeBody(ReasonBody):
    """Which standstill shall end; another one stays. Left out: whichever there is."""

    kind: Literal["PAUSE", "EVACUATION"] | None = None


class StreamsBody(ReasonBody):
    """The letters of the streams to serve today, and why; none for the usual ones."""

    streams: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]], Field(max_length=26)
    ] = Field(default_factory=list)


class AnnouncementBody(Body):
    """A short text in both languages, and when the screens show it: from now on without a start."""

    text: dict[Language, Annotated[str, StringConstraints(max_length=140, pattern=PRINTABLE)]]
    starts_at: Moment | None = None
    ends_at: Moment


class DoorCountBody(Body):
    """How many persons a sensor has seen come in and go out so far, and when that was."""

    total_in: Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
    total_out: Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
    at: Moment


class ShownQuery(Query):
    """What was typed or scanned: a code, the link in a QR code, a number such as A012, or a
    ticket's id.
    """

    shown: Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE)] = ""


class ModeBody(Body):
    """The new service mode of the office or of one service: from when, until when, and a public
    notice by language.

    Without a start it begins at once, without an end it holds until it is decided anew.
    """

    mode: Literal["NORMAL", "ONLINE_FIRST", "URGENT_ONLY", "CLOSED"]
    service: Word | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    review_on: Day | None = None
    notice: dict[Language, Text] = Field(default_factory=dict)


class PairingBody(Body):
    """What kind of device asks."""

    kind: Literal["kiosk", "display", "printer", "sensor"]


class CollectBody(Body):
    """The secret the device got when it asked."""

    secret: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]


class ApprovalBody(Body):
    """The code on the device's screen, and what to call the device."""

    pairing_code: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=PRINTABLE)]
    name: Line = ""


class HeartbeatBody(Body):
    """A device's health: up to 20 small facts."""

    build: Line
    facts: Annotated[dict[FactName, FactValue], Field(max_length=20)] = Field(default_factory=dict)
