"""Hours and modes in words, for the public and for the staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from queue_server.domain.office.hours import Opening
from queue_server.domain.office.modes import ModePeriod, ServiceMode, period_at
from queue_server.domain.office.office import Office
from queue_server.web.edge.context import now
from queue_server.web.edge.locale import (
    current_language,
    format_date,
    format_moment,
    format_time,
    format_weekday,
)
from queue_server.web.edge.locale import gettext as _

from .codes import mode_name_words, mode_words

MONDAY = date(2026, 1, 5)
DAYS_TOLD = 30
"""How far ahead the office page tells of days with other hours."""


@dataclass(frozen=True)
class HoursRow:
    """One weekday's opening times, in words."""

    day: str
    today: bool
    stretches: tuple[str, ...]


@dataclass(frozen=True)
class OtherDay:
    """A coming date with hours of its own."""

    date: date
    stretches: tuple[str, ...]
    reason: Mapping[str, str]


@dataclass(frozen=True)
class SeasonRow:
    """Weekly hours that hold for a while."""

    name: str
    first: date
    last: date
    running: bool
    hours: list[HoursRow]


def weekday_name(weekday: int) -> str:
    """The name of a weekday, 0 for Monday."""
    return format_weekday(MONDAY + timedelta(days=weekday), current_language())


def stretch_words(stretches: Iterable[tuple[time, time]]) -> tuple[str, ...]:
    """Stretches of a day as "08.00–12.00", in order."""
    language = current_language()
    return tuple(
        f"{format_time(opens, language)}–{format_time(closes, language)}"
        for opens, closes in sorted(stretches)
    )


def list_hours(openings: Sequence[Opening], today: date) -> list[HoursRow]:
    """A week's opening times, Monday first."""
    return [
        HoursRow(
            weekday_name(weekday),
            today.weekday() == weekday,
            stretch_words(
                (each.opens, each.closes) for each in openings if each.weekday == weekday
            ),
        )
        for weekday in range(7)
    ]


def list_seasons(office: Office, today: date) -> list[SeasonRow]:
    """The running season and those that begin soon."""
    soon = today + timedelta(days=DAYS_TOLD)
    return [
        SeasonRow(
            each.name, each.first, each.last, each.first <= today, list_hours(each.openings, today)
        )
        for each in office.hours.seasons
        if each.last >= today and each.first <= soon
    ]


def list_other_days(office: Office, today: date) -> list[OtherDay]:
    """The coming dates whose hours are not the usual ones. A holiday on a day that is closed anyway
    tells nobody anything.
    """
    unusual = []
    for day, own in sorted(office.hours.days.items()):
        if not today <= day <= today + timedelta(days=DAYS_TOLD):
            continue
        usual = tuple((each.opens, each.closes) for each in office.hours.usual_on(day))
        if tuple(sorted(own.openings)) != usual:
            unusual.append(OtherDay(day, stretch_words(own.openings), own.reason))
    return unusual


def end_words(office: Office, ends_at: datetime) -> str:
    """The end of a decision: one at midnight is told as the last day that it holds."""
    local = office.local(ends_at)
    if local.time() == time(0):
        return _(
            "the end of %(day)s",
            day=format_date(local.date() - timedelta(days=1), current_language()),
        )
    return format_moment(ends_at, current_language(), office.zone)


def closed_words(office: Office, ends_at: datetime) -> str:
    """That an office is closed until a moment: one at midnight is told as the last day."""
    local, language = office.local(ends_at), current_language()
    if local.time() == time(0):
        until = format_date(local.date() - timedelta(days=1), language, year=False)
    else:
        until = format_moment(ends_at, language, office.zone)
    return _("The office is closed until %(until)s. Please do not come yet.", until=until)


@dataclass(frozen=True)
class Standing:
    """How far an office is open at this moment, as the public reads it. `kind` and `title` are None
    while all is normal.
    """

    mode: str
    kind: str | None
    title: str | None
    sentence: str
    holds: str
    notice: Mapping[str, str]


def show_standing(office: Office, service: str | None = None) -> Standing:
    """The mode of the whole office now or of one service by itself, for how long, and the notice
    that goes with it.
    """
    period = period_at(office.modes, service, now())
    mode = (ServiceMode.NORMAL if period is None else period.mode).value
    words = mode_words(mode)
    kind, title, sentence = words if words else (None, None, "")
    holds = standing_words(office, period) if words else ""
    if service is None and mode == ServiceMode.CLOSED and period and period.ends_at is not None:
        title, holds = closed_words(office, period.ends_at), ""
    return Standing(mode, kind, title, sentence, holds, {} if period is None else period.notice)


def show_coming(office: Office, service: str | None = None) -> list[tuple[ModePeriod, str]]:
    """Decisions on the whole office, or on one service by itself, that begin soon: each with the
    day and mode in words.
    """
    moment = now()
    soon = moment + timedelta(days=DAYS_TOLD)
    beginning = [
        each for each in office.modes if each.service == service and moment < each.starts_at <= soon
    ]
    return [
        (
            each,
            _(
                "From %(moment)s: %(mode)s.",
                moment=format_moment(each.starts_at, current_language(), office.zone),
                mode=mode_name_words(each.mode.value),
            ),
        )
        for each in sorted(beginning, key=lambda one: one.starts_at)
    ]


def standing_words(office: Office, period: ModePeriod | None) -> str:
    """How long a decision holds and when it is looked at again, as far as that has been decided."""
    if period is None:
        return ""
    sentences = []
    if period.ends_at is not None:
        sentences.append(_("This holds until %(end)s.", end=end_words(office, period.ends_at)))
    if period.review_on is not None and period.review_on >= office.date_at(now()):
        sentences.append(
            _(
                "The office will review this on %(day)s.",
                day=format_date(period.review_on, current_language()),
            )
        )
    return " ".join(sentences)
