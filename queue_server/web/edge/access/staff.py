"""What pages show of the staff: who is signed in, and who else works there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, url_for

from queue_server.domain.access.accounts import Role
from queue_server.domain.access.workplaces import works_in
from queue_server.domain.office.office import Office
from queue_server.store.access import users as user_store
from queue_server.web.edge.context import context

from .principals import Principal, current, principal
from .routes import (
    AT_DOOR,
    AT_RECEPTION,
    OF_PROVINCE,
    OVERSEERS,
    READERS,
    STAFF,
    SUPERVISORS,
    WATCHERS,
    access_of,
)


@dataclass(frozen=True)
class StaffBar:
    """Who is signed in, and which pages of others the header may lead to. `office` is that of the
    page, for who works in several: what the header leads to stays with it.
    """

    name: str
    role: Role
    office: str | None = None

    @property
    def at_door(self) -> bool:
        return self.role in AT_DOOR

    @property
    def at_reception(self) -> bool:
        return self.role in AT_RECEPTION

    @property
    def at_counter(self) -> bool:
        return self.role in STAFF

    @property
    def is_supervisor(self) -> bool:
        """Whether they act on the dashboard."""
        return self.role in SUPERVISORS

    @property
    def is_watcher(self) -> bool:
        """Whether they see the dashboard."""
        return self.role in WATCHERS

    @property
    def is_of_province(self) -> bool:
        """Whether their work is about many offices."""
        return self.role in OF_PROVINCE

    @property
    def is_reader(self) -> bool:
        """Whether they read the log and the reports."""
        return self.role in READERS

    @property
    def is_overseer(self) -> bool:
        """Whether they see the pages about what is set in an office."""
        return self.role in OVERSEERS

    @property
    def home(self) -> str:
        """The address of the page that their work begins with."""
        return url_for(home_of(self.role), office=self.office)

    @property
    def choosing(self) -> str:
        """The address at which who works in several offices chooses one."""
        return url_for(home_of(self.role))


def home_of(role: str) -> str:
    """The page that somebody's work begins with, as Flask names it."""
    if role in STAFF:
        return "counter.console"
    if role in AT_RECEPTION:
        return "reception.show"
    if role in AT_DOOR:
        return "door.show"
    if role in WATCHERS:
        return "province.board" if role in OF_PROVINCE else "supervise.dashboard"
    return "supervise.audit"


def staff_bar() -> StaffBar:
    """What the header of staff pages shows. Raises `NotSignedIn`."""
    who = current()
    return StaffBar(who.name, who.role, g.get("office") if who.only_office is None else None)


def may_open(endpoint: str) -> bool:
    """Whether a page may lead to another, named as Flask names it: whoever is not signed in is
    asked to there, whoever is may open it in the offices they work in.
    """
    who, access = principal(), access_of(endpoint)
    return who is None or (access is not None and access.lets_in(who.role))


def staff_names(office: Office, who: Principal) -> dict[str, str]:
    """The names of all who may act in an office, by the id that stands at counters and in the log;
    the caller's own with them.
    """
    with context().database.read() as connection:
        known = user_store.list_users(connection, None)
    return {each.id: each.name for each in known if works_in(each, office.code)} | {
        who.id: who.name
    }
