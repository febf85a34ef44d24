"""Which office somebody works in, and what the header of staff pages shows."""

from __future__ import annotations

from flask import request

from queue_server.domain.office.office import Office
from queue_server.store.access import staff as staff_store
from queue_server.store.office import offices as office_store

from .access.principals import Principal, admit_office, current
from .access.routes import MANAGERS, STAFF, SUPERVISORS
from .context import context, find_office


def staff_bar(principal: Principal) -> dict[str, object]:
    """What the staff header shows."""
    return {
        "staff_name": principal.name,
        "is_manager": principal.role in MANAGERS,
        "at_desk": principal.role in STAFF,
        "is_supervisor": principal.role in SUPERVISORS,
    }


def staff_names(office: Office) -> dict[str, str]:
    """The names of all who may act in an office, by the id that stands at counters and in the log;
    the caller's own with them.
    """
    who = current()
    with context().database.read() as connection:
        known = staff_store.list_users(connection, None)
    return {each.id: each.name for each in known if each.office in (None, office.code)} | {
        who.id: who.name
    }


def own_office() -> Office | None:
    """The manager's office; who manages all offices names one by ?office=."""
    code = current().office or request.values.get("office")
    if code is None:
        return None
    admit_office(code)
    return find_office(code)


def list_offices() -> list[Office]:
    """All offices, by code."""
    database = context().database
    with database.read() as connection:
        return [
            database.offices.get(connection, code)
            for code in sorted(office_store.all_codes(connection))
        ]
