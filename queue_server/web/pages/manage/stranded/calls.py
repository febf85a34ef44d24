"""Visitors to be told by hand: noting that somebody knows, and the list to ring by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import Changed
from queue_server.domain.office.languages import choose_offered
from queue_server.domain.office.office import Office
from queue_server.services.messages.queueing import mark_told
from queue_server.services.reception.call_list import Call, take_calls
from queue_server.services.shown import service_of
from queue_server.store.messages.wording import OwnWords, find_own
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS, confirmed
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.documents.call_list import DRAWING_JOB, CallHead, ListedCall, warn
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.locale import (
    LANGUAGE_NAMES,
    format_date,
    format_moment,
    in_language,
    speaking,
)
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.messages.letters import write_letter
from queue_server.web.pages.manage.hours import changes

from .asking import read_wish
from .page import show_stranded

FORMATS = ("pdf", "page")


@changes.post("/stranded/told")
@office_page(MANAGERS)
def note_told(office: Office, who: Principal) -> ResponseReturnValue:
    """Note that somebody has told a visitor."""
    message, moment = request.form.get("message", ""), now()

    def act() -> str:
        run_once(
            "told",
            who.id,
            [office.code, message],
            [],
            lambda tx: mark_told(tx, office.code, message, moment),
        )
        return url_for("changes.stranded", office=office.code, noted=1)

    return answer_form(
        {},
        act,
        lambda wrong: show_stranded(office, wrong, read_wish({})),
        (Changed,),
        lambda refused: {"": _("This was noted already, or the message has become needless.")},
    )


@changes.get("/stranded/told")
@changes.get("/stranded/calls")
@office_page(MANAGERS)
def back_to_stranded(office: Office, who: Principal) -> ResponseReturnValue:
    """These addresses only take a form; who comes back to one sees the list."""
    return redirect(url_for("changes.stranded", office=office.code, lang=request.args.get("lang")))


@changes.post("/stranded/calls")
@confirmed
@office_page(MANAGERS)
def call_list(office: Office, who: Principal) -> ResponseReturnValue:
    """The list to ring by, as a PDF or a page to print, in the language of the office: whoever
    rings need not be who reads this page. That it was taken is in the log, so it is asked for by
    POST.
    """
    format, moment = request.form.get("format", ""), now()
    if format not in FORMATS:
        abort(404)
    calls = take_calls(context().database, office, format, who.id, moment)
    with context().database.read() as connection:
        own = {
            kind: find_own(connection, office.code, kind)
            for kind in {each.message.kind for each in calls}
        }
    with speaking(office.languages[0]):
        listed = tuple(_list(office, each, own[each.message.kind]) for each in calls)
        head = CallHead(
            office.name,
            format_moment(moment, office.languages[0], office.zone),
            format_date(_destroy_by(office, calls, moment), office.languages[0]),
        )
        if format == "page":
            return Response(
                render_template(
                    "manage/stranded/calls.html",
                    office=office,
                    head=head,
                    calls=listed,
                    warning=warn(head),
                ),
                headers={"Cache-Control": "no-store"},
            )
    content = context().beside.compute(DRAWING_JOB, head, listed, office.languages[0])
    return Response(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="antrean-{office.code}-calls.pdf"',
            "Cache-Control": "no-store",
        },
    )


def _list(office: Office, call: Call, own: Mapping[str, OwnWords]) -> ListedCall:
    """A call as it stands on the paper: what to say in the visitor's language, the rest in that of
    the office.
    """
    tongue, url = (
        choose_offered(office.languages, call.ticket.language),
        context().settings.public_url,
    )
    letter = write_letter(call.message.kind, office, call.ticket, url, own=own)
    # An address is nothing to say on the telephone, and nor is the number of whoever rings.
    needless = [each for each in (url, office.phone) if each]
    paragraphs = letter.body.strip().split("\n\n")
    words = [each for each in paragraphs if not any(part in each for part in needless)]
    if call.proposed is not None:
        with speaking(tongue):
            time = format_moment(call.proposed, tongue, office.zone)
            words.insert(1, _("We can offer you this time: %(time)s. Does it suit you?", time=time))
    visitor, new_time = call.visitor, call.kept_at or call.proposed
    return ListedCall(
        _say(office, call.lost_at) or "–",
        in_language(service_of(office, call.ticket.service).name, office.languages[0]),
        visitor.name if visitor else "–",
        (visitor and visitor.phone) or "–",
        call.ticket.party_size,
        tongue,
        LANGUAGE_NAMES[tongue],
        " ".join(words),
        _say(office, new_time),
        call.kept_at is not None,
    )


def _say(office: Office, moment: datetime | None) -> str:
    return "" if moment is None else format_moment(moment, office.languages[0], office.zone)


def _destroy_by(office: Office, calls: Sequence[Call], now: datetime) -> date:
    """The day on which the last of these visits would have been: after it there is nobody to
    ring.
    """
    times = [each for call in calls for each in (call.lost_at, call.kept_at) if each is not None]
    return office.date_at(max([now, *times]))
