"""Where the demonstration's clock begins: as asked, else now, or the next working morning while the
offices are closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from queue_server.domain.office.office import Office

from .errors import StageError

STAGE_OPENS = time(9, 0)


@dataclass(frozen=True)
class Beginning:
    """The demo's time at its start, in UTC, as an offset from the true time too; `sentence` tells
    it if it is not the true time.
    """

    moment: datetime
    offset: timedelta
    sentence: str | None


def choose_beginning(
    office: Office, real: datetime, kept: timedelta | None, asked: datetime | None
) -> Beginning:
    """Begin at `asked`, or where the data's clock stands: `kept` ahead of the true time `real`, or
    at it on new data.

    Raises `StageError` for an `asked` that the data's clock has passed.
    """
    stands_at = real + (kept or timedelta(0))
    if asked is not None and kept is not None and asked < stands_at:
        passed = stands_at.astimezone(UTC).isoformat(timespec="minutes")
        raise StageError(
            f"This data's clock stands at {passed} already and cannot go back. Use another --data."
        )
    wanted = stands_at if asked is None else asked
    moment = (wanted if asked is not None else next_working_moment(office, wanted)).astimezone(UTC)
    offset = moment - real
    if abs(offset) < timedelta(seconds=1):
        return Beginning(moment, timedelta(0), None)
    told = f"{moment.astimezone(office.tz):%A, %d %B %Y, %H:%M} WIB"
    if moment > wanted:
        return Beginning(
            moment,
            offset,
            f"The offices are closed at the moment, so the demo's clock starts at {told}.",
        )
    return Beginning(moment, offset, f"The demo's clock stands at {told}.")


def next_working_moment(office: Office, moment: datetime) -> datetime:
    """The moment itself while the office is open, else 09:00 of the next day it opens; a morning
    before the doors open is that day's.
    """
    if office.is_open(moment):
        return moment
    opening = office.next_opening(moment)
    if opening is None:
        return moment
    return max(opening, datetime.combine(office.date_at(opening), STAGE_OPENS, office.tz))
