"""Sentences for what is refused, by the code of the error, that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queue_server.domain.visit.standstill import Pause
from queue_server.web.edge.context import on_the_clock
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.locale import current_language, format_date, ngettext
from queue_server.web.edge.locale import gettext as _


def no_show_words(facts: Mapping[str, Any]) -> str:
    """What somebody who has missed visits may still do: book near by, or come without a booking."""
    until, days = on_the_clock(facts).get("until"), facts.get("days")
    if until is None or days is None:
        return _(
            "You have missed several booked visits, so you can only book near times for a while. "
            "You may always come without one."
        )
    last = format_date(datetime.fromisoformat(str(until)).date(), current_language())
    return ngettext(
        "You have missed several booked visits. Until %(until)s please choose a time within the "
        "next %(num)s day. You may also come"
        " without a booking and take a number at the door.",
        "You have missed several booked visits. Until %(until)s please choose a time within the "
        "next %(num)s days. You may also come"
        " without a booking and take a number at the door.",
        int(days),
        until=last,
    )


def refusal_words(code: str, facts: Mapping[str, Any]) -> str:
    """A sentence for a refused action, by the stable code of its error, saying what to do next."""
    if code == "limit_reached":
        return {
            "service": _(
                "You already have a booking for this service. Please use it, or cancel it before "
                "you book another time."
            ),
            "office": _(
                "You already hold as many bookings at this office as one person may have. Please "
                "use or cancel one first."
            ),
            "reschedules": _(
                "You have moved this visit as often as the office allows. You may still come, or "
                "cancel it."
            ),
            "phone": _(
                "This phone number already stands for as many people as it may. Use another "
                "number, or leave it empty."
            ),
            "day": _(
                "You already have a visit on this day. Please choose another day, or use that "
                "visit."
            ),
            "waitlist": _(
                "You already wait for a place of this service. We tell you when one becomes free."
            ),
            "browser": _(
                "This browser already keeps as many places as it may. Please finish one booking "
                "first."
            ),
            "hold_extensions": _(
                "This time cannot be kept any longer. Please finish your booking now."
            ),
            "no_shows": no_show_words(facts),
            "returns": _(
                "You have asked once already to be called again. Please ring the office, or book "
                "another time."
            ),
            "steps_away": _("Each visitor may step away once only. Please stay near by."),
            "delay_minutes": _(
                "The office does not wait for that long. Please choose another time for your visit."
            ),
            "person": _(
                "This booking is not possible online. If you have a booking at this office "
                "already, we have written"
                " to the e-mail address given with it. Otherwise, please ask our staff."
            ),
        }.get(
            str(facts.get("rule")), _("You already hold as many bookings as one person may have.")
        )
    if code == "not_in_service":
        no_visits = _(
            "This service takes no visits for now. Please look at the office page for what you can "
            "do instead."
        )
        return {
            "hours": _(
                "The office is closed at this time. Please choose a time within the opening hours."
            ),
            "mode": no_visits,
        }.get(str(facts.get("reason")), no_visits)
    if code == "paused" and facts.get("kind") == Pause.EVACUATION.value:
        return _(
            "Evacuation: everybody leaves the building calmly. Nothing else is possible until a "
            "supervisor ends it."
        )
    if code == "bad_input":
        return bad_input_words(str(facts.get("field")), str(facts.get("reason")))
    if code == "wrong_proof" and facts.get("reason") == "missing":
        return _("Enter the last 4 digits or letters of the NIK, passport or phone number")
    if code == "wrong_proof" and facts.get("left") is not None:
        return ngettext(
            "This does not match the booking. Please use the last 4 digits or letters of the "
            "number you booked with: NIK, passport or phone. %(num)s"
            " attempt is left.",
            "This does not match the booking. Please use the last 4 digits or letters of the "
            "number you booked with: NIK, passport or phone. %(num)s"
            " attempts are left.",
            int(facts["left"]),
        )
    if code == "too_early" and facts.get("action") == "recall":
        return _("It is too early to call this visitor again. Wait a moment, then call once more.")
    return {
        "proof_needed": _(
            "Many people are booking right now. Answer the challenge and ask again, or wait in "
            "line for a turn."
        ),
        "line_too_long": _(
            "The line is very long right now. Please try again in a few minutes; your answers are "
            "still here."
        ),
        "slot_full": _(
            "This time has just been taken. Nothing you typed is lost: please choose another time."
        ),
        "offer_over": _(
            "This place has gone to somebody else by now. You still wait for the next one."
        ),
        "hold_over": _("The time to fill this in is over. Please choose a time again."),
        "day_evacuated": _(
            "The office is being evacuated, so nothing of today can be booked. Please choose "
            "another day."
        ),
        "no_printer": _("No printer answers. Please open the slip and print it from here."),
        "lease_elsewhere": _(
            "Another installation works in the name of this kiosk. A manager decides on the "
            "devices page which one goes on."
        ),
        "lease_over": _("This kiosk’s numbers were given back already."),
        "superseded": _("The kiosk has printed another number in place of this one."),
        "unknown_lease": _("This kiosk has no such numbers."),
        "unknown_conflict": _("There is no such report."),
        "day_full": _("All numbers of this queue for today are given out. Please book another day.")
        if "quota" in facts
        else _("All places of today are taken. Please book another day."),
        "slot_passed": _("This time has already begun. Please choose a later time."),
        "slot_too_far": _("This time is not open for booking yet. Please choose an earlier day."),
        "wrong_state": _(
            "This is no longer possible: the ticket has moved on. The page now shows its present "
            "state."
        ),
        "wrong_proof": _(
            "This does not match the booking. Please use the last 4 digits or letters of the "
            "number you booked with: NIK, passport or phone."
        ),
        "contact_unproved": _(
            "For so many people an e-mail address must be confirmed. Open the e-mail that we have "
            "sent to it, press"
            " the button on the page it leads to, and then press “Book this visit” here."
        ),
        "changes_locked": _(
            "Wrong digits were entered too often, so this visit is now changed at the reception "
            "only. The visit is still"
            " yours."
        ),
        "remote_visit": _(
            "This visit is a call or a meeting by video, so nobody needs to come. To come instead, "
            "move it to a visit at the office."
        ),
        "no_booking": _(
            "This number was taken at the door, without a booking: there is no name to compare a "
            "card with."
        ),
        "not_for_this_counter": _(
            "Counters in the office call those who have come, counters at home those who are rung."
        ),
        "already_checked_in": _("You have checked in already."),
        "wrong_day": _("This ticket is for another day."),
        "wrong_office": _("This booking is for another office."),
        "too_early": _("Check-in is not open yet. Please come back closer to your time."),
        "too_late": _("The time for this has passed."),
        "unknown_code": _("We know no ticket with this code. Please check it letter by letter."),
        "unknown_link": _(
            "This link is not complete or no longer holds. Please open it once more from the "
            "newest e-mail."
        ),
        "counter_busy": _("Your counter still has a visitor. Finish, hold or send on first."),
        "counter_closed": _("This counter is closed. Please open it first."),
        "clerk_away": _("This clerk works at no counter now. Please choose another one."),
        "not_your_ticket": _("This visitor is at another counter."),
        "recalls_used_up": _(
            "This visitor has been called as often as the office allows. Mark “Did not come” "
            "instead."
        ),
        "admissions_stopped": _("The door is stopped: nobody is let in until it is opened again."),
        "paused": _(
            "Everything stands still for now: nobody is called, let in or given a number until a "
            "supervisor lets it go on."
        ),
        "bad_reading": _("This reading cannot be right, so it was not counted."),
        "kiosk_resting": _(
            "Many numbers were given here in a short time. Please wait a moment, or ask our staff."
        ),
        "help_resting": _(
            "Help was called from here several times just now. Please ask our staff at the door."
        ),
        "help_over": _("This call for help is over."),
        "party_for_staff": _("So many people get their number from our staff at the door."),
        "number_used": _(
            "This number on paper was entered already today. Please look at the paper again."
        ),
        "room_full": _("The room is full: this party cannot come in yet."),
        "fewer_without_ticket": _(
            "All others inside have a ticket. Mark by its number who has left."
        ),
        "nothing_to_undo": _("The last action can no longer be taken back."),
        "forbidden": _("You may not do this."),
        "unknown_device": _("No device shows this code now. Please check it letter by letter."),
        "unknown_office": _("We know no such office. Please start from the first page."),
        "unknown_service": _("This office has no such service."),
        "unknown_stream": _("This office has no such queue."),
        "unknown_counter": _("This office has no such counter."),
        "unknown_ticket": _("This office has no such ticket."),
        "unknown_alert": _("This alert is not of this office."),
        "unknown_help": _("This office knows no such call for help."),
        "unknown_announcement": _("This announcement does not exist (any more)."),
        "unknown_user": _("We know no such account. Please choose one from the list."),
        "unknown_token": _("No program has this token."),
        "unknown_webhook": _("This address does not exist (any more)."),
        "too_many_tokens": _("You have ten tokens. Revoke one first."),
        "too_many_webhooks": _("This office has ten addresses. Remove one first."),
        "user_name_taken": _("Somebody already has this user name. Please choose another one."),
        "own_account": _(
            "You cannot do this to your own account. To change your password, choose your name at "
            "the top."
        ),
        "log_in_needed": _("Only a person who is signed in in a browser can do this."),
        "wrong_code": _("This code is not right or was used before. Please type the next one."),
        "wrong_passkey": _("This passkey could not be used. Please try again, or use another way."),
        "identity_taken": _("Another account is linked to this person already."),
        "no_second_factor": _(
            "Your account needs a second factor. Add another one before you stop using this one."
        ),
        "still_in_use": _("This is still in use. Settle what depends on it first, then try again."),
        "cannot_undo": _("This change cannot be taken back any more. Change the setting itself."),
        "password_distrusted": _(
            "Somebody else may know this password, so it does not sign you in by itself any more. "
            "Ask your manager or an administrator for a new one."
        ),
        "last_administrator": _("This is the last administrator. Add another one first."),
        "sign_in_paused": ngettext(
            "There were several wrong tries. Please wait %(num)s second, then try again",
            "There were several wrong tries. Please wait %(num)s seconds, then try again",
            int(facts.get("seconds", 1)),
        ),
        "unknown_zone": _("This part of the room does not exist (any more)."),
        "unknown_slot": _("This time does not exist. Please choose another one."),
        "key_reused": _(
            "This form was already sent with other answers. Please check your booking, or start "
            "again."
        ),
        "pairing_expired": _(
            "This pairing code is too old. Start the device again to get a new one."
        ),
        "set_up_over": _("There is an administrator already. Please sign in."),
        "office_code_taken": _(
            "An office has this code, or had it once. Please choose another code."
        ),
        "counter_id_taken": _(
            "Another office has a counter with this id. Leave the ids out, or import with another "
            "code."
        ),
        "office_in_use": ngettext(
            "%(num)s visit of this office is not over. Close the office first, and see to its "
            "bookings; then it can be deleted.",
            "%(num)s visits of this office are not over. Close the office first, and see to its "
            "bookings; then it can be deleted.",
            int(facts.get("visits", 1)),
        ),
        "counter_taken": _("Another clerk works at this counter."),
        "changed": _("Somebody else changed this at the same moment. Please try again."),
    }.get(code, _("This did not work. Please try again."))
