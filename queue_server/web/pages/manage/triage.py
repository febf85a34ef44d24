"""Managers' page on the triage: what was advised, and how many came anyway. Numbers only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office, Words
from queue_server.domain.triage.counting import RETURN_DAYS, Asker
from queue_server.domain.triage.script import DIVERTING, Outcome
from queue_server.services.shown import service_of
from queue_server.services.triage.counting import list_figures
from queue_server.store.triage.counts import AdviceCount
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.words.triage import anyway_words, outcome_words

from .hours import changes

STRETCHES_DAYS = (7, 28, 90)
"""How many days up to today can be looked at."""


@dataclass(frozen=True)
class AdviceRow:
    """What was advised for a service: how often, on the pages and by devices or staff.

    `overridden` and `returned` are None where coming is what was advised. `returned_percent` is of
    those advised on the pages, whose browsers can be counted.
    """

    service: Words
    outcome: str
    on_pages: int
    in_office: int
    overridden: int | None
    returned: int | None
    returned_percent: int | None


def list_rows(office: Office, counts: Iterable[AdviceCount]) -> list[AdviceRow]:
    """The numbers of all askers side by side, in the office's order of services."""
    known: dict[tuple[str, Outcome], dict[Asker, AdviceCount]] = {}
    for each in counts:
        known.setdefault((each.service, each.outcome), {})[each.asker] = each
    order = [each.code for each in office.services]
    shown = list(outcome_words())

    def rank(key: tuple[str, Outcome]) -> tuple[int, str, int]:
        service, outcome = key
        return (
            order.index(service) if service in order else len(order),
            service,
            shown.index(outcome),
        )

    return [_make_row(office, key, known[key]) for key in sorted(known, key=rank)]


def _make_row(
    office: Office, key: tuple[str, Outcome], by_asker: dict[Asker, AdviceCount]
) -> AdviceRow:
    service, outcome = key
    visitors = by_asker.get(Asker.VISITOR)
    on_pages = visitors.advised if visitors else 0
    returned = visitors.returned if visitors else 0
    diverting = outcome in DIVERTING
    return AdviceRow(
        service_of(office, service).name,
        outcome_words()[outcome],
        on_pages,
        sum(each.advised for asker, each in by_asker.items() if asker is not Asker.VISITOR),
        (visitors.overridden if visitors else 0) if outcome is not Outcome.VISIT else None,
        returned if diverting else None,
        round(100 * returned / on_pages) if diverting and on_pages else None,
    )


@changes.get("/triage")
@office_page(MANAGERS)
def triage(office: Office, who: Principal) -> ResponseReturnValue:
    """What was advised in the last days."""
    days = request.args.get("days", 28, type=int)
    days = days if days in STRETCHES_DAYS else 28
    last = office.date_at(now())
    first = last - timedelta(days=days - 1)
    with context().database.read() as connection:
        figures = list_figures(connection, office.code, first, last)
    reasons = anyway_words()
    return render_template(
        "manage/triage.html",
        office=office,
        errors={},
        rows=list_rows(office, figures.counts),
        served=[
            (service_of(office, each.service).name, reasons[each.reason.value], each.visits)
            for each in figures.served_anyway
        ],
        days=days,
        stretches=STRETCHES_DAYS,
        first=first,
        last=last,
        return_days=RETURN_DAYS,
    )
