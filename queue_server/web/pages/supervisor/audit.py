"""The page of manual actions: what was done by hand, by kind, sought and paged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from queue_server.domain.audit.acts import SHOWN_KINDS, ActKind
from queue_server.domain.office.office import Office
from queue_server.services.counter.overrides import (
    PAGE,
    DayCalls,
    count_acts,
    page_acts,
    work_out_calls,
)
from queue_server.services.visit.looking import count_looks
from queue_server.store.audit import acts as act_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import READERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.words.log.kinds import kind_words

from .audit_asking import Asked, read_asked, write_mark
from .audit_rows import ActRow, Known, find_known, show_act
from .look_words import often_words
from .page import supervise

FIRST_OF_KIND = 10
"""How many acts of each kind stand on the page of all kinds."""
SEEN_FIRST = (ActKind.CALLS, ActKind.TAKEN_BACK, ActKind.COUNT, ActKind.STOPS)
"""The kinds that are open on a page too long to read as a whole."""
FORMATS = ("csv", "xlsx")


@dataclass(frozen=True)
class Group:
    """Acts of one kind: how many there are, and those that the page shows. `older` is where the
    following page begins.
    """

    kind: ActKind
    title: str
    number: int
    rows: Sequence[ActRow]
    older: str | None
    is_open: bool


@supervise.get("/audit")
@office_page(READERS)
def audit(office: Office, who: Principal) -> ResponseReturnValue:
    """What was overridden, undone, corrected, stopped, changed or looked at, by whom and why."""
    known, today = find_known(office, who), office.date_at(now())
    asked = read_asked(request.args, today, known.doers, known.locations)
    with context().database.read() as connection:
        calls = work_out_calls(connection, office, asked.sought)
        groups = _find_groups(connection, asked, known, calls)
        first_day = act_store.find_first_day(connection, office.code)
        link = act_store.find_last_link(connection, office.code)
        looks = _find_looks(connection, asked, known)
    return render_template(
        "supervisor/audit.html",
        office=office,
        asked=asked,
        errors=asked.errors,
        groups=groups,
        lookers=looks,
        total=sum(each.number for each in groups),
        is_proven=calls is not None and calls.sound and not asked.is_narrow,
        is_unsound=calls is not None and not calls.sound,
        is_in_order=calls is not None and all(each.in_order for each in calls.by_hand.values()),
        out_of_order=0
        if calls is None
        else sum(not each.in_order for each in calls.by_hand.values()),
        kinds=kind_words(),
        known=known,
        first_day=min(first_day or today, today),
        today=today,
        earlier=asked.beside(today, later=False),
        later=asked.beside(today, later=True),
        link=link,
        formats=FORMATS,
    )


def _find_looks(connection: Connection, asked: Asked, known: Known) -> list[tuple[str, str, bool]]:
    """Who has looked at visitors on the one day that is shown, how often, and whether that stands
    out.
    """
    sought = asked.sought
    if asked.is_narrow or not sought.is_one_day:
        return []
    return [
        (known.people.get(each.by, each.by), often_words(each), each.stands_out)
        for each in count_looks(connection, known.office.code, sought.first)
    ]


def _find_groups(
    connection: Connection, asked: Asked, known: Known, calls: DayCalls | None
) -> list[Group]:
    """All kinds of which there are acts, each with its newest; or a page of the one kind that is
    looked for.
    """
    sought, words = asked.sought, kind_words()
    counts = count_acts(connection, known.office, sought, calls)
    is_short = sum(counts.values()) <= PAGE
    groups = []
    for kind in SHOWN_KINDS:
        if not counts[kind]:
            continue
        own, most = replace(sought, kinds=(kind,)), PAGE if asked.kind else FIRST_OF_KIND
        before = asked.before if asked.kind else None
        acts, older = page_acts(connection, known.office, own, calls, most, before)
        groups.append(
            Group(
                kind,
                words[kind],
                counts[kind],
                [show_act(each, known) for each in acts],
                write_mark(older) if older else None,
                is_short or kind in SEEN_FIRST,
            )
        )
    return groups
