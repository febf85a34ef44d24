"""Managers' page on cancelled visits: how many, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.store.booking import cancellations
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.cancelling import cancel_reason_words

from .hours import changes

LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class ReasonRow:
    """How many visits were cancelled for a reason, and which part of all that is, per cent."""

    words: str
    many: int
    share: int


@changes.get("/cancelled")
@office_page(MANAGERS)
def cancelled(office: Office, who: Principal) -> ResponseReturnValue:
    """Cancelled visits by reason; those whom the office cancelled stand apart."""
    since = now() - LOOK_BACK
    with context().database.read() as connection:
        counted = cancellations.count_by_reason(
            connection, office.code, office.date_at(since), since
        )
    return render_template(
        "manage/cancelled.html",
        office=office,
        rows=list_reasons(counted),
        total=sum(counted.values()),
        days=LOOK_BACK.days,
    )


def list_reasons(counted: dict[tuple[str | None, bool], int]) -> list[ReasonRow]:
    """A row for each reason that a visitor can give, the most frequent first; then those without
    one, and those whom the office cancelled.
    """
    words = cancel_reason_words()
    total = sum(counted.values())
    given = {
        code: sum(many for (reason, _own), many in counted.items() if reason == code)
        for code in words
    }
    rows = [(words[code], given[code]) for code in sorted(words, key=lambda code: -given[code])]
    unsaid = counted.get((None, True), 0)
    rows += [
        (_("No reason given"), unsaid),
        (_("Cancelled by the office"), total - sum(given.values()) - unsaid),
    ]
    return [ReasonRow(name, many, round(100 * many / max(1, total))) for name, many in rows]
