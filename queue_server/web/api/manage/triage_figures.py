"""What managers learn of the triage: numbers, and nobody behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from queue_server.domain import errors
from queue_server.services.triage.counting import list_figures
from queue_server.store.triage.counts import AdviceCount, ServedAnyway
from queue_server.web.api.operations import operation
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.office import TriageFiguresQuery
from queue_server.web.edge.context import context, find_office, now


@dataclass(frozen=True)
class TriageFigures:
    """The numbers of an office from `first_date` to `last_date`, both included."""

    office: str
    first_date: str
    last_date: str
    advised: tuple[AdviceCount, ...]
    served_anyway: tuple[ServedAnyway, ...]


@operation(
    "GET",
    "/offices/{office}/triage/figures",
    access=MANAGERS,
    tag="staff",
    query=TriageFiguresQuery,
    answers={200: TriageFigures},
    refusals=[errors.UnknownOffice],
)
def show_triage_figures(office: str, query: TriageFiguresQuery) -> TriageFigures:
    """Show how often what was advised, how often visitors came anyway, and why staff served
    somebody anyway, up to today.
    """
    admit_office(office)
    the_office = find_office(office)
    last = the_office.date_at(now())
    first = last - timedelta(days=query.days - 1)
    with context().database.read() as connection:
        figures = list_figures(connection, the_office.code, first, last)
    return TriageFigures(
        the_office.code, first.isoformat(), last.isoformat(), figures.counts, figures.served_anyway
    )
