"""The earliest time of one service at each office, for whoever may go to any of them, alone or with
others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.services.booking import earliest
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, list_offices, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.words.refusals import bad_input_words

from .offices import pages, service_names


@dataclass(frozen=True)
class EarliestRow:
    """An office and the first free time on its own clock, with the slot's name; None where nothing
    is free.
    """

    office: Office
    starts_at: datetime | None
    slot: str | None


@pages.get("/earliest")
@public
def earliest_times() -> str | tuple[str, int]:
    """Choose a service and how many come, and see each office's first free time for so many."""
    offices = list_offices()
    names = service_names(offices)
    largest = max((office.largest_party for office in offices), default=1)
    code, typed = request.args.get("service", ""), request.args.get("party", "1")
    party = int(typed) if re.fullmatch("[0-9]{1,3}", typed) else 0

    def show(rows: Sequence[EarliestRow], errors: Errors) -> str:
        return render_template(
            "citizen/earliest.html",
            services=names,
            chosen=code if code in names else None,
            rows=rows,
            errors=errors,
            largest=largest,
            party=party if 1 <= party <= largest else 1,
        )

    errors = {}
    if "service" in request.args and code not in names:
        errors["service"] = bad_input_words("service", "missing")
    if not 1 <= party <= largest:
        errors["party"] = bad_input_words("party_size", "range")
    if errors:
        return show([], errors), 422
    if code not in names:
        return show([], {})
    try:
        with context().database.read() as connection:
            times = earliest.list_earliest(connection, offices, code, party, now())
    except BadInput as refused:
        # Other services are had by larger parties.
        return show([], {"party": bad_input_words("party_size", str(refused.facts["reason"]))}), 422
    return show(
        [
            EarliestRow(
                each.office,
                each.office.local(each.slot.starts_at) if each.slot else None,
                each.slot.id if each.slot else None,
            )
            for each in times
        ],
        {},
    )
