"""Every word on the TV, in both languages at once: the lobby reads Indonesian first and English
beside it.
"""

from __future__ import annotations

import gettext
from pathlib import Path

LANGUAGES = ("id", "en")
CATALOGS = Path(__file__).with_name("translations")


def _(message: str) -> str:
    """Marks a message for the catalog; the translation is looked up in `words`."""
    return message


MESSAGES = {
    "title": _("Queue display"),
    "now_calling": _("Now calling"),
    "second_call": _("Second call"),
    "last_call": _("Last call"),
    "counter": _("Counter"),
    "test_call": _("TEST"),
    "burst": _("These numbers are called"),
    "recent": _("Also called"),
    "calls_left_out": _("… and {n} more calls, please ask our staff"),
    "no_calls": _("No calls yet"),
    "waiting_room": _("Please wait in the waiting room"),
    "look_and_listen": _("Watch this screen for your number"),
    "counter_wait": _("Please wait"),
    "yesterday": _("Waiting for today's numbers"),
    "yesterday_hint": _("Please listen to our staff"),
    "come_in": _("Please come in"),
    "waiting": _("waiting"),
    "minutes": _("{low}–{high} min"),
    "minutes_under": _("< {high} min"),
    "minutes_at_most": _("max. {high} min"),
    "minutes_more_than_hours": _("> {hours} hours"),
    "inside": _("People inside"),
    "closed": _("The office is closed"),
    "closed_hint": _("No numbers are given out now"),
    "urgent_only": _("Urgent services only"),
    "urgent_only_hint": _("Other services online or on another day"),
    "online_first": _("Many services are online"),
    "online_first_hint": _("Ask our staff before you wait"),
    "disconnected": _("disconnected"),
    "data_age": _("data {age} old"),
    "data_age_unknown": _("data of unknown age"),
    "cut": _("System disconnected, listen to our staff"),
    "call_old": _("Last call before the interruption"),
    "seconds": _("{n} s"),
    "age_minutes": _("{n} min"),
    "age_hours": _("{n} h"),
    "muted": _("Sound off – touch the screen"),
    "entry_title": _("Entry screen"),
    "entry_enter": _("Please come in"),
    "entry_enter_hint": _("Others please wait outside"),
    "entry_open": _("You may come in"),
    "entry_open_hint": _("Please take a number first"),
    "entry_wait": _("Please wait outside"),
    "entry_wait_hint": _("Your number is shown here when you may come in"),
    "entry_closed": _("The office is closed"),
    "entry_closed_hint": _("Nobody is let in now. Please ask our staff."),
    "over": _("Over the limit: {inside} of {limit} people"),
    "over_hint": _("Nobody is let in until enough people have left"),
    "entry_over": _("Over the limit: {inside} of {limit} people"),
    "entry_over_hint": _("Please wait outside. You are called in when enough people have left."),
    "entry_stopped": _("Nobody may come in for now"),
    "entry_stopped_hint": _("Please keep your distance and follow our staff"),
    "entry_outside": _("Waiting outside: {n}"),
    "entry_hours": _("Open today {hours}"),
    "entry_opens": _("Opens again: {time}"),
    "entry_until": _("until {time}"),
    "entry_page": _("{n} of {all}"),
    "entry_phone": _("You may also wait at home: your ticket page tells you when to come"),
    "entry_evacuation": _("EVACUATION – do not come in"),
    "entry_evacuation_hint": _("Please keep away from the entrance and follow our staff"),
    "entry_cut": _("System disconnected, ask our staff"),
    "entry_cut_hint": _("This screen does not know who may come in now"),
    "entry_paused": _("Service has stopped for now"),
    "entry_paused_hint": _("Please wait outside; we tell you when it goes on"),
    "evacuation": _("EVACUATION"),
    "drill": _("DRILL"),
    "evacuation_hint": _("Please leave the building calmly and follow our staff"),
    "paused": _("Service has stopped for now"),
    "paused_hint": _("Please stay calm and wait. Your place in the queue is kept."),
    "stopped": _("Nobody is let in for now"),
    "stopped_hint": _("Please wait; those inside are being served"),
    "pair_title": _("Connect this screen"),
    "pair_steps": _("A manager opens Devices on the queue server and enters this code"),
    "pair_server": _("Queue server"),
    "pair_waiting": _("Waiting for approval"),
    "pair_unreachable": _("The queue server does not answer. Check the network cable or Wi-Fi."),
    "wrong_settings": _("Wrong in the address of this screen: {names}"),
    "choose_office": _("Choose the office of this screen"),
    "unknown_office": _("No office has the code {office}"),
    "unknown_office_hint": _("Check the address, or choose the office here"),
    "as_of": _("As of {time}"),
    "starting": _("Connecting to the queue server"),
    "day_0": _("Sunday"),
    "day_1": _("Monday"),
    "day_2": _("Tuesday"),
    "day_3": _("Wednesday"),
    "day_4": _("Thursday"),
    "day_5": _("Friday"),
    "day_6": _("Saturday"),
    "month_1": _("January"),
    "month_2": _("February"),
    "month_3": _("March"),
    "month_4": _("April"),
    "month_5": _("May"),
    "month_6": _("June"),
    "month_7": _("July"),
    "month_8": _("August"),
    "month_9": _("September"),
    "month_10": _("October"),
    "month_11": _("November"),
    "month_12": _("December"),
}


def words(language: str) -> dict[str, str]:
    """The TV's words in one language, by key. English is the language of the messages
    themselves.
    """
    catalog = gettext.translation("display", CATALOGS, [language], fallback=True)
    return {key: catalog.gettext(message) for key, message in MESSAGES.items()}
