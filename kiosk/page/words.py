"""Every word on the kiosk's screen, by key and language."""

from __future__ import annotations

import gettext
from pathlib import Path

from .refusal_words import REFUSALS, _

LANGUAGES = ("id", "en")
CATALOGS = Path(__file__).parents[1] / "translations"


MESSAGES = {
    **REFUSALS,
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
    "staff": _("For staff"),
    "staff_stop_title": _("Stop giving numbers here"),
    "staff_stop_text": _(
        "Until staff resume, this kiosk gives no number today. The PIN is on the devices page."
    ),
    "staff_stop": _("Stop numbers"),
    "staff_go_on_title": _("Give numbers again"),
    "staff_go_on_text": _("Staff have stopped this kiosk. The PIN is on the devices page."),
    "staff_go_on": _("Resume numbers"),
    "staff_pin": _("PIN: {n} of 6 digits"),
    "staff_wrong_pin": _("This PIN is wrong."),
    "staff_wrong_pin_wait": _("This PIN is wrong. Try again in {n} seconds."),
    "staff_too_many_tries": _("Too many wrong PINs."),
    "staff_too_many_tries_wait": _("Too many wrong PINs. Try again in {n} seconds."),
    "staff_no_lease": _(
        "This kiosk has had no connection today, so it knows no PIN. Switch it off if need be."
    ),
    "staff_journal_full": _("This kiosk cannot store anything now. Switch it off if need be."),
    "staff_failed": _("That did not work. Try again."),
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
    "closed_day_full": _("All numbers of today are given out"),
    "closed_other": _("Not available now"),
    "closed_now": _("No numbers just now"),
    "closed_urgent_text": _(
        "In person only urgent cases are served now. Touch your reason to get a number."
    ),
    "closed_mode_text": _("For now this service is not served in person."),
    "closed_hours_text": _("This service has no hours now."),
    "closed_paused_text": _("Service has stopped for now, so no numbers are given out."),
    "closed_day_full_text": _("Please book another day, or ask our officer."),
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
