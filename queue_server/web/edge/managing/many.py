"""What the page and the API of one change for many offices share."""

from __future__ import annotations

import time
from collections.abc import Mapping

import structlog

from queue_server.causes import name_cause
from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import Office
from queue_server.services import upkeep
from queue_server.services.province.many import OfficeTrial, Outcome, try_change
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.context import context, list_offices, now
from queue_server.web.edge.long_work.zone_plans import find_limit

log = structlog.get_logger()

PLANNED_AT_ONCE = 8
"""Offices whose places are made anew before the answer, at a second each; upkeep does the others
within half a minute, and nobody waits for it.
"""


def offices_of(who: Principal) -> list[Office]:
    """The offices that somebody may see, by code."""
    return [each for each in list_offices() if who.may_work_in(each.code)]


def try_in_each(changes: Mapping[str, Change]) -> list[OfficeTrial]:
    """The dry run in each office, by code, as it is at this moment."""
    moment, trials = now(), []
    for code, change in changes.items():
        with context().database.read() as connection:
            present = context().database.offices.get(connection, code)
            trials.append(try_change(connection, present, change, moment, find_limit))
        time.sleep(0)  # others are answered between two offices
    return trials


def plan_changed(outcomes: Mapping[str, Outcome]) -> None:
    """Make the places of the first changed offices anew. The change holds without it: a fault in
    one office must not hide what became of the others.
    """
    changed = [code for code, outcome in outcomes.items() if outcome is True]
    for code in changed[:PLANNED_AT_ONCE]:
        try:
            upkeep.plan_office(context().database, code, now())
        except Exception as error:
            log.error("places_left_to_upkeep", office=code, **name_cause(error))
