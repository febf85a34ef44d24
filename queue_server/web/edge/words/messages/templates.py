"""The words of each kind of message, before names and times are put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import Words, find_faults
from queue_server.store.messages.wording import OwnWords
from queue_server.web.edge.locale import catalog


@dataclass(frozen=True)
class Template:
    """The words of one kind of message in one language: of a mail the subject and paragraphs, and
    the short `text` for a telephone. They name values as `%(name)s`; a paragraph that names
    something which is not known is left out.
    """

    subject: str
    paragraphs: tuple[str, ...]
    text: str


def template_of(kind: MessageKind, language: str) -> Template:
    """The words of a kind of message in a language. Raises `KeyError` for PROVE, which is no
    message about a visit.
    """
    return _TEMPLATES[kind](catalog(language).gettext)


def choose_template(kind: MessageKind, language: str, own: Mapping[str, OwnWords]) -> Template:
    """The office's own words if it has some in this language, else the standard ones. Own words of
    an earlier release that cannot be used any more are passed over.
    """
    words = own[language].words if language in own else None
    if words is None or find_faults(kind, words):
        return template_of(kind, language)
    return Template(
        _to_named(words.subject),
        tuple(_to_named(each) for each in words.body.split("\n\n")),
        _to_named(words.text),
    )


def write_words(template: Template) -> Words:
    """A template as an office edits it, with `{name}` for a value."""
    return Words(
        _to_braces(template.subject),
        "\n\n".join(map(_to_braces, template.paragraphs)),
        _to_braces(template.text),
    )


def _to_named(written: str) -> str:
    return re.sub(r"\{(\w+)\}", r"%(\1)s", written.replace("%", "%%"))


def _to_braces(named: str) -> str:
    return re.sub(r"%\((\w+)\)s", r"{\1}", named).replace("%%", "%")


def _confirmation(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your visit to %(office)s is booked"),
        (
            _("You have an appointment: %(service)s, %(time)s."),
            _("Where: %(office)s, %(address)s"),
            _("Please bring: %(bring)s"),
            _("Urgent: %(urgent)s"),
            _("Your ticket, with the QR code for the entrance: %(url)s"),
            _("Your code: %(code)s"),
            _(
                "If you cannot come, please move or cancel the visit by your ticket. Others wait "
                "for it."
            ),
        ),
        _("%(office)s: %(service)s, %(time)s. Code %(code)s. Your ticket: %(url)s"),
    )


def _changed(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your visit to %(office)s has a new time"),
        (
            _("Your visit is moved. It is now: %(service)s, %(time)s."),
            _("No longer: %(old_time)s. That place is given to somebody else."),
            _("Please bring: %(bring)s"),
            _("Urgent: %(urgent)s"),
            _("Your ticket: %(url)s"),
            _("Your code: %(code)s"),
            _("If you did not do this, please call the office or come to the reception."),
        ),
        _("%(office)s: your visit is moved to %(time)s. Code %(code)s. Your ticket: %(url)s"),
    )


def _withdrawn(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your visit to %(office)s is cancelled"),
        (
            _("This visit is cancelled: %(service)s, %(time)s."),
            _("You can book a new visit at any time."),
            _("If you did not do this, please call the office or come to the reception."),
        ),
        _("%(office)s: your visit on %(time)s is cancelled."),
    )


def _reminder(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your visit to %(office)s: %(time)s"),
        (
            _("We remind you of your appointment: %(service)s, %(time)s."),
            _("Where: %(office)s, %(address)s"),
            _("Please bring: %(bring)s"),
            _("Urgent: %(urgent)s"),
            _("Your ticket, with the QR code for the entrance: %(url)s"),
            _("Your code: %(code)s"),
            _(
                "If you cannot come, please move or cancel the visit by your ticket. Others wait "
                "for it."
            ),
        ),
        _(
            "Reminder from %(office)s: %(service)s, %(time)s. Code %(code)s. Cannot come? Cancel "
            "here: %(url)s"
        ),
    )


def _ahead(_: Callable[[str], str]) -> Template:
    return Template(
        _("%(number)s: your turn is near"),
        (
            _("Only few are before you now, number %(number)s. Please stay near the entrance."),
            _("How it stands: %(url)s"),
        ),
        _("%(office)s: number %(number)s, your turn is near. Please stay close. %(url)s"),
    )


def _come_in(_: Callable[[str], str]) -> Template:
    return Template(
        _("%(number)s: please come in now"),
        (
            _("There is room for you inside now, number %(number)s. Please come in."),
            _("Your ticket: %(url)s"),
        ),
        _("%(office)s: number %(number)s, please come in now. %(url)s"),
    )


def _call(_: Callable[[str], str]) -> Template:
    return Template(
        _("%(number)s: please go to counter %(counter)s"),
        (
            _("You are called, number %(number)s. Please go to counter %(counter)s now."),
            _("Your ticket: %(url)s"),
        ),
        _("%(office)s: number %(number)s, please go to counter %(counter)s now."),
    )


def _stranded(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your visit to %(office)s needs a new time"),
        (
            _("The office had to withdraw your time: %(service)s, %(time)s. We are sorry."),
            _("Please choose another time, or cancel the visit, at %(url)s"),
            _("Your code: %(code)s"),
        ),
        _(
            "%(office)s had to withdraw your time: %(time)s. Please do not come then. Choose "
            "another: %(url)s"
        ),
    )


def _moved(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your visit to %(office)s has a new time"),
        (
            _(
                "The office had to withdraw your earlier time and has kept a new one for you: "
                "%(service)s, %(time)s."
            ),
            _("If it does not suit you, choose another time or cancel the visit at %(url)s"),
            _("Your code: %(code)s"),
        ),
        _(
            "%(office)s had to withdraw your earlier time. Your new one: %(time)s. Does it not "
            "suit you? %(url)s"
        ),
    )


def _cancelled(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your visit to %(office)s is cancelled"),
        (
            _("The office had to cancel your visit: %(service)s, %(time)s. We are sorry."),
            _("You can book a new visit at any time. The cancelled one: %(url)s"),
        ),
        _("%(office)s had to cancel your visit on %(time)s. We are sorry. Please do not come."),
    )


def _voided(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your booking at %(office)s was voided"),
        (
            _(
                "Somebody came to the office with your booking, but the card they showed was "
                "another person's. A booking is for the person it names, so it was voided: "
                "%(service)s, %(time)s."
            ),
            _(
                "It counts as a missed visit. If this is a mistake, please come to the reception "
                "with your own ID card (KTP-el), or call us."
            ),
            _("You may book anew, or take a number at the office. The voided booking: %(url)s"),
        ),
        _(
            "%(office)s: your booking, %(time)s, was voided: the card shown was another person's. "
            "A mistake? Please call us."
        ),
    )


def _offer(_: Callable[[str], str]) -> Template:
    return Template(
        _("A place has become free at %(office)s"),
        (
            _(
                "A place that suits you has become free: %(service)s, %(time)s. It is kept for you "
                "until %(until)s."
            ),
            _("Take it, or let it go to the next, at %(url)s"),
            _("Your code: %(code)s"),
        ),
        _("%(office)s: a place is free, %(time)s, kept until %(until)s. Take it: %(url)s"),
    )


def _attempted(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your booking at %(office)s: somebody tried to book again"),
        (
            _(
                "Somebody has tried to make a further booking or wait for a place with your NIK or "
                "phone number. It was refused."
            ),
            _("You have this booking: %(service)s, %(time)s. Your code: %(code)s"),
            _(
                "If it was you: use this booking, move it, or cancel it before you book another "
                "time, at %(url)s"
            ),
            _("If it was not you, you need do nothing: your booking is unchanged."),
        ),
        _("%(office)s: you have a booking already, %(time)s. Your ticket: %(url)s"),
    )


def _locked(_: Callable[[str], str]) -> Template:
    return Template(
        _("Your visit to %(office)s can no longer be changed online"),
        (
            _(
                "Somebody has entered wrong digits for your visit several times: %(service)s, "
                "%(time)s. Your code: %(code)s"
            ),
            _(
                "The visit is unchanged and still yours. To move or cancel it, please come to the "
                "reception with your ID card (KTP-el), or call us."
            ),
            _("Your ticket: %(url)s"),
        ),
        _("%(office)s: your visit on %(time)s can only be changed at the reception now."),
    )


def _lost_code(_: Callable[[str], str]) -> Template:
    """Paragraphs that name a visit are repeated for each."""
    return Template(
        _("Your code for %(office)s"),
        (
            _("Somebody, probably you, has asked for the code of your visit."),
            _("%(service)s, %(time)s. Code: %(code)s. Your ticket: %(url)s"),
            _("If it was not you, you need do nothing."),
        ),
        _("%(office)s, %(time)s: code %(code)s, ticket %(url)s"),
    )


_TEMPLATES: Mapping[MessageKind, Callable[[Callable[[str], str]], Template]] = {
    MessageKind.CONFIRMATION: _confirmation,
    MessageKind.CHANGED: _changed,
    MessageKind.WITHDRAWN: _withdrawn,
    MessageKind.REMINDER: _reminder,
    MessageKind.STRANDED: _stranded,
    MessageKind.MOVED: _moved,
    MessageKind.CANCELLED: _cancelled,
    MessageKind.VOIDED: _voided,
    MessageKind.AHEAD: _ahead,
    MessageKind.COME_IN: _come_in,
    MessageKind.CALL: _call,
    MessageKind.OFFER: _offer,
    MessageKind.ATTEMPTED: _attempted,
    MessageKind.LOCKED: _locked,
    MessageKind.LOST_CODE: _lost_code,
}
