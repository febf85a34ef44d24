"""Which acts the page of manual actions is asked for: read from its address, and written into the
addresses that lead on from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from queue_server.domain.audit.acts import DAYS_MAX, SHOWN_KINDS, ActKind, SoughtActs, admit_dates
from queue_server.domain.errors import BadInput
from queue_server.domain.reports.period import YEARS
from queue_server.store.audit.acts import LogMark
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _

NUMBER = re.compile(r"[0-9A-Z\-]{1,8}")
_MARK = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,9})")
_FIELDS = ("kind", "person", "where", "number")


@dataclass(frozen=True)
class Asked:
    """What is looked for, with what was typed. `errors`: what cannot be, and is left out.
    `before`: where the page begins.
    """

    sought: SoughtActs
    typed: Mapping[str, str]
    errors: Errors = field(default_factory=dict)
    before: LogMark | None = None

    @property
    def kind(self) -> ActKind | None:
        """The one kind that is looked for; None for all."""
        return self.sought.kinds[0] if len(self.sought.kinds) == 1 else None

    @property
    def is_narrow(self) -> bool:
        """Whether more than the dates was asked for."""
        return any(self.typed[name] for name in _FIELDS)

    def address(self, **other: str) -> dict[str, str]:
        """The parameters that ask for the same, but for `other`; empty ones are left out."""
        dates = {"from": self.sought.first.isoformat(), "to": self.sought.last.isoformat()}
        wish = {**dates, **{name: self.typed[name] for name in _FIELDS}, **other}
        return {name: value for name, value in wish.items() if value}

    def beside(self, today: date, *, later: bool) -> dict[str, str] | None:
        """The same of as many days before or after; None where there are none."""
        days = (self.sought.last - self.sought.first) + timedelta(days=1)
        if later and self.sought.last >= today:
            return None
        first = self.sought.first + (days if later else -days)
        last = self.sought.last + (days if later else -days)
        if first.year not in YEARS or last.year not in YEARS:
            return None
        return self.address(**{"from": first.isoformat(), "to": last.isoformat()})


def read_asked(
    given: Mapping[str, str], today: date, people: Mapping[str, str], locations: Mapping[str, str]
) -> Asked:
    """What an address asks for; without dates, of today. `people` and `locations` are those
    that can be chosen, by what stands for them.
    """
    errors: Errors = {}
    first, last = _read_dates(given, today, errors)
    typed = {name: given.get(name, "").strip() for name in _FIELDS}
    kind = next((each for each in SHOWN_KINDS if each == typed["kind"]), None)
    known = {"kind": kind is not None, "person": typed["person"] in people}
    known["where"] = typed["where"] in locations
    for name, is_known in known.items():
        if typed[name] and not is_known:
            errors[name] = _("Choose one from the list")
    typed["number"] = typed["number"].upper().replace(" ", "")
    if typed["number"] and not NUMBER.fullmatch(typed["number"]):
        errors["number"] = _("A number is letters and digits, such as A012")
    typed |= dict.fromkeys(errors.keys() & set(_FIELDS), "")
    what, _colon, id = typed["where"].partition(":")
    sought = SoughtActs(
        first,
        last,
        SHOWN_KINDS if kind is None else (kind,),
        typed["person"] or None,
        id if what == "counter" else None,
        id if what == "device" else None,
        typed["number"] or None,
    )
    return Asked(sought, typed, errors, _read_mark(given.get("before", "")))


def _read_dates(given: Mapping[str, str], today: date, errors: Errors) -> tuple[date, date]:
    """From which date to which; a single `date` is both, as in older addresses."""
    one = given.get("date", "")
    ends: list[date] = []
    for name in ("from", "to"):
        text = (given.get(name, "") or one).strip()
        day = _read_date(text) if text else today
        if day is None:
            errors[name] = _("Enter a date")
        else:
            ends.append(day)
    if len(ends) < 2:
        return today, today
    try:
        admit_dates(*ends)
    except BadInput as refused:
        errors["to"] = (
            _("The last date must not be before the first")
            if refused.facts["reason"] == "order"
            else _("Choose at most %(num)s days", num=DAYS_MAX)
        )
        return ends[1], ends[1]
    return ends[0], ends[1]


def _read_date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _read_mark(text: str) -> LogMark | None:
    """Where a page begins; what is none begins with the newest."""
    parts = _MARK.fullmatch(text)
    day = None if parts is None else _read_date(parts[1])
    return None if parts is None or day is None else (day, int(parts[2]))


def write_mark(mark: LogMark) -> str:
    """A mark as an address has it."""
    return f"{mark[0].isoformat()}.{mark[1]}"
