"""The reasons for which a case is urgent, in words, and what to bring for each. They are trusted at
booking; the counter looks later.
"""

from __future__ import annotations

from dataclasses import replace

from queue_server.protocol.codes import URGENCIES, Urgency
from queue_server.protocol.messages import Slip
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import speaking


def urgency_words() -> dict[str, tuple[str, str]]:
    """Each reason's code -> its name and what to bring for it, in the order shown."""
    words: dict[Urgency, tuple[str, str]] = {
        "hospital": (
            _("Hospital or BPJS treatment now"),
            _("Bring: a letter from the hospital or clinic"),
        ),
        "death": (
            _("Death, burial or insurance"),
            _("Bring: the death certificate or a letter from the village office"),
        ),
        "departure": (
            _("Departure within 7 days"),
            _("Bring: the ticket or the letter that sends you"),
        ),
        "deadline": (
            _("School or job deadline in 3 days"),
            _("Bring: the notice that names the deadline"),
        ),
        "child": (
            _("A child without papers needs a service"),
            _("Bring: what you have of the child, such as a birth letter"),
        ),
        "disaster": (
            _("Disaster victim"),
            _("Bring: a letter from the village office, if you could get one"),
        ),
        "court": (_("Court or bank deadline"), _("Bring: the letter from the court or the bank")),
        "cannot_use_online": (
            _("Elderly or disabled, unable to apply online"),
            _("Nothing more to bring"),
        ),
        "other": (_("Another urgent reason"), _("Bring: anything that shows your reason")),
    }
    return {code: words[code] for code in URGENCIES}


def say_urgency(slip: Slip) -> Slip:
    """A slip whose coded urgency is put into its visitor's words, with what to bring for it."""
    if not slip.urgency:
        return slip
    with speaking(slip.language):
        reason, evidence = urgency_words().get(slip.urgency, ("", ""))
    return replace(slip, urgency=reason, evidence=evidence)
