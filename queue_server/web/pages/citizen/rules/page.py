"""The public page of an office's rules: what a visitor is entitled to know, in plain sentences made
from the rules that hold now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from queue_server.domain.office.office import Office
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import find_office
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.units import days_words
from queue_server.web.pages.citizen.blueprint import pages

from .booking import tell_booking, tell_given_up, tell_places
from .calling import tell_missed, tell_order


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
    return render_template("citizen/rules/page.html", office=office, chapters=tell_rules(office))


def tell_rules(office: Office) -> list[Chapter]:
    """All that visitors are told of an office's rules, in the order in which they meet them."""
    rules = office.rules
    return [
        Chapter("booking", _("Booking a visit"), tell_booking(office)),
        Chapter("places", _("How places are shared"), tell_places(office)),
        Chapter("given-up", _("Places that are given up"), tell_given_up(rules)),
        Chapter("order", _("Who is called next"), tell_order(office)),
        Chapter("missed", _("If you miss your call"), tell_missed(rules)),
        Chapter(
            "data",
            _("Your data"),
            [
                _(
                    "Your name and contact details are erased %(days)s after your visit.",
                    days=days_words(rules.privacy.personal_data_days),
                ),
                _(
                    "Which message was sent to you and when is kept for %(days)s, without your "
                    "address.",
                    days=days_words(rules.privacy.message_days),
                ),
                _(
                    "Backups of all data are deleted after %(days)s at the latest.",
                    days=days_words(rules.privacy.backup_days),
                ),
                _(
                    "You may see what is kept of you, get a copy, and have it erased: ask at the "
                    "office with your ID card."
                ),
            ],
        ),
    ]
