"""The bookings of today or of the next open day as a PDF, for whoever works at the reception."""

from __future__ import annotations

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.services.reception.daily_list import list_day, next_day
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import AT_RECEPTION
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.documents.daily_list import DRAWING_JOB, DayHead
from queue_server.web.edge.locale import current_language, format_date, format_moment

from .page import reception


@reception.get("/reception/daily-list")
@office_page(AT_RECEPTION)
def back_to_reception(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the reception."""
    return redirect(url_for("reception.show", office=office.code, lang=request.args.get("lang")))


@reception.post("/reception/daily-list")
@office_page(AT_RECEPTION)
def take_daily_list(office: Office, who: Principal) -> ResponseReturnValue:
    """The list of a day to print. That it was taken is in the log, so it is asked for by POST."""
    moment, language = now(), current_language()
    days = {"today": office.date_at(moment), "next": next_day(office, moment)}
    day = days.get(request.form.get("day", ""))
    if day is None:
        abort(404)
    bookings = list_day(context().database, office, day, language, who.id, moment)
    head = DayHead(
        office.name, format_date(day, language), format_moment(moment, language, office.zone)
    )
    content = context().beside.compute(DRAWING_JOB, head, bookings, language)
    return Response(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="antrean-{day.isoformat()}.pdf"',
            "Cache-Control": "no-store",
        },
    )
