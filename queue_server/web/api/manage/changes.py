"""What managers change: hours, limit and mode, each with a dry run."""

from __future__ import annotations

from flask import Response

from queue_server.domain import errors
from queue_server.domain.office.changes import HoursChange, LimitChange, ModeDecision
from queue_server.domain.office.hours import DayHours, Opening, Season
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.services.office.offices import OfficeView
from queue_server.services.places.ticket_ids import draw
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import OVERSEERS
from queue_server.web.edge.bodies.office import HoursBody, LimitBody, ModeChangeBody, OpeningBody
from queue_server.web.edge.context import find_office, now

from .dry_run import CHANGE_REFUSALS, ChangePreview, answer_change


@operation(
    "POST",
    "/offices/{office}/mode",
    access=OVERSEERS,
    tag="staff",
    body=ModeChangeBody,
    answers={200: OfficeView | ChangePreview},
    once=True,
    refusals=[*CHANGE_REFUSALS, errors.UnknownService],
)
def switch_mode(office: str, body: ModeChangeBody) -> Response | ChangePreview:
    """Switch how far the office is open to visitors, or with `dry_run` show what that would do."""
    who, moment = admit_office(office), now()
    period = ModePeriod(
        draw().id,
        ServiceMode(body.mode),
        body.starts_at or moment,
        moment,
        who.id,
        body.ends_at,
        body.service,
        body.review_on,
        {str(language): text for language, text in body.notice.items()},
    )
    return answer_change(office, ModeDecision(period), dry_run=body.dry_run, revision=body.revision)


@operation(
    "PUT",
    "/offices/{office}/hours",
    access=OVERSEERS,
    tag="staff",
    body=HoursBody,
    answers={200: OfficeView | ChangePreview},
    refusals=CHANGE_REFUSALS,
)
def set_hours(office: str, body: HoursBody) -> Response | ChangePreview:
    """Replace the layers of hours that are given, or with `dry_run` show what that would do."""
    seasons = (
        None
        if body.seasons is None
        else tuple(
            Season(each.name, each.first, each.last, _openings(each.openings))
            for each in sorted(body.seasons, key=lambda one: one.first)
        )
    )
    days = {
        each.date: None
        if each.openings is None
        else DayHours(
            tuple((one.opens, one.closes) for one in each.openings),
            {str(language): text for language, text in each.reason.items()},
        )
        for each in body.days
    }
    change = HoursChange(None if body.week is None else _openings(body.week), seasons, days)
    return answer_change(office, change, dry_run=body.dry_run, revision=body.revision)


def _openings(given: list[OpeningBody]) -> tuple[Opening, ...]:
    return tuple(Opening(each.weekday, each.opens, each.closes) for each in given)


@operation(
    "POST",
    "/offices/{office}/limit",
    access=OVERSEERS,
    tag="staff",
    body=LimitBody,
    answers={200: OfficeView | ChangePreview},
    once=True,
    refusals=CHANGE_REFUSALS,
)
def set_limit(office: str, body: LimitBody) -> Response | ChangePreview:
    """Change how many persons may be inside and how places are shared out, or with `dry_run` show
    what that would do.
    """
    admit_office(office)
    rules = find_office(office).rules
    change = LimitChange(
        body.limit,
        rules.booking.online_share if body.online_share is None else body.online_share,
        rules.booking.urgent_share if body.urgent_share is None else body.urgent_share,
        rules.booking.release_minutes if body.release_minutes is None else body.release_minutes,
    )
    return answer_change(office, change, dry_run=body.dry_run, revision=body.revision)
