"""What visitors are told of the rules of booking: limits, places, and places given up."""

from __future__ import annotations

from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import Rules
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.units import days_words, minutes_words, percent_words


def tell_booking(office: Office) -> list[str]:
    """When and how often one may book, and move or cancel a booking."""
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


def tell_places(office: Office) -> list[str]:
    """For whom the places are, and when they open to everybody."""
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
            "Unused places open to everyone %(minutes)s before.",
            minutes=minutes_words(rules.booking.release_minutes),
        ),
    ]
    sentences.append(
        _(
            "Our staff also book for people who call or come to the counter. At each time they "
            "take a place from the share that has more places left, so that neither share is used "
            "up for callers. The same limits apply."
        )
    )
    if rules.door.walk_in_ahead_minutes is not None:
        sentences.append(
            _(
                "At the door, places are given only for the next %(minutes)s, so that some are "
                "left for later.",
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


def tell_given_up(rules: Rules) -> list[str]:
    """What becomes of a place that somebody gives up."""
    if rules.booking.held_back_minutes_max == 0:
        opens = _("A place that is given up goes to the waiting list first, and then to everyone.")
    else:
        opens = _(
            "A place that is given up goes to the waiting list first. If nobody waits, it opens "
            "to everyone after %(low)s to %(high)s minutes. The moment is random, so that no "
            "program can grab it.",
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
