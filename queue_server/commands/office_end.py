"""What `antrean office close` and `delete` do, by the same rules as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from queue_server.app import make_clock
from queue_server.domain.access.accounts import COMMAND_LINE
from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import ModeDecision, close_from
from queue_server.services import upkeep
from queue_server.services.office.changes import apply_change, preview_change
from queue_server.services.office.whole.deleting import days_to_tell, delete_office
from queue_server.services.places.ticket_ids import draw
from queue_server.settings import Settings
from queue_server.store.writer.transaction import Transaction

from .administration import AdministrationError
from .office_files import open_offices


@dataclass(frozen=True)
class Closing:
    """A closing as it was looked at: the decision, the revision of the office at that look, and how
    many bookings would lose their time.
    """

    office: str
    decision: ModeDecision
    revision: int
    stranded: int
    today: date
    now: datetime


def preview_closing(
    settings: Settings, code: str, first: date, notice: Mapping[str, str]
) -> Closing:
    """What closing an office from a date on would do. Raises `AdministrationError`."""
    now = make_clock(settings.clock_offset_seconds)()
    with open_offices(settings) as database, database.read() as connection:
        office = database.offices.get(connection, code)
        try:
            decision = close_from(office, first, notice, draw().id, now)
        except BadInput as refused:
            words = {
                "first": "This day has passed already: give today or a later one.",
                "notice_id": "Tell visitors why, in Indonesian: --notice-id.",
            }
            raise AdministrationError(words[str(refused.facts["field"])]) from None
        preview = preview_change(connection, office, decision, now)
    return Closing(
        code, decision, preview.revision, len(preview.stranded), office.date_at(now), now
    )


def close_office(settings: Settings, plan: Closing) -> None:
    """Close an office as it was looked at. Raises `AdministrationError` if it has changed since."""
    with open_offices(settings) as database:

        def command(tx: Transaction) -> object:
            return apply_change(
                tx, plan.office, plan.decision, COMMAND_LINE, plan.now, plan.revision
            )

        database.write([(plan.office, plan.today)], command)
        upkeep.plan_office(database, plan.office, plan.now)


def remove_office(settings: Settings, code: str, typed: str) -> None:
    """Delete an office whose code was `typed`. Raises `AdministrationError`."""
    now = make_clock(settings.clock_offset_seconds)()
    if typed.strip() != code:
        raise AdministrationError(f"This is not {code}. Nothing was deleted.")
    with open_offices(settings) as database:
        command = partial(delete_office, office=code, typed=typed, by=COMMAND_LINE, now=now)
        database.write(days_to_tell(database, code, now), command)
