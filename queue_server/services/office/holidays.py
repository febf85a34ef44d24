"""Public holidays as starting data for an office's hours. Taken over once and kept; the office's
own word stands over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import HoursChange
from queue_server.domain.office.hours import DayHours, Source
from queue_server.domain.office.office import Office

FIRST_YEAR, LAST_YEAR = 2000, 2099
_CATEGORIES = ("public", "government")
"""Public holidays, and the days on which the country's authorities are closed besides: Indonesia's
cuti bersama.
"""

_LANGUAGES = {"id": ("id",), "en": ("en_US", "en_GB", "en")}
"""Our language codes and what the calendar calls them, the best first."""


@cache
def country_of(zone: str) -> str | None:
    """The country that a time zone belongs to, as ISO 3166-1 alpha-2; None for one without a
    country, such as UTC.
    """
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _place, name = line.split("\t")[:3]
            if name == zone:
                return country
    return None


@cache
def list_holidays(country: str, year: int) -> Mapping[date, DayHours]:
    """A year's public holidays with their names, as closed days. Those that follow the moon are
    estimates until they are announced.

    Raises `BadInput` for a country or year without a calendar.
    """
    import holidays  # here: wanted once a year, and the library is large

    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(field="year", reason="range", low=FIRST_YEAR, high=LAST_YEAR)
    try:
        plain = holidays.country_holidays(country, years=year)
    except NotImplementedError:  # how the library says that it knows no such country
        raise BadInput(field="year", reason="no_calendar") from None
    categories = tuple(each for each in _CATEGORIES if each in plain.supported_categories)
    names: dict[date, dict[str, str]] = {}
    for ours, theirs in _LANGUAGES.items():
        language = next(
            (each for each in theirs if each in plain.supported_languages), plain.default_language
        )
        for day, name in holidays.country_holidays(
            country, years=year, categories=categories, language=language
        ).items():
            names.setdefault(day, {})[ours] = name
    return {day: DayHours((), reason, Source.HOLIDAY) for day, reason in sorted(names.items())}


def import_holidays(office: Office, year: int) -> HoursChange:
    """The change that takes over a year's holidays: new ones come, moved ones follow the calendar,
    the office's own days stay.

    Doing it twice changes nothing more. Raises `BadInput`.
    """
    country = country_of(office.zone)
    if country is None:
        raise BadInput(field="year", reason="no_calendar")
    holidays = list_holidays(country, year)
    days: dict[date, DayHours | None] = {
        day: None
        for day, own in office.hours.days.items()
        if day.year == year and own.source is Source.HOLIDAY and day not in holidays
    }
    for day, holiday in holidays.items():
        own = office.hours.days.get(day)
        if own is None or (own.source is Source.HOLIDAY and own != holiday):
            days[day] = holiday
    return HoursChange(days=days)
