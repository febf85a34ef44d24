"""What the screen says when a visitor gets no number, by the code of the refusal. Some have a title
of their own.
"""

from __future__ import annotations


def _(message: str) -> str:
    """Marks a message for the catalog; the translation is looked up in `words`."""
    return message


REFUSALS = {
    "refused_kiosk_resting": _(
        "Many numbers were taken here just now. Please wait {n} seconds and start again, or ask "
        "the officer."
    ),
    "refused_party_for_staff": _(
        "For so many people our officer gives you the number. Please ask at the entrance."
    ),
    "refused_offline": _(
        "The kiosk has no connection to the queue server. Please ask the officer at the entrance "
        "for a number."
    ),
    "refused_no_lease": _(
        "The kiosk has no connection to the queue server. Please ask the officer at the entrance "
        "for a number."
    ),
    "refused_lease_used_up": _(
        "There is no connection, and this kiosk has no numbers left. Please ask the officer at the "
        "entrance for a number."
    ),
    "refused_clock_unsure": _(
        "There is no connection, and this kiosk is not sure of the time. Please ask the officer at "
        "the entrance for a number."
    ),
    "refused_offline_stopped": _(
        "Our staff have stopped this kiosk for now. Please ask the officer at the entrance for a "
        "number."
    ),
    "refused_journal_full": _(
        "This kiosk cannot store numbers just now. Please ask the officer at the entrance for a "
        "number."
    ),
    "refused_hours": _("The office is outside its service hours."),
    "refused_mode": _("This service is not served in person now."),
    "refused_not_in_service": _("This service is not available now."),
    "refused_unknown_code": _("This code is not known. Please check it and try again."),
    "title_not_a_code": _("This is not a booking code"),
    "refused_not_a_code": _(
        "This looks like an ID card. Nothing of it was kept or sent. Please hold the QR code of "
        "your booking in front of the scanner."
    ),
    "title_foreign_code": _("This code is not from this queue"),
    "refused_foreign_code": _(
        "Please hold the QR code of your booking in front of the scanner, from the message or the "
        "page of your booking."
    ),
    "title_half_code": _("The code was not read completely"),
    "refused_half_code": _(
        "Please hold it still in front of the scanner once more. A booking code has 12 letters and "
        "digits."
    ),
    "title_wrong_day": _("Your booking is for another day"),
    "refused_wrong_day": _(
        "This booking is for {date}. Please come on that day, or move it by phone. Without it you "
        "can take a number for today."
    ),
    "title_wrong_office": _("Your booking is for another office"),
    "refused_wrong_office": _("This booking is for {office}, on {date}. Please go there."),
    "title_remote_visit": _("This visit is by phone or video"),
    "refused_remote_visit": _(
        "You need not come: we call or meet you at the booked time. To come instead, move the "
        "visit to the office on the page of your booking, or take a number now."
    ),
    "title_too_early": _("You are early"),
    "refused_too_early": _("It is too early to check in. Please come back from {time}."),
    "title_stranded": _("Your time no longer exists"),
    "refused_stranded": _(
        "The office had to withdraw the time of your booking. Please choose a new time by phone, "
        "or take a number now."
    ),
    "title_cancelled": _("This booking was cancelled"),
    "refused_cancelled": _("You can take a number now."),
    "title_missed": _("Your time has passed"),
    "refused_missed": _(
        "You were counted as absent. Our officer can take you back into the queue; or take a new "
        "number now."
    ),
    "title_left": _("This visit has ended"),
    "refused_left": _("You had left the queue. Please take a new number, or ask the officer."),
    "title_served": _("You have been served"),
    "refused_served": _(
        "The visit with this booking has ended. For something else, please take a new number."
    ),
    "title_called": _("You have been called"),
    "refused_called": _(
        "Your number {number} has been called. Please go to your counter, or ask the officer."
    ),
    "refused_too_late": _("The time to check in has passed. Please ask the officer."),
    "refused_already_checked_in": _("You have already checked in. Your number is {number}."),
    "refused_wrong_state": _(
        "This booking can no longer be checked in. It may be cancelled or finished."
    ),
    "refused_bad_input": _("This choice is not possible here. Please ask the officer."),
    "refused_limit_reached": _("No more numbers can be given for this. Please ask the officer."),
    "refused_day_full": _(
        "All numbers of today are given out. Please book another day, or ask the officer if your "
        "case is urgent."
    ),
    "refused_paused": _(
        "Service has stopped for now, so no numbers are given out. Please follow our staff."
    ),
    "refused_room_full": _("The office is full now. Please ask the officer."),
    "refused_unknown_offline": _(
        "The network is down and this kiosk does not know this booking. Please show it to the "
        "officer: it is still valid."
    ),
    "refused_other": _("The server did not accept this. Please ask the officer."),
}
