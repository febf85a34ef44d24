"""What supervisors see: the supervisor dashboard, and what was done by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from queue_server.domain import errors
from queue_server.domain.audit.acts import SHOWN_KINDS, ActKind, SoughtActs
from queue_server.domain.counter.call_log import Explained
from queue_server.domain.events import EventType
from queue_server.domain.office.office import Office
from queue_server.services.counter.overrides import Act, page_acts, work_out_calls
from queue_server.services.screens import supervisor
from queue_server.services.screens.supervisor import Dashboard
from queue_server.services.shown import local_time
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import READERS, WATCHERS
from queue_server.web.edge.bodies.supervisor import OverridesQuery
from queue_server.web.edge.context import context, find_office, now, on_the_clock

OVERRIDES_PAGE = 100
OVERRIDES = tuple(
    each for each in SHOWN_KINDS if each not in (ActKind.ACCOUNTS, ActKind.DEVICES, ActKind.KEEPING)
)
"""Programs are told what was done in the office; who signs in is for people to read."""


@operation(
    "GET",
    "/offices/{office}/dashboard",
    access=WATCHERS,
    tag="supervisor",
    answers={200: Dashboard},
    refusals=[errors.UnknownOffice],
)
def show_dashboard(office: str) -> Dashboard:
    """Show the whole office at a glance, with what needs a hand."""
    admit_office(office)
    the_office = find_office(office)
    with context().database.read() as connection:
        return supervisor.view_dashboard(
            connection, the_office, now(), context().build, context().live.shown
        )


@dataclass(frozen=True)
class OverrideView:
    """One act by hand: `type` is its event's, `by` a user's id or `upkeep`, `facts` what the log
    says of it besides.

    For a call, direct or out of order: the counter, whether it was this visitor's turn there, and
    the number of whose turn it was.
    """

    seq: int
    at: str
    type: str
    by: str
    reason: str | None
    ticket: str | None
    number: str | None
    counter: str | None
    in_order: bool | None
    due: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class OverrideList:
    """What was done by hand on a day, newest first. `next` is the cursor of a further page."""

    office: str
    date: str
    overrides: tuple[OverrideView, ...]
    next: str | None = None


@operation(
    "GET",
    "/offices/{office}/overrides",
    access=READERS,
    tag="supervisor",
    query=OverridesQuery,
    answers={200: OverrideList},
    refusals=[errors.UnknownOffice],
)
def list_overrides(office: str, query: OverridesQuery) -> OverrideList:
    """List what was overridden, undone, corrected, stopped or changed on a day, and the calls made
    out of order, by whom and why.
    """
    admit_office(office)
    the_office = find_office(office)
    day = query.date or the_office.date_at(now())
    sought = SoughtActs(day, day, OVERRIDES)
    before = (day, int(query.cursor)) if query.cursor else None
    with context().database.read() as connection:
        calls = work_out_calls(connection, the_office, sought)
        page, after = page_acts(connection, the_office, sought, calls, OVERRIDES_PAGE, before)
    return OverrideList(
        office,
        day.isoformat(),
        tuple(_view_override(the_office, each) for each in page),
        None if after is None else str(after[1]),
    )


def _view_call(at: str, call: Explained) -> OverrideView:
    return OverrideView(
        call.seq,
        at,
        EventType.CALLED.value,
        call.clerk,
        call.reason or None,
        call.ticket,
        call.number,
        call.counter,
        call.in_order,
        call.due_number,
        {"direct": call.direct},
    )


def _view_override(office: Office, act: Act) -> OverrideView:
    at = local_time(office, act.at)
    if act.call is not None:
        return _view_call(at, act.call)
    facts = on_the_clock(
        {
            name: value
            for name, value in act.facts.items()
            if name not in ("by", "reason", "number", "counter")
        },
        office,
    )
    number, counter = act.facts.get("number"), act.facts.get("counter")
    return OverrideView(
        act.seq,
        at,
        act.type.value,
        act.by,
        act.because or None,
        act.ticket,
        number,
        counter,
        None,
        None,
        facts,
    )
