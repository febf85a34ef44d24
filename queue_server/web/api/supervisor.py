"""What supervisors see and do: the wall, what was done by hand, standstill, lent counters,
announcements, alerts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from queue_server.domain import errors
from queue_server.domain.counter.call_log import Explained
from queue_server.domain.errors import UnknownAlert
from queue_server.domain.events import EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.standstill import Pause
from queue_server.services.access.sessions import Role
from queue_server.services.counter.overrides import Override, page_overrides
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens import supervisor
from queue_server.services.screens.announcements import WallAnnouncement, view_announcement
from queue_server.services.screens.supervisor import Wall
from queue_server.services.shown import local_time
from queue_server.services.supervisor import alerts, supervision
from queue_server.store.supervisor import announcements as announcement_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.auth import SUPERVISORS, Forbidden, admit_office, current
from queue_server.web.edge.context import context, find_office, now, on_the_clock, today_at

from .bodies import AnnouncementBody, Nothing, OverridesQuery, PauseBody, ResumeBody, StreamsBody
from .operations import operation, perform
from .references import office_of

OVERRIDES_PAGE = 100
STOPPERS = SUPERVISORS | {Role.GUARD}
"""Who stands where a fire is seen first, and who decides."""


@dataclass(frozen=True)
class StandstillView:
    """Whether everything stands still in an office: PAUSE, EVACUATION or None; `drill`: it is
    practised.
    """

    office: str
    paused: str | None
    drill: bool


@dataclass(frozen=True)
class LentCounterView:
    """The streams a counter serves today, and whether they are others than usual."""

    counter: str
    streams: tuple[str, ...]
    lent: bool


@dataclass(frozen=True)
class AcknowledgedView:
    """Who was the first to see an alert."""

    alert: str
    by: str


@operation(
    "GET",
    "/offices/{office}/wall",
    access=SUPERVISORS,
    tag="supervisor",
    answers={200: Wall},
    refusals=[errors.UnknownOffice],
)
def show_wall(office: str) -> Wall:
    """Show the whole office at a glance, with what needs a hand."""
    admit_office(office)
    found = find_office(office)
    with context().database.read() as connection:
        return supervisor.view_wall(connection, found, now(), context().build, context().live.shown)


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
    access=SUPERVISORS,
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
    found = find_office(office)
    day = query.date or found.date_at(now())
    with context().database.read() as connection:
        page, after = page_overrides(
            connection, found, day, int(query.cursor) if query.cursor else None, OVERRIDES_PAGE
        )
    return OverrideList(
        office,
        day.isoformat(),
        tuple(_view_override(found, each) for each in page),
        None if after is None else str(after),
    )


def _view_override(office: Office, found: Override | Explained) -> OverrideView:
    at = local_time(office, found.at)
    if isinstance(found, Explained):
        return OverrideView(
            found.seq,
            at,
            EventType.CALLED.value,
            found.clerk,
            found.reason or None,
            found.ticket,
            found.number,
            found.counter,
            found.in_order,
            found.due_number,
            {"direct": found.direct},
        )
    facts = on_the_clock(
        {
            name: value
            for name, value in found.facts.items()
            if name not in ("by", "reason", "number", "counter")
        },
        office,
    )
    number, counter = found.facts.get("number"), found.facts.get("counter")
    return OverrideView(
        found.seq,
        at,
        found.type.value,
        found.by,
        found.because or None,
        found.ticket,
        number,
        counter,
        None,
        None,
        facts,
    )


@operation(
    "POST",
    "/offices/{office}/pause",
    access=STOPPERS,
    tag="supervisor",
    body=PauseBody,
    answers={200: StandstillView},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadInput, errors.Paused],
)
def pause_office(office: str, body: PauseBody) -> Response:
    """Let everything stand still: nobody is called, let in or given a number. A guard may send
    everybody out, and no more than that.
    """
    who, found, moment = admit_office(office), find_office(office), now()
    kind = Pause(body.kind)
    if kind is not Pause.EVACUATION and who.role not in SUPERVISORS:
        raise Forbidden
    return perform(
        [today_at(found)],
        lambda tx: _standstill(
            supervision.pause(tx, office, kind, body.reason, who.id, moment, drill=body.drill)
        ),
    )


@operation(
    "POST",
    "/offices/{office}/resume",
    access=SUPERVISORS,
    tag="supervisor",
    body=ResumeBody,
    answers={200: StandstillView},
    once=True,
    refusals=[errors.UnknownOffice, errors.Paused],
)
def resume_office(office: str, body: ResumeBody) -> Response:
    """Go on where everything stood still. `kind` names what shall end, so that "go on" after a
    pause never ends an evacuation.
    """
    who, found, moment = admit_office(office), find_office(office), now()
    meant = None if body.kind is None else Pause(body.kind)
    return perform(
        [today_at(found)],
        lambda tx: _standstill(
            supervision.resume(tx, office, body.reason, who.id, moment, meant=meant)
        ),
    )


@operation(
    "POST",
    "/counters/{counter}/streams",
    access=SUPERVISORS,
    tag="supervisor",
    body=StreamsBody,
    answers={200: LentCounterView},
    once=True,
    refusals=[errors.UnknownCounter, errors.UnknownStream, errors.BadInput],
)
def lend_counter(counter: str, body: StreamsBody) -> Response:
    """Let a counter serve other streams for the rest of today; none given: its usual ones again."""
    office, who, moment = office_of(counter), current(), now()
    found = find_office(office)

    def command(tx: Transaction) -> LentCounterView:
        lent = supervision.set_streams(
            tx, office, counter, body.streams, body.reason, who.id, moment
        )
        return LentCounterView(
            counter, lent.letters, set(lent.letters) != set(found.counter(counter).letters)
        )

    return perform([today_at(found)], command)


@operation(
    "POST",
    "/offices/{office}/announcements",
    access=SUPERVISORS,
    tag="supervisor",
    body=AnnouncementBody,
    answers={201: WallAnnouncement},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadInput, errors.LimitReached],
)
def announce(office: str, body: AnnouncementBody) -> Response:
    """Show a short text on the office's screens."""
    who, found, moment, id = admit_office(office), find_office(office), now(), draw().id
    words = {str(language): text for language, text in body.text.items()}

    def command(tx: Transaction) -> WallAnnouncement:
        made = supervision.announce(
            tx, office, words, body.starts_at, body.ends_at, id, who.id, moment
        )
        return view_announcement(found, made, moment)

    return perform([today_at(found)], command, status=201)


@operation(
    "POST",
    "/offices/{office}/announcements/{id}/end",
    access=SUPERVISORS,
    tag="supervisor",
    body=Nothing,
    answers={200: WallAnnouncement},
    once=True,
    refusals=[errors.UnknownOffice, errors.UnknownAnnouncement],
)
def end_announcement(office: str, id: str, body: Nothing) -> Response:
    """Take an announcement off the screens."""
    who, found, moment = admit_office(office), find_office(office), now()
    return perform(
        [today_at(found)],
        lambda tx: view_announcement(
            found, supervision.end_announcement(tx, office, id, who.id, moment), moment
        ),
    )


@operation(
    "POST",
    "/offices/{office}/alerts/{id}/acknowledge",
    access=SUPERVISORS,
    tag="supervisor",
    body=Nothing,
    answers={200: AcknowledgedView},
    once=True,
    refusals=[errors.UnknownOffice, errors.UnknownAlert],
)
def acknowledge_alert(office: str, id: str, body: Nothing) -> Response:
    """Note that one has seen an alert; the first one counts."""
    who, found, moment = admit_office(office), find_office(office), now()
    with context().database.read() as connection:
        day = announcement_store.date_of_alert(connection, office, id)
    if day is None:
        raise UnknownAlert(alert=id)

    def command(tx: Transaction) -> AcknowledgedView:
        seen = alerts.acknowledge(tx, office, id, who.id, moment)
        return AcknowledgedView(seen.id, seen.acknowledged_by or who.id)

    return perform([(found.code, day)], command)


def _standstill(day: OfficeDay) -> StandstillView:
    return StandstillView(day.office, day.paused.value if day.paused else None, day.drill)
