"""The earliest time of one service at each office, for whoever may go to any of them, alone or with
others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from flask import render_template, request
from pydantic import AfterValidator, BaseModel, Strict, ValidationInfo

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.services.booking import earliest
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, list_offices, now
from queue_server.web.edge.forms.booking import read_people
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.reading import Refused, read_form
from queue_server.web.edge.shared.freshness import offices_version
from queue_server.web.edge.shared.pages import shared_page
from queue_server.web.pages.citizen.blueprint import pages

from .services import service_names, visit_url


@dataclass(frozen=True)
class EarliestRow:
    """An office, the first free time on its own clock (None where nothing is free), and where
    whoever wants to come there goes on.
    """

    office: Office
    starts_at: datetime | None
    visit_url: str


@dataclass(frozen=True)
class Choices:
    """The services that can be chosen, and how many may come to any office."""

    services: Collection[str]
    largest: int


def _admit_service(code: str, info: ValidationInfo) -> str:
    if code not in cast(Choices, info.context).services:
        raise Refused("missing")
    return code


def _admit_party(people: int, info: ValidationInfo) -> int:
    if not 1 <= people <= cast(Choices, info.context).largest:
        raise Refused("range")
    return people


class EarliestForm(BaseModel):
    """For which service, once one is chosen, and for how many persons."""

    service: Annotated[str, AfterValidator(_admit_service)] | None = None
    party: Annotated[int, Strict(), AfterValidator(_admit_party)]


def _say(field: str, _reason: str) -> str:
    if field == "service":
        return bad_input_words("service", "missing")
    return bad_input_words("party_size", "range")


@pages.get("/earliest")
@public
@shared_page(offices_version, frozenset({"service", "party"}))
def earliest_times() -> str | tuple[str, int]:
    """Choose a service and how many come, and see each office's first free time for so many."""
    offices = list_offices()
    names = service_names(offices)
    largest = max((office.largest_party for office in offices), default=1)
    code, typed = request.args.get("service", ""), request.args.get("party", "1")
    given = {"party": typed} | ({"service": code} if "service" in request.args else {})
    _query, wrong = read_form(EarliestForm, given, _say, about=Choices(names, largest))
    party = 1 if "party" in wrong else read_people(typed)

    def show(rows: Sequence[EarliestRow], errors: Errors) -> str:
        return render_template(
            "citizen/choosing/earliest.html",
            services=names,
            chosen=code if code in names else None,
            rows=rows,
            errors=errors,
            largest=largest,
            party=party,
        )

    if wrong:
        return show([], wrong), 422
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
                visit_url(each.office, code, party),
            )
            for each in times
        ],
        {},
    )
