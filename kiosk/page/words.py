"""Every word on the kiosk's screen, by key and language."""

from __future__ import annotations

import gettext
from pathlib import Path

LANGUAGES = ("id", "en")
CATALOGS = Path(__file__).parents[1] / "translations"


def _(message: str) -> str:
    """Marks a message for the catalog; the translation is looked up in `words`."""
    return message


MESSAGES = {
    "title": _("Queue kiosk"),
    "welcome": _("Choose a service"),
    "more": _("Other services"),
    "first_services": _("First services"),
    "have_code": _("I already have a booking code"),
    "help": _("Need help?"),
    "help_phone": _("By phone: {phone}"),
    "help_call": _("Call an officer"),
    "help_take_back": _("I need no help"),
    "help_short_asked": _("Officer called"),
    "help_short_answered": _("An officer is coming"),
    "help_told_title": _("Need help?"),
    "help_calling_title": _("Calling an officer…"),
    "help_calling_text": _("Please wait here."),
    "help_asked_title": _("Our officers know that you need help"),
    "help_asked_text": _("Please wait here. This screen says when somebody comes."),
    "help_answered_title": _("An officer is coming to you"),
    "help_answered_text": _("Please wait here. You may go on meanwhile."),
    "help_unanswered_title": _("Nobody has answered yet"),
    "help_unanswered_text": _(
        "Please ask the officer at the door. Your call stays on our officers’ screens."
    ),
    "help_unreachable_title": _("Your call did not get through"),
    "help_unreachable_text": _(
        "The kiosk has no connection now. Please ask the officer at the entrance."
    ),
    "help_resting_title": _("Please ask the officer at the door"),
    "help_resting_text": _("Help was called from this kiosk several times just now."),
    "help_none_title": _("The call is over"),
    "help_none_text": _("You can go on, or call again whenever you need help."),
    "access": _("Larger, lower, spoken"),
    "part": _("{n}/{of}, to the next part"),
    "modes_title": _("How do you want to use this screen?"),
    "mode_low": _("Buttons further down"),
    "mode_contrast": _("High contrast"),
    "mode_large": _("Large letters"),
    "mode_voice": _("Voice and arrow keys"),
    "modes_usual": _("Back to usual"),
    "modes_close": _("Go on"),
    "voice_missing": _(
        "This kiosk has no voice yet. The arrow keys and Enter work. An officer can read to you: "
        "choose “Need help?”"
    ),
    "no_slip": _("No slip came out?"),
    "no_slip_again": _("Still no slip? Call an officer"),
    "close": _("Close"),
    "back": _("Back"),
    "home": _("To the start"),
    "waiting_none": _("Nobody waiting"),
    "waiting_one": _("1 waiting"),
    "waiting_many": _("{n} waiting"),
    "minutes_between": _("{low}–{high} min"),
    "minutes_less_than": _("< {high} min"),
    "minutes_at_most": _("max. {high} min"),
    "minutes_more_than_hours": _("> {hours} hours"),
    "closed_mode": _("Not served in person"),
    "closed_urgent": _("Urgent only"),
    "closed_office": _("The office is closed"),
    "closed_hours": _("Outside service hours"),
    "closed_paused": _("Service has stopped for now"),
    "closed_other": _("Not available now"),
    "closed_now": _("No numbers just now"),
    "closed_urgent_text": _(
        "In person only urgent cases are served now. Touch your reason to get a number."
    ),
    "closed_mode_text": _("For now this service is not served in person."),
    "closed_hours_text": _("This service has no hours now."),
    "closed_paused_text": _("Service has stopped for now, so no numbers are given out."),
    "closed_other_text": _("This service is not available now. Our officer can tell you more."),
    "served_from": _("Served again from {date}."),
    "office_closed": _("The office is closed now. No numbers are given out."),
    "opens_today": _("It opens again today at {time}."),
    "opens_on": _("It opens again on {date}, at {time}."),
    "hours_today": _("Open today {hours}"),
    "hours_none": _("Closed today"),
    "room_free": _("There is room"),
    "room_full_plain": _("Full, please wait outside"),
    "room_full_between": _("Full, wait outside, about {low}–{high} minutes"),
    "room_full_less_than": _("Full, wait outside, less than {high} minutes"),
    "room_full_at_most": _("Full, wait outside, at most {high} minutes"),
    "room_full_more_than_hours": _("Full, wait outside, more than {hours} hours"),
    "alone": _("No connection: numbers are given, and may be called in another order"),
    "weekdays": _("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "months": _(
        "January February March April May June July August September October November December"
    ),
    "room_over": _(
        "Over the limit: {inside} of {limit} people. You get a number; please wait outside until "
        "you are called in."
    ),
    "mode_urgent_only": _("Only urgent cases are served in person today."),
    "mode_online_first": _("Many services can be done online, without a visit."),
    "mode_until": _("Until {date}."),
    "starting": _("One moment, the kiosk is starting"),
    "evacuation": _("EVACUATION"),
    "evacuation_text": _(
        "Please leave the building calmly and follow our staff. No numbers are given out; numbers "
        "already given are kept."
    ),
    "drill": _("DRILL"),
    "urgency_title": _("Why is it urgent?"),
    "urgency_hint": _(
        "Touch your reason: the number comes at once. Bring the proof to the counter."
    ),
    "is_urgent": _("My case is urgent"),
    "bring": _("Please have ready"),
    "scan_online": _("Scan with your phone: {host}"),
    "other_service": _("Go to that service"),
    "answer_again": _("Answer again"),
    "urgency_hospital": _("Hospital or BPJS treatment now"),
    "urgency_death": _("Death, burial or insurance"),
    "urgency_departure": _("Departure within 7 days"),
    "urgency_deadline": _("School or job deadline in 3 days"),
    "urgency_child": _("A child without papers needs a service"),
    "urgency_disaster": _("Disaster victim"),
    "urgency_court": _("Court or bank deadline"),
    "urgency_cannot_use_online": _("Elderly or disabled, unable to apply online"),
    "urgency_other": _("Another urgent reason"),
    "party": _("How many people come in?"),
    "party_more": _("More than {n}"),
    "party_next": _("{n} or more"),
    "party_fewer": _("Fewer"),
    "party_more_text": _(
        "For more than {n} people our officer gives you the number. Please ask at the entrance."
    ),
    "priority": _("Do you need priority?"),
    "priority_hint": _("No proof needed."),
    "priority_none": _("No"),
    "priority_elderly": _("Elderly (60+)"),
    "priority_pregnant": _("Pregnant or nursing"),
    "priority_disabled": _("Disability"),
    "priority_child": _("With a small child"),
    "take": _("Take a number"),
    "take_for": _("Take a number for {n} people"),
    "take_anyway": _("Take a number all the same"),
    "busy": _("One moment…"),
    "busy_hint": _("Your number is being made. Please do not touch again."),
    "pending_title": _("The server has not answered yet"),
    "pending_text": _("The kiosk keeps trying. You will get one number only. Please wait here."),
    "abandoned_title": _("It did not work"),
    "abandoned_text": _("Please go to the officer at the entrance. They will give you a number."),
    "code_title": _("Enter your booking code"),
    "code_hint": _("Or hold the QR code of your booking in front of the scanner."),
    "code_erase": _("Erase"),
    "code_go": _("Check in"),
    "your_number": _("Your queue number"),
    "inside": _("Please come in and wait in the waiting room"),
    "outside": _("Please wait outside. Your number will be called to come in."),
    "ahead_none": _("Nobody waits before you"),
    "ahead_one": _("1 person before you"),
    "ahead_many": _("{n} people before you"),
    "wait_between": _("Expected wait {low}–{high} minutes"),
    "wait_less_than": _("Expected wait less than {high} minutes"),
    "wait_at_most": _("Expected wait at most {high} minutes"),
    "wait_more_than_hours": _("Expected wait more than {hours} hours"),
    "party_many": _("For {n} people"),
    "repeated": _("You had already checked in at {time}"),
    "came_late": _("Your time was {time}. You are called by the time at which you came."),
    "other_order": _("Numbers may be called in another order"),
    "scan": _("Scan to follow your turn on your phone"),
    "scan_where": _("Opens the page of your number at {host}. No app is needed."),
    "phone_save": _("Keep on phone"),
    "phone_back": _("Smaller code"),
    "print_printing": _("Your slip is being printed"),
    "print_printed": _("Please take your slip"),
    "print_unconfirmed": _("Take your slip. If none comes out, take a photo of this screen."),
    "print_trouble": _("The printer has a problem: take a photo of this screen"),
    "print_none": _("Take a photo of this screen"),
    "copy": _("Print again (copy)"),
    "done": _("Done"),
    "idle_title": _("Are you still there?"),
    "idle_text": _("The screen starts again in {n} seconds."),
    "idle_stay": _("Yes, go on"),
    "sorry": _("Sorry"),
    "resting_title": _("May our staff help you?"),
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
    "try_again": _("Try again"),
    "new_number": _("Take a new number"),
    "page_hint": _("Scan to see, move or cancel your booking on your phone"),
    "pair_title": _("Connect this kiosk"),
    "pair_steps": _("A manager opens Devices on the queue server and enters this code"),
    "pair_server": _("Queue server"),
    "pair_waiting": _("Waiting for approval"),
    "pair_unreachable": _("The queue server does not answer. Check the network cable or Wi-Fi."),
}


def words(language: str) -> dict[str, str]:
    """The kiosk's words in one language, by key. English is the language of the messages
    themselves.
    """
    catalog = gettext.translation("kiosk", CATALOGS, [language], fallback=True)
    return {key: catalog.gettext(message) for key, message in MESSAGES.items()}
