"""Decisions on how far an office is open: which there are, now and to come, and ending one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response

from queue_server.domain import errors
from queue_server.domain.office.changes import ModeEnd
from queue_server.domain.office.modes import period_at
from queue_server.services.office.offices import OfficeView
from queue_server.services.shown import local_time
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import OVERSEERS
from queue_server.web.edge.bodies.office import ChangeBody
from queue_server.web.edge.context import find_office, now

from .dry_run import CHANGE_REFUSALS, ChangePreview, answer_change


@dataclass(frozen=True)
class DecisionView:
    """A decision on the whole office, or on one service. `state`: IN_FORCE, REPLACED by a newer one
    on the same matter, or TO_COME.
    """

    id: str
    mode: str
    service: str | None
    starts_at: str
    ends_at: str | None
    review_on: str | None
    notice: Mapping[str, str]
    state: str


@dataclass(frozen=True)
class DecisionList:
    """Decisions that hold now or later, in order of their start. `revision` makes sure that ending
    one meets what was looked at.
    """

    office: str
    revision: int
    decisions: tuple[DecisionView, ...]
    next: str | None = None


@operation(
    "GET",
    "/offices/{office}/modes",
    access=OVERSEERS,
    tag="staff",
    answers={200: DecisionList},
    refusals=[errors.UnknownOffice],
)
def list_modes(office: str) -> DecisionList:
    """List the decisions on how far the office is open, now and to come."""
    admit_office(office)
    the_office, moment = find_office(office), now()
    live = sorted(
        (each for each in the_office.modes if each.ends_at is None or each.ends_at > moment),
        key=lambda one: (one.starts_at, one.id),
    )
    return DecisionList(
        office,
        the_office.revision,
        tuple(
            DecisionView(
                each.id,
                each.mode.value,
                each.service,
                local_time(the_office, each.starts_at),
                local_time(the_office, each.ends_at) if each.ends_at else None,
                each.review_on.isoformat() if each.review_on else None,
                each.notice,
                "TO_COME"
                if not each.covers(moment)
                else "IN_FORCE"
                if period_at(the_office.modes, each.service, moment) is each
                else "REPLACED",
            )
            for each in live
        ),
    )


@operation(
    "POST",
    "/offices/{office}/modes/{id}/end",
    access=OVERSEERS,
    tag="staff",
    body=ChangeBody,
    answers={200: OfficeView | ChangePreview},
    once=True,
    refusals=CHANGE_REFUSALS,
)
def end_mode(office: str, id: str, body: ChangeBody) -> Response | ChangePreview:
    """End a decision now, or take back one to come; with `dry_run` show what that would do."""
    return answer_change(office, ModeEnd(id, now()), dry_run=body.dry_run, revision=body.revision)
