"""What supervisors order: standstill, lent counters, announcements, and alerts seen."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.domain.errors import UnknownAlert
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.standstill import Pause
from queue_server.services.access.sessions import Role
from queue_server.services.places.ticket_ids import draw
from queue_server.services.screens.announcements import DashboardAnnouncement, view_announcement
from queue_server.services.supervisor import alerts, releasing, supervision
from queue_server.store.supervisor import announcements as announcement_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.api.references import office_of
from queue_server.web.edge.access.principals import Forbidden, admit_office, current
from queue_server.web.edge.access.routes import SUPERVISORS, WATCHERS
from queue_server.web.edge.bodies.base import Nothing
from queue_server.web.edge.bodies.supervisor import (
    AnnouncementBody,
    PauseBody,
    ReleaseBody,
    ResumeBody,
    StreamsBody,
)
from queue_server.web.edge.context import context, find_office, now, today_at

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
class ReleasedCounterView:
    """A counter whose clerk was gone: its `state` is `closed`."""

    counter: str
    state: str


@dataclass(frozen=True)
class AcknowledgedView:
    """Who was the first to see an alert."""

    alert: str
    by: str


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
    who, the_office, moment = admit_office(office), find_office(office), now()
    kind = Pause(body.kind)
    if kind is not Pause.EVACUATION and who.role not in SUPERVISORS:
        raise Forbidden
    return perform(
        [today_at(the_office)],
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
    who, the_office, moment = admit_office(office), find_office(office), now()
    meant = None if body.kind is None else Pause(body.kind)
    return perform(
        [today_at(the_office)],
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
    the_office = find_office(office)

    def command(tx: Transaction) -> LentCounterView:
        lent = supervision.set_streams(
            tx, office, counter, body.streams, body.reason, who.id, moment
        )
        return LentCounterView(
            counter, lent.letters, set(lent.letters) != set(the_office.counter(counter).letters)
        )

    return perform([today_at(the_office)], command)


@operation(
    "POST",
    "/counters/{counter}/release",
    access=WATCHERS,
    tag="supervisor",
    body=ReleaseBody,
    answers={200: ReleasedCounterView},
    once=True,
    refusals=[errors.UnknownCounter, errors.CounterTaken, errors.BadInput, errors.Paused],
)
def release_counter(counter: str, body: ReleaseBody) -> Response:
    """Close the counter of a clerk who is gone: whoever was called or served there is next again.
    Refused when another clerk works there by now.
    """
    office, who, moment = office_of(counter), current(), now()

    def command(tx: Transaction) -> ReleasedCounterView:
        releasing.release_counter(tx, office, counter, body.clerk, body.reason, who.id, moment)
        return ReleasedCounterView(counter, "closed")

    return perform([today_at(find_office(office))], command)


@operation(
    "POST",
    "/offices/{office}/announcements",
    access=WATCHERS,
    tag="supervisor",
    body=AnnouncementBody,
    answers={201: DashboardAnnouncement},
    once=True,
    refusals=[errors.UnknownOffice, errors.BadInput, errors.LimitReached],
)
def announce(office: str, body: AnnouncementBody) -> Response:
    """Show a short text on the office's screens."""
    who, the_office, moment, id = admit_office(office), find_office(office), now(), draw().id
    words = {str(language): text for language, text in body.text.items()}

    def command(tx: Transaction) -> DashboardAnnouncement:
        made = supervision.announce(
            tx, office, words, body.starts_at, body.ends_at, id, who.id, moment
        )
        return view_announcement(the_office, made, moment)

    return perform([today_at(the_office)], command, status=201)


@operation(
    "POST",
    "/offices/{office}/announcements/{id}/end",
    access=WATCHERS,
    tag="supervisor",
    body=Nothing,
    answers={200: DashboardAnnouncement},
    once=True,
    refusals=[errors.UnknownOffice, errors.UnknownAnnouncement],
)
def end_announcement(office: str, id: str, body: Nothing) -> Response:
    """Take an announcement off the screens."""
    who, the_office, moment = admit_office(office), find_office(office), now()
    return perform(
        [today_at(the_office)],
        lambda tx: view_announcement(
            the_office, supervision.end_announcement(tx, office, id, who.id, moment), moment
        ),
    )


@operation(
    "POST",
    "/offices/{office}/alerts/{id}/acknowledge",
    access=WATCHERS,
    tag="supervisor",
    body=Nothing,
    answers={200: AcknowledgedView},
    once=True,
    refusals=[errors.UnknownOffice, errors.UnknownAlert],
)
def acknowledge_alert(office: str, id: str, body: Nothing) -> Response:
    """Note that one has seen an alert; the first one counts."""
    who, the_office, moment = admit_office(office), find_office(office), now()
    with context().database.read() as connection:
        day = announcement_store.date_of_alert(connection, office, id)
    if day is None:
        raise UnknownAlert(alert=id)

    def command(tx: Transaction) -> AcknowledgedView:
        seen = alerts.acknowledge(tx, office, id, who.id, moment)
        return AcknowledgedView(seen.id, seen.acknowledged_by or who.id)

    return perform([(the_office.code, day)], command)


def _standstill(day: OfficeDay) -> StandstillView:
    return StandstillView(day.office, day.paused.value if day.paused else None, day.drill)
