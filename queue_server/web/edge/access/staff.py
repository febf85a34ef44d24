"""What pages show of the staff: who is signed in, and who else works there."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.office.office import Office
from queue_server.store.access import staff as staff_store
from queue_server.web.edge.context import context

from .principals import Principal, current
from .routes import MANAGERS, STAFF, SUPERVISORS


@dataclass(frozen=True)
class StaffBar:
    """Who is signed in, and which pages of others the header may lead to."""

    name: str
    at_counter: bool
    is_supervisor: bool
    is_manager: bool


def staff_bar() -> StaffBar:
    """What the header of staff pages shows. Raises `NotSignedIn`."""
    who = current()
    return StaffBar(who.name, who.role in STAFF, who.role in SUPERVISORS, who.role in MANAGERS)


def staff_names(office: Office, who: Principal) -> dict[str, str]:
    """The names of all who may act in an office, by the id that stands at counters and in the log;
    the caller's own with them.
    """
    with context().database.read() as connection:
        known = staff_store.list_users(connection, None)
    return {each.id: each.name for each in known if each.office in (None, office.code)} | {
        who.id: who.name
    }
