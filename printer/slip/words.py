"""The words of a slip: catalogue look-up, and dates by our own tables, independent of the machine's
locale.
"""

from __future__ import annotations

import gettext
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

TRANSLATIONS = Path(__file__).parents[1] / "translations"
DEFAULT_LANGUAGE = "id"

# msgid of the catalogue: English is written in the code, Indonesian comes from the .po file.
_WEEKDAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_ZONES = {timedelta(hours=7): "WIB", timedelta(hours=8): "WITA", timedelta(hours=9): "WIT"}


def choose_language(wanted: str) -> str:
    """The slip's language: `en` for any English, else Indonesian, the default."""
    return "en" if wanted.lower().split("-")[0].split("_")[0] == "en" else DEFAULT_LANGUAGE


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The words of `language` (`id` or `en`)."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("printer", TRANSLATIONS, languages=[language])


def day_text(moment: datetime, language: str) -> str:
    """Such as "Senin, 23 November 2026"."""
    weekday = _WEEKDAYS[language][moment.weekday()]
    return f"{weekday}, {moment.day} {_MONTHS[language][moment.month - 1]} {moment.year}"


def clock_text(moment: datetime, language: str) -> str:
    """Such as "10.15 WIB", in English "10:15 WIB". Outside Indonesia the offset replaces the zone's
    name.
    """
    mark = ":" if language == "en" else "."
    offset = moment.utcoffset()
    if offset is None:
        zone = ""
    elif offset in _ZONES:
        zone = " " + _ZONES[offset]
    else:
        minutes = round(offset.total_seconds() / 60)
        hours, rest = divmod(abs(minutes), 60)
        zone = f" UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return f"{moment.hour:02}{mark}{moment.minute:02}{zone}"


def moment_text(moment: datetime, language: str) -> str:
    """Such as "Senin, 23 November 2026 10.15 WIB"."""
    return f"{day_text(moment, language)} {clock_text(moment, language)}"
