"""The public page of an office's rules: what a visitor is entitled to know, in plain sentences made
from the rules that hold now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import CallPolicy, Rules
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import find_office
from queue_server.web.edge.locale import gettext, ngettext
from queue_server.web.edge.words.units import (
    days_words,
    minutes_words,
    percent_words,
    seconds_words,
)

from .offices import pages

_ = gettext


@dataclass(frozen=True)
class Chapter:
    """Sentences on one matter. `id` is the heading's in the page."""

    id: str
    title: str
    sentences: Sequence[str]


@pages.get("/o/<office_code>/rules")
@public
def queue_rules(office_code: str) -> str:
    """The rules of one office."""
    office = find_office(office_code)
    return render_template("citizen/rules.html", office=office, chapters=tell_rules(office))


def tell_rules(office: Office) -> list[Chapter]:
    """All that visitors are told of an office's rules, in the order in which they meet them."""
    rules = office.rules
    return [
        Chapter("booking", _("Booking a visit"), _tell_booking(office)),
        Chapter("places", _("How places are shared"), _tell_places(office)),
        Chapter("given-up", _("Places that are given up"), _tell_given_up(rules)),
        Chapter("order", _("Who is called next"), _tell_order(office)),
        Chapter("missed", _("If you miss your call"), _tell_missed(rules)),
        Chapter(
            "data",
            _("Your data"),
            [
                _(
                    "Your name and contact details are erased %(days)s after your visit.",
                    days=days_words(rules.privacy.personal_data_days),
                )
            ],
        ),
    ]


def _tell_booking(office: Office) -> list[str]:
    rules = office.rules
    party = office.largest_party
    sentences = [
        _(
            "Each time opens for booking %(days)s before it begins, at any hour of the day.",
            days=days_words(rules.booking.horizon_days),
        ),
        _(
            "One person may have this many bookings at a time: %(service)s for the same service, "
            "%(office)s at this office.",
            service=rules.booking.per_service_max,
            office=rules.booking.per_office_max,
        ),
        _(
            "With the same mobile number, as in a family: one party, or at most %(phone)s people "
            "in several.",
            phone=rules.booking.people_per_phone_max,
        ),
    ]
    if rules.booking.per_day_max is not None:
        sentences.append(
            _("Visits of one person on one day: at most %(day)s.", day=rules.booking.per_day_max)
        )
    sentences += [
        ngettext(
            "A booking or number is for at most %(num)s person.",
            "A booking or number is for at most %(num)s people, companions included.",
            party,
        ),
        _(
            "A time that you have chosen is kept for %(minutes)s while you fill in the form.",
            minutes=minutes_words(rules.booking.hold_minutes),
        ),
    ]
    if rules.booking.hold_extensions_max:
        sentences.append(
            ngettext(
                "If you need longer, you can have it kept as long once more.",
                "If you need longer, you can have it kept as long %(num)s times more.",
                rules.booking.hold_extensions_max,
            )
        )
    if rules.booking.reschedules_max:
        sentences.append(
            ngettext(
                "You may move a booking to another time once, and cancel it whenever you like.",
                "You may move a booking to another time %(num)s times, and cancel it whenever you "
                "like.",
                rules.booking.reschedules_max,
            )
        )
    else:
        sentences.append(
            _(
                "A booking cannot be moved to another time. You may cancel it whenever you like, "
                "and book again."
            )
        )
    sentences.append(
        ngettext(
            "Whoever has missed %(num)s booked visit within %(days)s can for a while only book "
            "times within the next %(ahead)s. Coming"
            " without a booking is always allowed.",
            "Whoever has missed %(num)s booked visits within %(days)s can for a while only book "
            "times within the next %(ahead)s. Coming"
            " without a booking is always allowed.",
            rules.booking.no_shows_max,
            days=days_words(rules.booking.no_show_days),
            ahead=days_words(rules.booking.no_show_horizon_days),
        )
    )
    return sentences


def _tell_places(office: Office) -> list[str]:
    rules, sentences = office.rules, []
    if office.people_limit is not None:
        sentences.append(
            ngettext(
                "At most %(num)s person is let inside at the same time; companions count.",
                "At most %(num)s people are let inside at the same time; companions count.",
                office.people_limit,
            )
        )
    rest = max(0.0, 1 - rules.booking.online_share - rules.booking.urgent_share)
    sentences += [
        _(
            "Of all places, %(online)s percent can be booked ahead, %(urgent)s percent are for "
            "urgent cases, and %(rest)s percent are for"
            " visitors without a booking.",
            online=percent_words(rules.booking.online_share),
            urgent=percent_words(rules.booking.urgent_share),
            rest=percent_words(rest),
        ),
        _(
            "What is not taken of them opens to everybody %(minutes)s before the time.",
            minutes=minutes_words(rules.booking.release_minutes),
        ),
    ]
    if rules.door.walk_in_ahead_minutes is not None:
        sentences.append(
            _(
                "At the door, places are given for the next %(minutes)s, so that the first hour "
                "does not use up the afternoon's.",
                minutes=minutes_words(rules.door.walk_in_ahead_minutes),
            )
        )
    sentences.append(
        _(
            "When no such place is left, you still get a number at the door, and may have to wait "
            "longer."
        )
        if rules.door.walk_ins_beyond_places
        else _("When no such place is left, no further number is given at the door for now.")
    )
    return sentences


def _tell_given_up(rules: Rules) -> list[str]:
    if rules.booking.held_back_minutes_max == 0:
        opens = _(
            "A place that somebody gives up is offered to the waiting list, and opens to everybody "
            "at once if nobody waits for it."
        )
    else:
        opens = _(
            "A place that somebody gives up is offered to the waiting list. If nobody waits for "
            "it, it opens to everybody after %(low)s to"
            " %(high)s minutes, drawn by lot, so that no program can snatch it.",
            low=rules.booking.held_back_minutes_min,
            high=rules.booking.held_back_minutes_max,
        )
    return [
        opens,
        _(
            "If you are offered a place from the waiting list, you have %(open)s to take it while "
            "the office is open, and %(minutes)s at"
            " other times.",
            open=minutes_words(
                min(rules.waitlist.offer_open_minutes, rules.waitlist.offer_minutes)
            ),
            minutes=minutes_words(rules.waitlist.offer_minutes),
        ),
        ngettext(
            "After %(num)s offer not taken, you leave the waiting list.",
            "After %(num)s offers not taken, you leave the waiting list.",
            rules.waitlist.offers_max,
        ),
    ]


def _tell_order(office: Office) -> list[str]:
    rules = office.rules
    sentences = [
        _(
            "You can check in from %(minutes)s before your time.",
            minutes=minutes_words(rules.door.check_in_early_minutes),
        )
    ]
    if rules.calling.policy is CallPolicy.FIFO:
        sentences.append(
            _(
                "Visitors are called in the order in which they came. Bookings and priority make "
                "no difference."
            )
        )
    else:
        sentences += _tell_turn_times(rules)
    sentences.append(_("Whoever comes late is never turned away."))
    if office.people_limit is not None:
        sentences.append(
            _(
                "If your party is first at the door and too large for the room just then, smaller "
                "ones may go in before it for at most "
                "%(minutes)s.",
                minutes=minutes_words(rules.door.pass_over_minutes),
            )
        )
    sentences.append(
        _(
            "The office aims to call everybody within %(minutes)s.",
            minutes=minutes_words(rules.alerts.target_minutes),
        )
    )
    return sentences


def _tell_turn_times(rules: Rules) -> list[str]:
    grace = minutes_words(rules.calling.grace_minutes)
    sentences = [
        _("With a booking, your turn is the booked time if you check in by then.")
        if rules.calling.grace_minutes == 0
        else _(
            "With a booking, your turn is the booked time if you check in at most %(grace)s after "
            "it.",
            grace=grace,
        ),
        _("If you come later than that, your turn is the time when you check in.")
        if rules.calling.late_minutes == 0
        else _(
            "If you come later than that, your turn is %(minutes)s before the time when you check "
            "in, and at the earliest %(grace)s after"
            " the booked time.",
            minutes=minutes_words(rules.calling.late_minutes),
            grace=grace,
        ),
        _("Without a booking, your turn is the time when you take your number.")
        if rules.calling.walk_in_offset_minutes == 0
        else _(
            "Without a booking, your turn is %(minutes)s after you take your number.",
            minutes=minutes_words(rules.calling.walk_in_offset_minutes),
        ),
    ]
    if rules.calling.policy is CallPolicy.STRICT:
        sentences.append(
            _(
                "Elderly, disabled and pregnant visitors, and who comes with them, are called "
                "before all others."
            )
        )
    elif rules.calling.policy is CallPolicy.RATIO:
        sentences.append(
            ngettext(
                "After each visitor with priority (elderly, disabled, pregnant, and who comes with "
                "them) or with a booking kept on time, one"
                " other visitor is called.",
                "After every %(num)s visitors with priority (elderly, disabled, pregnant, and who "
                "comes with them) or with a booking kept on"
                " time, one other visitor is called.",
                rules.calling.ratio,
            )
        )
    elif rules.calling.priority_credit_minutes:
        sentences.append(
            _(
                "For elderly, disabled and pregnant visitors, and who comes with them, the turn is "
                "%(minutes)s earlier.",
                minutes=minutes_words(rules.calling.priority_credit_minutes),
            )
        )
    sentences.append(
        _("The earliest turn is called first. Only you can move your turn, by when you come.")
    )
    return sentences


def _tell_missed(rules: Rules) -> list[str]:
    again = rules.calling.recall_seconds[1 : rules.calling.calls_max]
    sentences = [
        ngettext(
            "You are called once.", "You are called up to %(num)s times.", rules.calling.calls_max
        )
    ]
    if again:
        times = ", ".join(seconds_words(each) for each in again)
        sentences.append(
            _(
                "Repeat calls come no earlier than this long after the first: %(times)s.",
                times=times,
            )
        )
    if rules.calling.return_minutes:
        sentences.append(
            _(
                "If you have missed your calls, come to the desk within %(minutes)s: your turn is "
                "then the time of your return.",
                minutes=minutes_words(rules.calling.return_minutes),
            )
        )
    else:
        sentences.append(_("If you have missed your calls, please take a new number."))
    sentences.append(
        _("If your visit is put on hold, for a missing paper say, you keep your turn.")
        if rules.calling.resume_keeps_turn
        else _(
            "If your visit is put on hold, for a missing paper say, your turn is the time when you "
            "are back."
        )
    )
    return sentences
