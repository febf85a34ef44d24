"""The kinds of values in bodies, queries and forms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    Strict,
    StringConstraints,
)

from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.identity import Need
from queue_server.protocol.codes import PARTY_SIZE_MAX
from queue_server.web.edge.characters import UNSHOWN

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
Kind = Annotated[VisitKind, Field(strict=False)]
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
Needs = Annotated[list[Annotated[Need, Strict(False)]], Field(max_length=len(Need))]
