"""What kiosks gave without the server and did not fit: listed until somebody has dealt with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.door.offline import Conflict
from queue_server.domain.errors import UnknownConflict
from queue_server.domain.office.office import Office
from queue_server.services.door import syncing
from queue_server.services.screens.supervisor import CONFLICTS_SHOWN
from queue_server.store.access import devices as device_store
from queue_server.store.door import conflicts as conflict_store
from queue_server.store.door import leases as lease_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import SUPERVISORS
from queue_server.web.edge.access.staff import staff_names
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import run_once

from .conflict_words import conflict_words
from .page import supervise

SHOWN_MAX = 200


@dataclass(frozen=True)
class ConflictRow:
    """A conflict as the list shows it."""

    id: str
    number: str
    kiosk: str
    happened: str
    to_do: str
    at: datetime
    seen_by: str | None
    seen_at: datetime | None


@supervise.get("/conflicts")
@office_page(SUPERVISORS)
def conflicts(office: Office, who: Principal) -> ResponseReturnValue:
    """The conflicts of the last days, those nobody has dealt with first."""
    today = office.date_at(now())
    with context().database.read() as connection:
        recorded = conflict_store.list_of_office(
            connection, office.code, today - CONFLICTS_SHOWN, SHOWN_MAX
        )
        fate = lease_store.count_fates(connection, office.code, today)
        kiosks = {
            each.id: each.name for each in device_store.list_of_office(connection, office.code)
        }
    words, names = conflict_words(), staff_names(office, who)
    rows = [
        ConflictRow(
            each.id,
            each.number,
            kiosks.get(each.device, ""),
            *words[each.reason],
            each.recorded_at,
            None if each.seen_by is None else names.get(each.seen_by, each.seen_by),
            each.seen_at,
        )
        for each in recorded
    ]
    return render_template(
        "supervisor/conflicts.html",
        office=office,
        waiting=[each for each in rows if each.seen_at is None],
        dealt_with=[each for each in rows if each.seen_at is not None],
        fate=fate,
        done=request.args.get("done") == "seen",
    )


def find_conflict(who: Principal, conflict_id: str) -> Conflict:
    """A conflict of an office in which the caller works. Raises `UnknownConflict`."""
    with context().database.read() as connection:
        conflict = conflict_store.find(connection, None, conflict_id)
    if not who.may_work_in(conflict.office):
        raise UnknownConflict(conflict=conflict_id)
    return conflict


@supervise.get("/conflicts/<conflict_id>")
@office_page(SUPERVISORS, of=find_conflict)
def back_to_conflicts(office: Office, who: Principal, conflict: Conflict) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the list."""
    return redirect(url_for("supervise.conflicts", office=office.code))


@supervise.post("/conflicts/<conflict_id>")
@office_page(SUPERVISORS, of=find_conflict)
def deal_with_conflict(office: Office, who: Principal, conflict: Conflict) -> ResponseReturnValue:
    """Note that a conflict is dealt with. Pressed by two, the first one counts."""
    moment = now()

    def command(tx: Transaction) -> None:
        syncing.note_seen(tx, office.code, conflict.id, who.id, moment)

    run_once("conflict", who.id, [conflict.id], [(office.code, conflict.date)], command)
    return redirect(url_for("supervise.conflicts", office=office.code, done="seen"), 303)
