"""The words of messages about a call or a meeting by video, where they differ from those about a
visit to the office. An office has no words of its own for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.office import VisitKind
from queue_server.web.edge.locale import catalog

from .templates import Template

Gettext = Callable[[str], str]


def remote_template_of(kind: MessageKind, visit: VisitKind, language: str) -> Template | None:
    """The words of a kind of message about such a visit; None where the usual ones fit."""
    make = _TEMPLATES.get(kind) if visit.is_remote else None
    return None if make is None else make(catalog(language).gettext)


def _confirmation(_: Gettext) -> Template:
    return Template(
        _("Your appointment with %(office)s is booked"),
        (
            _("You have an appointment: %(service)s, %(time)s."),
            "%(remote)s",
            _("Have ready: %(bring)s"),
            _("Urgent: %(urgent)s"),
            _("Your ticket: %(url)s"),
            _("Your code: %(code)s"),
            _("If you have no time then, please move or cancel the visit by your ticket."),
        ),
        _("%(office)s: %(service)s, %(time)s. %(remote)s Code %(code)s. %(url)s"),
    )


def _changed(_: Gettext) -> Template:
    return Template(
        _("Your appointment with %(office)s has a new time"),
        (
            _("Your visit is moved. It is now: %(service)s, %(time)s."),
            "%(remote)s",
            _("Have ready: %(bring)s"),
            _("Urgent: %(urgent)s"),
            _("Your ticket: %(url)s"),
            _("Your code: %(code)s"),
            _("If you did not do this, please call the office or come to the reception."),
        ),
        _("%(office)s: moved to %(time)s. %(remote)s Code %(code)s. %(url)s"),
    )


def _moved(_: Gettext) -> Template:
    return Template(
        _("Your appointment with %(office)s has a new time"),
        (
            _(
                "The office had to withdraw your earlier time and has kept a new one for you: "
                "%(service)s, %(time)s."
            ),
            "%(remote)s",
            _("If it does not suit you, choose another time or cancel the visit at %(url)s"),
            _("Your code: %(code)s"),
        ),
        _("%(office)s: your new time is %(time)s. %(remote)s Does it not suit you? %(url)s"),
    )


def _reminder(_: Gettext) -> Template:
    return Template(
        _("Your appointment with %(office)s: %(time)s"),
        (
            _("We remind you of your appointment: %(service)s, %(time)s."),
            "%(remote)s",
            _("Have ready: %(bring)s"),
            _("Urgent: %(urgent)s"),
            _("Your ticket: %(url)s"),
            _("Your code: %(code)s"),
            _("If you have no time then, please move or cancel the visit by your ticket."),
        ),
        _("Reminder from %(office)s: %(service)s, %(time)s. %(remote)s No time? %(url)s"),
    )


def _ahead(_: Gettext) -> Template:
    return Template(
        _("%(office)s: your turn is near"),
        (
            _("Only few are before you now. Please keep your phone and your papers ready."),
            _("How it stands: %(url)s"),
        ),
        _("%(office)s: your turn is near. Please keep your phone ready. %(url)s"),
    )


def _call(_: Gettext) -> Template:
    return Template(
        _("%(office)s: your video meeting begins now"),
        (_("An officer waits for you in the meeting: %(meeting)s"), _("Your ticket: %(url)s")),
        _("%(office)s: your video meeting begins now. %(meeting)s"),
    )


def _offer(_: Gettext) -> Template:
    return Template(
        _("A time has become free for your appointment with %(office)s"),
        (
            _(
                "A time that suits you has become free: %(service)s, %(time)s. It is kept for you "
                "until %(until)s."
            ),
            "%(remote)s",
            _("Take it, or let it go to the next, at %(url)s"),
            _("Your code: %(code)s"),
        ),
        _(
            "%(office)s: a time for your appointment from home is free, %(time)s, kept until "
            "%(until)s. Take it: %(url)s"
        ),
    )


_TEMPLATES: Mapping[MessageKind, Callable[[Gettext], Template]] = {
    MessageKind.CONFIRMATION: _confirmation,
    MessageKind.CHANGED: _changed,
    MessageKind.MOVED: _moved,
    MessageKind.REMINDER: _reminder,
    MessageKind.AHEAD: _ahead,
    MessageKind.CALL: _call,
    MessageKind.OFFER: _offer,
}
