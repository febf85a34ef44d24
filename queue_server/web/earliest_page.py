"""The earliest time of one service at each office, for whoever may go to any of them."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request

from ..domain.office import Office
from ..services import earliest
from .auth import public
from .context import context, now
from .public import list_offices, pages, service_names
from .wording import bad_input_words


@dataclass(frozen=True)
class EarliestRow:
    """An office and the first free time on its own clock, with the slot's name; None where nothing is free."""

    office: Office
    starts_at: datetime | None
    slot: str | None


@pages.get("/earliest")
@public
def earliest_times() -> str | tuple[str, int]:
    """Choose a service, and see each office's first free time."""
    offices = list_offices()
    names = service_names(offices)
    code = request.args.get("service", "")
    if code not in names:
        errors = {"service": bad_input_words("service", "missing")} if "service" in request.args else {}
        return render_template("earliest.html", services=names, chosen=None, rows=[], errors=errors), 422 if errors else 200
    with context().database.read() as connection:
        found = earliest.list_earliest(connection, offices, code, 1, now())
    rows = [
        EarliestRow(each.office, each.office.local(each.slot.starts_at) if each.slot else None, each.slot.id if each.slot else None)
        for each in found
    ]
    return render_template("earliest.html", services=names, chosen=code, rows=rows, errors={})
