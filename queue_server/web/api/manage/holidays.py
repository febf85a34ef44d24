"""Taking over the public holidays of a year."""

from __future__ import annotations

from flask import Response

from queue_server.services.office.holidays import import_holidays
from queue_server.services.office.offices import OfficeView
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import OVERSEERS
from queue_server.web.edge.bodies.office import HolidaysBody
from queue_server.web.edge.context import find_office

from .dry_run import CHANGE_REFUSALS, ChangePreview, answer_change


@operation(
    "POST",
    "/offices/{office}/holidays",
    access=OVERSEERS,
    tag="staff",
    body=HolidaysBody,
    answers={200: OfficeView | ChangePreview},
    once=True,
    refusals=CHANGE_REFUSALS,
)
def take_holidays(office: str, body: HolidaysBody) -> Response | ChangePreview:
    """Take over a year's public holidays as closed days, or with `dry_run` show what that would do;
    the office's own days stay.
    """
    admit_office(office)
    the_office = find_office(office)
    # Which days are the office's own was read with this revision: one that somebody sets meanwhile
    # must not be written over.
    return answer_change(
        office,
        import_holidays(the_office, body.year),
        dry_run=body.dry_run,
        revision=body.revision or the_office.revision,
    )
