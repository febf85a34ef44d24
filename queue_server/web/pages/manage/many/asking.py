"""What a change for many offices may be, and what its form means in each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from queue_server.domain.office.changes import Change, Together
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.province.changes import keep_mode, limit_people, limit_share
from queue_server.services.places.ticket_ids import draw
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.manage.change_forms import Typed, read_count
from queue_server.web.pages.manage.hours_forms import read_day_form
from queue_server.web.pages.manage.limit_form import read_limit_form, write_limit
from queue_server.web.pages.manage.mode_form import read_mode_form


class Kind(StrEnum):
    """What is changed in every office."""

    MODE = "mode"
    NOTICE = "notice"
    DAY = "day"
    LIMIT = "limit"
    TOGETHER = "together"


PARTS = (Kind.MODE, Kind.DAY, Kind.LIMIT)
"""What may be changed together; the notice comes with the mode."""


Reader = Callable[[Office, Typed, datetime], tuple[Change | None, Errors]]


@dataclass(frozen=True)
class Asked:
    """What a form asks for in each office, by code, and where it makes no sense: a sentence for
    each field.
    """

    changes: Mapping[str, Change]
    errors: Mapping[str, Errors]


def kind_words() -> dict[Kind, str]:
    """What each kind of change is called."""
    return {
        Kind.MODE: _("Service mode"),
        Kind.NOTICE: _("Public notice"),
        Kind.DAY: _("Hours of one day"),
        Kind.LIMIT: _("People inside at most"),
        Kind.TOGETHER: _("Several of these at once"),
    }


def read_change(kind: Kind, offices: list[Office], typed: Typed, now: datetime) -> Asked:
    """The change for each office. Dates and times are meant on each office's own clock."""
    changes: dict[str, Change] = {}
    errors: dict[str, Errors] = {}
    for office in offices:
        change, wrong = _READERS[kind](office, typed, now)
        if change is None:
            errors[office.code] = wrong
        else:
            changes[office.code] = change
    return Asked(changes, errors)


def _read_mode(office: Office, typed: Typed, now: datetime) -> tuple[Change | None, Errors]:
    # Services differ from office to office: a decision for many is about the whole of each.
    return read_mode_form(office, {**typed, "service": ""}, draw().id, now)


def _read_notice(office: Office, typed: Typed, now: datetime) -> tuple[Change | None, Errors]:
    """What rules now goes on, with another notice: a notice that ends earlier gives way to what was
    said before.
    """
    about = {name: typed.get(name, "") for name in ("notice_id", "notice_en", "ends_date")}
    normal = {"mode": ServiceMode.NORMAL.value, **about}
    decision, errors = read_mode_form(office, normal, draw().id, now)
    if decision is None:
        return None, errors
    if not decision.period.notice:
        return None, {"notice_id": _("Write the notice, in Indonesian at least")}
    return keep_mode(office, decision.period, now), {}


def _read_day(office: Office, typed: Typed, now: datetime) -> tuple[Change | None, Errors]:
    return read_day_form(office, typed)


def _read_limit(office: Office, typed: Typed, now: datetime) -> tuple[Change | None, Errors]:
    """A number of persons for every office, or a share of what each lets in now, rounded down; the
    shares of its places stay as they are.
    """
    if typed.get("limit_as") == "percent":
        percent = read_count(typed.get("percent", ""))
        if percent is None or not 1 <= percent <= 100:
            return None, {"percent": _("Enter a whole number from 1 to 100")}
        if office.people_limit is None:
            return None, {"percent": _("This office has no limit to take a share of.")}
        return limit_share(office, percent), {}
    if typed.get("limit_as") != "number":
        return None, {"limit_as": _("Choose how the limit is set")}
    limit = typed.get("people_limit", "").strip()
    if not limit:
        return None, {"people_limit": _("Enter a whole number from 1 on")}
    change, errors = read_limit_form(office, {**write_limit(office), "people_limit": limit})
    if change is None or change.people_limit is None:
        return None, errors
    # The form rounds shares to what a page shows; what nobody meant to change stays exact.
    return limit_people(office, change.people_limit), {}


def _read_together(office: Office, typed: Typed, now: datetime) -> tuple[Change | None, Errors]:
    changes: list[Change] = []
    errors: Errors = {}
    for part in PARTS:
        if typed.get(f"part_{part.value}") == "yes":
            change, wrong = _READERS[part](office, typed, now)
            errors |= wrong
            changes += [] if change is None else [change]
    if not changes and not errors:
        errors["part"] = _("Tick at least one thing that shall change")
    return (None, errors) if errors else (Together(tuple(changes)), {})


_READERS: Mapping[Kind, Reader] = {
    Kind.MODE: _read_mode,
    Kind.NOTICE: _read_notice,
    Kind.DAY: _read_day,
    Kind.LIMIT: _read_limit,
    Kind.TOGETHER: _read_together,
}
