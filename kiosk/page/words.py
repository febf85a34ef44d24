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
    "help_title": _("Need help?"),
    "help_text": _(
        "Please ask the officer at the entrance or the information desk. They can also take a "
        "number for you."
    ),
    "close": _("Close"),
    "back": _("Back"),
    "home": _("To the start"),
    "waiting_none": _("Nobody waiting"),
    "waiting_one": _("1 waiting"),
    "waiting_many": _("{n} waiting"),
    "minutes": _("{low}–{high} min"),
    "minutes_under": _("< {high} min"),
    "closed_mode": _("Not served in person"),
    "closed_urgent": _("Urgent only"),
    "closed_office": _("The office is closed"),
    "closed_hours": _("Outside service hours"),
    "closed_paused": _("Service has stopped for now"),
    "closed_other": _("Not available now"),
    "office_closed": _("The office is closed now. No numbers are given out."),
    "room_over": _(
        "Over the limit: {inside} of {limit} people. You get a number; please wait outside until "
        "you are called in."
    ),
    "mode_urgent_only": _("Only urgent cases are served in person today."),
    "mode_online_first": _("Many services can be done online, without a visit."),
    "offline": _(
        "The kiosk has no connection to the queue server. Please ask the officer at the entrance "
        "for a number."
    ),
    "starting": _("One moment, the kiosk is starting"),
    "evacuation": _("EVACUATION"),
    "evacuation_text": _(
        "Please leave the building calmly and follow our staff. No numbers are given out; numbers "
        "already given are kept."
    ),
    "drill": _("DRILL"),
    "urgency_title": _("Why is it urgent?"),
    "urgency_hint": _("The officer at the counter will ask to see your proof."),
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
    "wait": _("Expected wait {low}–{high} minutes"),
    "wait_under": _("Expected wait less than {high} minutes"),
    "party_many": _("For {n} people"),
    "repeated": _("You had already checked in at {time}"),
    "scan": _("Scan to follow your turn on your phone"),
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
    "refused_hours": _("The office is outside its service hours."),
    "refused_mode": _("This service is not served in person now."),
    "refused_not_in_service": _("This service is not available now."),
    "refused_unknown_code": _("This code is not known. Please check it and try again."),
    "refused_wrong_day": _("This booking is for {date}."),
    "refused_too_early": _("It is too early to check in. Please come back from {time}."),
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
    "refused_lease_used_up": _(
        "This kiosk has no more numbers for this while the network is down. Please ask the officer."
    ),
    "refused_no_lease": _(
        "This kiosk has no numbers of its own while the network is down. Please ask the officer."
    ),
    "refused_clock_unsure": _(
        "This kiosk does not know what time it is, so it gives no numbers. Please ask the officer."
    ),
    "refused_offline_stopped": _(
        "Our staff have stopped this kiosk. Please follow our staff, or ask the officer."
    ),
    "refused_unknown_offline": _(
        "The network is down and this kiosk does not know this booking. Please show it to the "
        "officer: it is still valid."
    ),
    "refused_other": _("The server did not accept this. Please ask the officer."),
    "try_again": _("Try again"),
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
