"""Managers' pages on hours: the week, seasons, single days, holidays of a year; and the overview of
everything managed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.hours import Source
from queue_server.domain.office.office import Office
from queue_server.services.office.rooms import find_exceeded
from queue_server.store.booking.stranded import count_stranded
from queue_server.store.messages import by_hand
from queue_server.store.room import zones as zone_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import OVERSEERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.zone_plans import find_limit
from queue_server.web.edge.words.opening import list_hours, stretch_words
from queue_server.web.edge.words.rooms import above_room_words

from .change_forms import Typed
from .dry_run import Page, answer_change, done_url, done_words
from .hours_forms import (
    count_stretches,
    read_day_form,
    read_holidays,
    read_season_form,
    read_season_removal,
    read_week_form,
    write_day,
    write_season,
    write_week,
)

changes = Blueprint("changes", __name__, url_prefix="/manage")

YEARS_AHEAD = 2


@changes.get("")
@office_page(OVERSEERS)
def overview(office: Office, who: Principal) -> ResponseReturnValue:
    """Everything a manager sets, with what waits for somebody."""
    with context().database.read() as connection:
        stranded = count_stranded(connection, office.code)
        to_tell = by_hand.count_to_tell(connection, office.code)
        room = zone_store.load(connection, office.code)
    room_limit = find_exceeded(room, office.people_limit, find_limit)
    above_room = None if room_limit is None else above_room_words(room_limit, office.people_limit)
    return render_template(
        "manage/overview.html",
        office=office,
        stranded=stranded,
        to_tell=to_tell,
        above_room=above_room,
    )


@dataclass(frozen=True)
class DayRow:
    """A date with hours of its own, in words."""

    date: date
    stretches: tuple[str, ...]
    reason: Any
    holiday: bool


@changes.get("/hours")
@office_page(OVERSEERS)
def hours(office: Office, who: Principal) -> ResponseReturnValue:
    """All hours of the office."""
    return show_hours(office, {}, {})


def show_hours(office: Office, typed: Typed, errors: Errors) -> str:
    """The week, the seasons and the coming days with hours of their own."""
    today = office.date_at(now())
    days = [
        DayRow(day, stretch_words(own.openings), own.reason, own.source is Source.HOLIDAY)
        for day, own in sorted(office.hours.days.items())
        if day >= today
    ]
    years = range(today.year, today.year + YEARS_AHEAD)
    return render_template(
        "manage/hours.html",
        office=office,
        week=list_hours(office.hours.week, today),
        seasons=office.hours.seasons,
        days=days,
        today=today,
        years=years,
        year=typed.get("year", str(years[0])),
        errors=errors,
        done=None if errors else done_words(office),
    )


def _week_rows(typed: Typed, prefixes: Sequence[str]) -> dict[str, Any]:
    """What the fields of stretches need: the prefix of each row, and how many stretches have
    room.
    """
    return {"prefixes": prefixes, "stretches": count_stretches(typed, prefixes)}


_WEEK = tuple(f"w{weekday}" for weekday in range(7))


def _week_page(office: Office) -> Page:
    return Page(
        "week",
        _("Weekly hours"),
        read_week_form,
        show_week,
        url_for("changes.save_week"),
        done_url("changes.hours", office),
    )


def show_week(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of the weekly template."""
    return render_template(
        "manage/week.html", office=office, values=typed, errors=errors, **_week_rows(typed, _WEEK)
    )


@changes.get("/hours/week")
@office_page(OVERSEERS)
def week(office: Office, who: Principal) -> ResponseReturnValue:
    """The weekly template as it is."""
    return show_week(office, write_week("w", office.hours.week), {})


@changes.post("/hours/week")
@office_page(OVERSEERS)
def save_week(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply a new weekly template."""
    return answer_change(office, who, _week_page(office))


def show_season(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of one season."""
    return render_template(
        "manage/season.html", office=office, values=typed, errors=errors, **_week_rows(typed, _WEEK)
    )


@changes.get("/hours/season")
@office_page(OVERSEERS)
def season(office: Office, who: Principal) -> ResponseReturnValue:
    """A season as it is, or the form of a new one that starts from the weekly hours."""
    known = next(
        (
            each
            for each in office.hours.seasons
            if each.first.isoformat() == request.args.get("first")
        ),
        None,
    )
    return show_season(
        office, write_week("w", office.hours.week) if known is None else write_season(known), {}
    )


@changes.post("/hours/season")
@office_page(OVERSEERS)
def save_season(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply a season."""
    done = done_url("changes.hours", office)
    return answer_change(
        office,
        who,
        Page(
            "season",
            _("Season"),
            read_season_form,
            show_season,
            url_for("changes.save_season"),
            done,
        ),
    )


@changes.post("/hours/season/remove")
@office_page(OVERSEERS)
def remove_season(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply taking a season away."""
    action, done = url_for("changes.remove_season"), done_url("changes.hours", office)
    return answer_change(
        office,
        who,
        Page("remove", _("Remove this season"), read_season_removal, show_hours, action, done),
    )


def show_day(office: Office, typed: Typed, errors: Errors) -> str:
    """The form of one date."""
    return render_template(
        "manage/day.html", office=office, values=typed, errors=errors, **_week_rows(typed, ("d",))
    )


@changes.get("/hours/day")
@office_page(OVERSEERS)
def day(office: Office, who: Principal) -> ResponseReturnValue:
    """One date as it is; without a date the form of tomorrow."""
    try:
        chosen = date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        chosen = office.date_at(now()) + timedelta(days=1)
    return show_day(office, write_day(office, chosen), {})


@changes.post("/hours/day")
@office_page(OVERSEERS)
def save_day(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply the hours of one date."""
    done = done_url("changes.hours", office)
    return answer_change(
        office,
        who,
        Page(
            "day", _("Hours of one day"), read_day_form, show_day, url_for("changes.save_day"), done
        ),
    )


@changes.post("/hours/holidays")
@office_page(OVERSEERS)
def take_holidays(office: Office, who: Principal) -> ResponseReturnValue:
    """Preview or apply the holidays of a year."""
    done = done_url("changes.hours", office)
    return answer_change(
        office,
        who,
        Page(
            "holidays",
            _("Public holidays"),
            read_holidays,
            show_hours,
            url_for("changes.take_holidays"),
            done,
        ),
    )


@changes.get("/hours/season/remove")
@changes.get("/hours/holidays")
@office_page(OVERSEERS)
def back_to_hours(office: Office, who: Principal) -> ResponseReturnValue:
    """These addresses only take forms; who comes back to one, by a change of language say, sees the
    hours.
    """
    return redirect(url_for("changes.hours", office=office.code, lang=request.args.get("lang")))
