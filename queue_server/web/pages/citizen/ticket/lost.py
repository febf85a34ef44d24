"""Lost codes: sent again to the contact that a booking has. Whoever asks gets one answer, whether
or not there is such a booking.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import AfterValidator, BaseModel

from queue_server.domain.errors import BadInput
from queue_server.domain.messages.message import MessageChannel
from queue_server.services.messages.lost_codes import send_again
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.contacts import parse_email, parse_phone
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import FormLine, Refused, read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.citizen.blueprint import pages


def _read_contact(typed: str) -> str:
    """An e-mail address or a mobile number in its one form, of a kind that the server can send
    to.
    """
    is_email = "@" in typed
    try:
        contact = parse_email(typed) if is_email else parse_phone(typed)
    except BadInput as refused:
        raise Refused(str(refused.facts["reason"])) from None
    way = MessageChannel.EMAIL if is_email else MessageChannel.PHONE
    if way not in context().ways:
        raise Refused("no_way")
    return contact


class LostForm(BaseModel):
    """To whom a code was given, and for which day."""

    contact: Annotated[FormLine, AfterValidator(_read_contact)]
    date: date


@pages.get("/t/lost")
@public
def lost_code() -> str:
    """Ask for the contact and the day of a visit whose code was lost."""
    return _show({}, is_sent="sent" in request.args)


@pages.post("/t/lost")
@public
def send_lost_code() -> ResponseReturnValue:
    """Send the codes to the contact, if they are its own. Nothing in the answer says whether."""
    typed = {name: request.form.get(name, "")[:120].strip() for name in LostForm.model_fields}
    form, errors = read_form(LostForm, typed, _say)

    ways, moment = context().ways, now()

    def act() -> str:
        assert form is not None, "errors were shown"
        run_once(
            "lost-code",
            browser_mark() or "",
            [form.contact, form.date],
            [],
            lambda tx: send_again(tx, form.contact, form.date, ways, moment),
        )
        return url_for("public.lost_code", sent=1)

    return answer_form(errors, act, lambda wrong: _show(wrong, typed=typed))


def _say(field: str, reason: str) -> str:
    if field == "date":
        return _("Choose the day of your visit")
    if reason != "no_way":
        return _("Enter your e-mail address, or a mobile number such as 0812 3456 7890")
    if MessageChannel.EMAIL in context().ways:
        return _("We can only send e-mails. Enter your e-mail address, or come to the reception")
    return _("We can only send to mobile numbers. Enter yours, or come to the reception")


def _show(errors: Errors, *, typed: dict[str, str] | None = None, is_sent: bool = False) -> str:
    return render_template(
        "citizen/ticket/lost.html",
        errors=errors,
        typed=typed or {},
        is_sent=is_sent,
        can_send=bool(context().ways),
    )
