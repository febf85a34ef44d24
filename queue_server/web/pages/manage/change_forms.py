"""Reading managers' forms on hours, limit and mode: values kept as typed, a sentence for each
field, the change they ask for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from queue_server.domain.errors import BadInput, UnknownService
from queue_server.domain.office.changes import MOST_PEOPLE, HoursChange, LimitChange, ModeDecision
from queue_server.domain.office.hours import DayHours, Opening, Season, admit_stretches
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.web.edge.forms.errors import Errors, check_line
from queue_server.web.edge.locale import gettext as _

Typed = dict[str, str]
"""A form as typed, field by field."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::00)?\Z")
LEAST_STRETCHES = 2
"""A day's form has room for this many stretches, with a break between them, or for as many as the
day has now and one more.
"""

MOST_STRETCHES = 6
LONGEST_NAME, LONGEST_NOTICE = 80, 500
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def read_clock(text: str) -> time | None:
    """A time of day as a browser or a person writes it, or None for what is none."""
    found = _CLOCK.match(text.strip())
    return time(int(found[1]), int(found[2])) if found else None


def read_date(text: str) -> date | None:
    """A date of this century as a browser writes it, or None for what is none."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def write_stretches(prefix: str, stretches: Sequence[tuple[time, time]]) -> Typed:
    """The fields of one day's form that show these stretches."""
    typed = {}
    for place, (opens, closes) in enumerate(sorted(stretches)):
        typed[f"{prefix}_{place}_from"], typed[f"{prefix}_{place}_to"] = (
            f"{opens:%H:%M}",
            f"{closes:%H:%M}",
        )
    return typed


def count_stretches(typed: Mapping[str, str], prefixes: Sequence[str]) -> int:
    """How many stretches a form must have room for."""
    used = [
        place + 1
        for prefix in prefixes
        for place in range(MOST_STRETCHES)
        if typed.get(f"{prefix}_{place}_from")
    ]
    return max(LEAST_STRETCHES, *used) if used else LEAST_STRETCHES


def read_stretches(
    typed: Mapping[str, str], prefix: str, errors: Errors
) -> tuple[tuple[time, time], ...]:
    """One day's stretches; what is wrong with a field is added to `errors`. Empty pairs are left
    out.
    """
    found: list[tuple[time, time]] = []
    for place in range(MOST_STRETCHES):
        names = f"{prefix}_{place}_from", f"{prefix}_{place}_to"
        texts = [typed.get(name, "").strip() for name in names]
        if not any(texts):
            continue
        times = [read_clock(text) for text in texts]
        for name, at in zip(names, times, strict=True):
            if at is None:
                errors[name] = _("Enter a time such as 08.00")
        opens, closes = times
        if opens is None or closes is None:
            continue
        if opens >= closes:
            errors[names[1]] = _("Closing must be later than opening")
        else:
            found.append((opens, closes))
    try:
        admit_stretches(found)
    except BadInput:
        errors[f"{prefix}_0_from"] = _(
            "The times of this day overlap. Please check where one ends and the next begins"
        )
    return tuple(found)


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
    errors: Errors = {}
    name = " ".join(typed.get("name", "").split())
    if not name:
        errors["name"] = _("Enter what this season is called, for example Ramadan")
    elif len(name) > LONGEST_NAME:
        errors["name"] = _("Enter a shorter name")
    elif problem := check_line(name):
        errors["name"] = problem
    first, last = read_date(typed.get("first", "")), read_date(typed.get("last", ""))
    for field, day in (("first", first), ("last", last)):
        if day is None:
            errors[field] = _("Enter a date")
    others = [
        each for each in office.hours.seasons if each.first.isoformat() != typed.get("season")
    ]
    if first is not None and last is not None:
        if first > last:
            errors["last"] = _("The last day must not be before the first")
        else:
            clash = next(
                (each for each in others if each.first <= last and first <= each.last), None
            )
            if clash is not None:
                errors["first"] = _(
                    "These dates overlap with the season “%(name)s”", name=clash.name
                )
    openings = read_week(typed, "w", errors)
    if errors or first is None or last is None:
        return None, errors
    return HoursChange(
        seasons=tuple(
            sorted([*others, Season(name, first, last, openings)], key=lambda each: each.first)
        )
    ), {}


def read_season_removal(office: Office, typed: Typed) -> tuple[HoursChange | None, Errors]:
    """The change that takes a season away."""
    left = tuple(
        each for each in office.hours.seasons if each.first.isoformat() != typed.get("season")
    )
    if len(left) == len(office.hours.seasons):
        return None, {"": _("This season does not exist (any more).")}
    return HoursChange(seasons=left), {}


OPEN_AS = ("closed", "own", "usual")


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
    errors: Errors = {}
    day = read_date(typed.get("date", ""))
    if day is None:
        errors["date"] = _("Enter a date")
    how = typed.get("open", "")
    if how not in OPEN_AS:
        errors["open"] = _("Choose how the office is open on this day")
    reason = {
        language: " ".join(typed.get(f"reason_{language}", "").split()) for language in ("id", "en")
    }
    for language, text in reason.items():
        if len(text) > LONGEST_NAME:
            errors[f"reason_{language}"] = _("Enter a shorter reason")
        elif problem := check_line(text):
            errors[f"reason_{language}"] = problem
    stretches = read_stretches(typed, "d", errors) if how == "own" else ()
    if how == "own" and not stretches and not errors:
        errors["d_0_from"] = _("Enter the opening hours of this day, or choose “Closed”")
    if errors or day is None:
        return None, errors
    words = {language: text for language, text in reason.items() if text}
    if how == "usual":
        # Said by the office for a date of the calendar, so that taking the holidays over again does
        # not close it.
        usual = tuple((each.opens, each.closes) for each in office.hours.usual_on(day))
        return HoursChange(
            days={day: DayHours(usual, words) if day in office.hours.days and usual else None}
        ), {}
    return HoursChange(days={day: DayHours(stretches, words)}), {}


def write_limit(office: Office) -> Typed:
    """The form of the room's limit and the shares as they are."""
    return {
        "people_limit": "" if office.people_limit is None else str(office.people_limit),
        "online_share": f"{round(office.rules.booking.online_share * 100, 1):g}",
        "urgent_share": f"{round(office.rules.booking.urgent_share * 100, 1):g}",
        "release_minutes": str(office.rules.booking.release_minutes),
    }


def read_limit_form(office: Office, typed: Typed) -> tuple[LimitChange | None, Errors]:
    """The change to limit and shares."""
    errors: Errors = {}
    limit_text = typed.get("people_limit", "").strip()
    limit = read_count(limit_text)
    if limit_text and (limit is None or not 1 <= limit <= MOST_PEOPLE):
        errors["people_limit"] = _("Enter a whole number from 1 on, or leave it empty for no limit")
    shares = {}
    for field in ("online_share", "urgent_share"):
        share = read_percent(typed.get(field, ""))
        if share is None:
            errors[field] = _("Enter a share from 0 to 100 percent")
        else:
            shares[field] = share
    if len(shares) == 2 and round(sum(shares.values()) * 1000) > 1000:
        errors["urgent_share"] = _("Both shares together must not be more than 100 percent")
    release = read_count(typed.get("release_minutes", ""))
    if release is None or release > 24 * 60:
        errors["release_minutes"] = _("Enter a number of minutes from 0 to 1440")
    if errors or release is None:
        return None, errors
    return LimitChange(limit, shares["online_share"], shares["urgent_share"], release), {}


def read_count(text: str) -> int | None:
    """A whole number from 0 on, or None for what is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def read_percent(text: str) -> float | None:
    """A share in percent as a fraction of 1, to a tenth of a percent, or None for what is none."""
    found = re.match(r"([0-9]{1,3}(?:[.,][0-9])?)\s*%?\Z", text.strip())
    percent = float(found[1].replace(",", ".")) if found else None
    return round(percent / 100, 3) if percent is not None and percent <= 100 else None


def read_mode_form(
    office: Office, typed: Typed, id: str, now: datetime
) -> tuple[ModeDecision | None, Errors]:
    """The decision on a mode. Without a start it begins now; an end without a time means the whole
    of that day.
    """
    errors: Errors = {}
    mode = typed.get("mode", "")
    if mode not in ServiceMode.__members__:
        errors["mode"] = _("Choose a mode")
    service = typed.get("service") or None
    if service is not None:
        try:
            office.service(service)
        except UnknownService:
            errors["service"] = _("Choose the whole office or one of its services")
    starts_at = _read_moment(office, typed, "starts", errors, end=False) or now
    ends_at = _read_moment(office, typed, "ends", errors, end=True)
    review_on = read_date(typed.get("review_on", ""))
    if typed.get("review_on", "").strip() and review_on is None:
        errors["review_on"] = _("Enter a date")
    if not errors and ends_at is not None:
        if ends_at <= starts_at:
            errors["ends_date"] = _("The end must be later than the start")
        elif ends_at <= now:
            errors["ends_date"] = _("This end has passed already")
    if not errors and review_on is not None and review_on < office.date_at(starts_at):
        errors["review_on"] = _("The review must not be before the start")
    notice = {
        language: " ".join(typed.get(f"notice_{language}", "").split()) for language in ("id", "en")
    }
    for language, text in notice.items():
        if len(text) > LONGEST_NOTICE:
            errors[f"notice_{language}"] = _("Enter a notice of at most 500 letters")
        elif problem := check_line(text):
            errors[f"notice_{language}"] = problem
    if errors:
        return None, errors
    words = {language: text for language, text in notice.items() if text}
    return ModeDecision(
        ModePeriod(id, ServiceMode(mode), starts_at, now, "", ends_at, service, review_on, words)
    ), {}


def _read_moment(
    office: Office, typed: Typed, name: str, errors: Errors, *, end: bool
) -> datetime | None:
    day_text, clock_text = (
        typed.get(f"{name}_date", "").strip(),
        typed.get(f"{name}_time", "").strip(),
    )
    if not day_text and not clock_text:
        return None
    day, clock = read_date(day_text), read_clock(clock_text) if clock_text else time(0)
    if day is None:
        errors[f"{name}_date"] = _("Enter a date")
    if clock is None:
        errors[f"{name}_time"] = _("Enter a time such as 08.00")
    if day is None or clock is None:
        return None
    if end and not clock_text:
        day += timedelta(days=1)
    return datetime.combine(day, clock, office.tz).astimezone(UTC)
