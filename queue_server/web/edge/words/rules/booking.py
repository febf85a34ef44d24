"""The rules of booking ahead, in groups as managers set them."""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _

from .kinds import RuleGroup, RuleWords


def booking_groups() -> list[RuleGroup]:
    """Times, limits per person, places given up and the waitlist, in the order of the page."""
    minutes, days = _("minutes"), _("days")
    return [
        RuleGroup(
            "times",
            _("Times that can be booked"),
            (
                RuleWords(
                    "booking.slot_minutes",
                    _("Length of a time"),
                    _("Bookings at times that then no longer begin lose theirs."),
                    minutes,
                ),
                RuleWords(
                    "booking.horizon_days",
                    _("Booking opens ahead"),
                    _("Each time opens so long before it begins, at any hour."),
                    days,
                ),
                RuleWords(
                    "booking.utilisation",
                    _("Counter time planned with visits"),
                    _("The rest takes up what lasts longer."),
                    _("percent"),
                ),
                RuleWords(
                    "booking.hold_minutes",
                    _("A chosen time is kept"),
                    _("While the visitor fills in the form."),
                    minutes,
                ),
                RuleWords(
                    "booking.hold_extensions_max",
                    _("Keeping it longer"),
                    _("How often the visitor may ask for as long again."),
                    _("times"),
                ),
                RuleWords(
                    "booking.reschedules_max",
                    _("Moving a booking"),
                    _("How often its holder may choose another time."),
                    _("times"),
                ),
                RuleWords(
                    "booking.party_max",
                    _("Largest party"),
                    _("Visitor and companions of one booking or number."),
                    _("people"),
                ),
                RuleWords("booking.urgent_letter", _("Queue of urgent cases")),
            ),
        ),
        RuleGroup(
            "limits",
            _("Limits per person"),
            (
                RuleWords(
                    "booking.per_service_max",
                    _("Bookings for one service"),
                    _("That one person may hold at the same time."),
                    "",
                ),
                RuleWords(
                    "booking.per_office_max",
                    _("Bookings at this office"),
                    _("That one person may hold at the same time."),
                    "",
                ),
                RuleWords(
                    "booking.per_day_max",
                    _("Visits on one day"),
                    _("Empty: only the other limits count."),
                ),
                RuleWords(
                    "booking.people_per_phone_max",
                    _("People booked with one mobile number"),
                    _("A single party may be larger, so that families can book."),
                    _("people"),
                ),
                RuleWords(
                    "booking.no_shows_max",
                    _("Missed visits until limited"),
                    _("From so many on, only near times can be booked."),
                    "",
                ),
                RuleWords("booking.no_show_days", _("Missed visits are counted for"), "", days),
                RuleWords(
                    "booking.no_show_horizon_days",
                    _("Then bookable ahead"),
                    _("Coming without a booking is always allowed."),
                    days,
                ),
            ),
        ),
        RuleGroup(
            "given-up",
            _("Places that are given up"),
            (
                RuleWords(
                    "booking.held_back_minutes_min",
                    _("Public again after, at least"),
                    _(
                        "The waiting list is asked first. The moment in between is random, "
                        "so that no program can wait for it."
                    ),
                    minutes,
                ),
                RuleWords(
                    "booking.held_back_minutes_max", _("Public again after, at most"), "", minutes
                ),
            ),
        ),
        RuleGroup(
            "waitlist",
            _("Waiting list"),
            (
                RuleWords(
                    "waitlist.offer_open_minutes",
                    _("An offered place is kept while the office is open"),
                    _("So that the next one on the waiting list is asked soon."),
                    minutes,
                ),
                RuleWords(
                    "waitlist.entries_per_contact_max",
                    _("Entries on the waiting list per e-mail address or phone"),
                    _("For families. More of them would leave less for others."),
                    "",
                ),
                RuleWords(
                    "waitlist.offer_minutes",
                    _("An offered place is kept"),
                    _("For whoever is next on the waiting list."),
                    minutes,
                ),
                RuleWords(
                    "waitlist.offers_max",
                    _("Offers until waiting ends"),
                    _("So many may pass unanswered."),
                    "",
                ),
            ),
        ),
    ]
