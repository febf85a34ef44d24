"""Managers' forms of hours: the week, a season, one date, a year's holidays; values kept as typed,
a sentence for each field, the change they ask for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Annotated, Literal

from pydantic import StringConstraints

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import HoursChange
from queue_server.domain.office.hours import DayHours, Opening, Season, admit_stretches
from queue_server.domain.office.office import Office
from queue_server.services.office.holidays import import_holidays
from queue_server.web.edge.bodies.kinds import Day
from queue_server.web.edge.bodies.office import HolidaysBody
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import read_form
from queue_server.web.edge.locale import gettext as _

from .change_forms import FormClock, ManagersForm, Name, Typed, one_line

LEAST_STRETCHES = 2
"""A day's form has room for this many stretches, with a break between them, or for as many as the
day has now and one more.
"""

MOST_STRETCHES = 6


class StretchForm(ManagersForm):
    """One stretch of opening time."""

    opens: FormClock
    closes: FormClock


class SeasonName(ManagersForm):
    """What a season is called."""

    name: Annotated[Name, StringConstraints(min_length=1)]


class SeasonDates(ManagersForm):
    """From when until when a season is."""

    first: Day
    last: Day


class DayForm(ManagersForm):
    """How the office is open on one date, and why."""

    date: Day
    open: Literal["closed", "own", "usual"]
    reason_id: Name
    reason_en: Name


def write_stretches(prefix: str, stretches: Sequence[tuple[time, time]]) -> Typed:
    """The fields of one day's form that show these stretches."""
    typed = {}
    for index, (opens, closes) in enumerate(sorted(stretches)):
        typed[f"{prefix}_{index}_from"], typed[f"{prefix}_{index}_to"] = (
            f"{opens:%H:%M}",
            f"{closes:%H:%M}",
        )
    return typed


def count_stretches(typed: Mapping[str, str], prefixes: Sequence[str]) -> int:
    """How many stretches a form must have room for."""
    used = [
        index + 1
        for prefix in prefixes
        for index in range(MOST_STRETCHES)
        if typed.get(f"{prefix}_{index}_from")
    ]
    return max(LEAST_STRETCHES, *used) if used else LEAST_STRETCHES


def read_stretches(
    typed: Mapping[str, str], prefix: str, errors: Errors
) -> tuple[tuple[time, time], ...]:
    """One day's stretches; what is wrong with a field is added to `errors`. Empty pairs are left
    out.
    """
    stretches: list[tuple[time, time]] = []
    for index in range(MOST_STRETCHES):
        names = {"opens": f"{prefix}_{index}_from", "closes": f"{prefix}_{index}_to"}
        texts = {field: typed.get(name, "").strip() for field, name in names.items()}
        if not any(texts.values()):
            continue
        stretch, wrong = read_form(
            StretchForm, texts, lambda *_why: _("Enter a time such as 08.00")
        )
        errors |= {names[field]: sentence for field, sentence in wrong.items()}
        if stretch is None:
            continue
        if stretch.opens >= stretch.closes:
            errors[names["closes"]] = _("Closing must be later than opening")
        else:
            stretches.append((stretch.opens, stretch.closes))
    try:
        admit_stretches(stretches)
    except BadInput:
        errors[f"{prefix}_0_from"] = _(
            "The times of this day overlap. Please check where one ends and the next begins"
        )
    return tuple(stretches)


def _say_clock(_field: str, _reason: str) -> str:
    return _("Enter a time such as 08.00")


def write_week(prefix: str, openings: Sequence[Opening]) -> Typed:
    """The fields of a week's form that show these openings."""
    typed: Typed = {}
    for weekday in range(7):
        typed |= write_stretches(
            f"{prefix}{weekday}",
            [(each.opens, each.closes) for each in openings if each.weekday == weekday],
        )
    return typed


def read_week(typed: Mapping[str, str], prefix: str, errors: Errors) -> tuple[Opening, ...]:
    """A week's openings."""
    return tuple(
        Opening(weekday, opens, closes)
        for weekday in range(7)
        for opens, closes in read_stretches(typed, f"{prefix}{weekday}", errors)
    )


def read_week_form(office: Office, typed: Typed) -> tuple[HoursChange | None, Errors]:
    """The change to the weekly template."""
    errors: Errors = {}
    week = read_week(typed, "w", errors)
    return (None, errors) if errors else (HoursChange(week=week), {})


def write_season(season: Season) -> Typed:
    """The form of a season as it is."""
    names = {
        "season": season.first.isoformat(),
        "name": season.name,
        "first": season.first.isoformat(),
        "last": season.last.isoformat(),
    }
    return names | write_week("w", season.openings)


def read_season_form(office: Office, typed: Typed) -> tuple[HoursChange | None, Errors]:
    """The change to the seasons: one more, or one in place of that which began on the date in the
    field `season`.
    """
    called, errors = read_form(SeasonName, {"name": one_line(typed, "name")}, _say)
    texts = {field: typed.get(field, "").strip() for field in ("first", "last")}
    dates, wrong = read_form(SeasonDates, texts, _say)
    others = [
        each for each in office.hours.seasons if each.first.isoformat() != typed.get("season")
    ]
    errors |= wrong if dates is None else _check_dates(dates, others)
    openings = read_week(typed, "w", errors)
    if errors or called is None or dates is None:
        return None, errors
    season = Season(called.name, dates.first, dates.last, openings)
    return HoursChange(seasons=tuple(sorted([*others, season], key=lambda each: each.first))), {}


def _check_dates(dates: SeasonDates, others: Sequence[Season]) -> Errors:
    if dates.first > dates.last:
        return {"last": _("The last day must not be before the first")}
    for each in others:
        if each.first <= dates.last and dates.first <= each.last:
            return {"first": _("These dates overlap with the season “%(name)s”", name=each.name)}
    return {}


def _say(field: str, reason: str) -> str:
    if reason.endswith("too_short"):
        return _("Enter what this season is called, for example Ramadan")
    return _("Enter a shorter name") if field == "name" else _("Enter a date")


def read_season_removal(office: Office, typed: Typed) -> tuple[HoursChange | None, Errors]:
    """The change that takes a season away."""
    left = tuple(
        each for each in office.hours.seasons if each.first.isoformat() != typed.get("season")
    )
    if len(left) == len(office.hours.seasons):
        return None, {"": _("This season does not exist (any more).")}
    return HoursChange(seasons=left), {}


def write_day(office: Office, day: date) -> Typed:
    """The form of one date as it is now."""
    own = office.hours.days.get(day)
    typed = {
        "date": day.isoformat(),
        "open": "usual" if own is None else "own" if own.openings else "closed",
    }
    if own is not None:
        typed |= {"reason_id": own.reason.get("id", ""), "reason_en": own.reason.get("en", "")}
    stretches = (
        own.openings
        if own is not None
        else tuple((each.opens, each.closes) for each in office.hours.usual_on(day))
    )
    return typed | write_stretches("d", stretches)


def read_day_form(office: Office, typed: Typed) -> tuple[HoursChange | None, Errors]:
    """The change to one date: closed, hours of its own, or open as usual even where the calendar
    has a holiday.
    """
    reasons = {name: one_line(typed, name) for name in ("reason_id", "reason_en")}
    texts = {"date": typed.get("date", "").strip(), "open": typed.get("open", "")}
    form, errors = read_form(DayForm, texts | reasons, _say_day)
    is_own = typed.get("open") == "own"
    stretches = read_stretches(typed, "d", errors) if is_own else ()
    if is_own and not stretches and not errors:
        errors["d_0_from"] = _("Enter the opening hours of this day, or choose “Closed”")
    if errors or form is None:
        return None, errors
    day, both = form.date, {"id": form.reason_id, "en": form.reason_en}
    words = {language: text for language, text in both.items() if text}
    if form.open == "usual":
        # Said by the office for a date of the calendar, so that taking the holidays over again does
        # not close it.
        usual = tuple((each.opens, each.closes) for each in office.hours.usual_on(day))
        return HoursChange(
            days={day: DayHours(usual, words) if day in office.hours.days and usual else None}
        ), {}
    return HoursChange(days={day: DayHours(stretches, words)}), {}


def _say_day(field: str, _reason: str) -> str:
    return {"date": _("Enter a date"), "open": _("Choose how the office is open on this day")}.get(
        field
    ) or _("Enter a shorter reason")


def read_holidays(office: Office, typed: Typed) -> tuple[HoursChange | None, Errors]:
    """The change that takes over a year's holidays."""
    body, errors = read_form(
        HolidaysBody, {"year": typed.get("year", "")}, lambda *_why: _("Choose a year")
    )
    try:
        return (None, errors) if body is None else (import_holidays(office, body.year), {})
    except BadInput as refused:
        no_calendar = refused.facts.get("reason") == "no_calendar"
        return None, {
            "year": _("There is no calendar of holidays for this office's country")
            if no_calendar
            else _("Choose a year")
        }
