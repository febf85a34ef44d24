"""Which language a visitor reads, and how dates, times and waits are written in it.

Message ids are English; `translations/id` holds the Indonesian. English needs no catalog. Functions
that format take the language as a parameter and touch no request, so mails, slips and tests use
them too.
"""

from __future__ import annotations

import functools
import gettext as _gettext
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, has_request_context, request

from queue_server.domain.office.languages import KNOWN_LANGUAGES
from queue_server.protocol.messages import WaitRange
from queue_server.protocol.spoken_waits import speak_wait

LANGUAGES = KNOWN_LANGUAGES
DEFAULT_LANGUAGE = "id"
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "lang"
_ONE_YEAR_S = 365 * 24 * 3600
_CATALOGS = Path(__file__).parents[2] / "translations"

_DAYS = {
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
# Indonesia's zones are spoken by these names; tzdata gives them too, but not on every system (WITA
# reads "+08" on some).
_ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@functools.cache
def catalog(language: str) -> _gettext.NullTranslations:
    """The message catalog of `language`; English and unknown languages give the message ids
    themselves.
    """
    if language == "en" or language not in LANGUAGES:
        return _gettext.NullTranslations()
    return _gettext.translation("queue_server", localedir=str(_CATALOGS), languages=[language])


def choose_language(
    query: str | None, cookie: str | None, accept: list[str], offered: Sequence[str] = LANGUAGES
) -> str:
    """The language for one request: an explicit choice, then the remembered one, then the
    browser's, then the first of those that are offered.

    `accept` lists the browser's language tags, best first, e.g. ["en-GB", "id"]. Old tags "in" mean
    Indonesian.
    """
    for wish in (query, cookie):
        if wish in offered:
            return str(wish)
    for tag in accept:
        primary = tag.split("-")[0].lower()
        primary = "id" if primary == "in" else primary
        if primary in offered:
            return primary
    return offered[0]


def offer_languages(offered: Sequence[str]) -> None:
    """From here on the request at hand is answered in one of these languages: those of the office
    that its page is about.
    """
    if tuple(offered) != offered_languages():
        g.offered = tuple(offered)
        g.pop("language", None)


def offered_languages() -> tuple[str, ...]:
    """The languages in which the request at hand can be answered."""
    return tuple(g.get("offered", LANGUAGES)) if has_request_context() else LANGUAGES


def offered_names() -> dict[str, str]:
    """Those languages by what they call themselves."""
    return {each: LANGUAGE_NAMES[each] for each in offered_languages()}


def current_language() -> str:
    """The language of `speaking`, else that of the request being answered, or Indonesian."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if "language" not in g:
        accept = [tag for tag, _ in request.accept_languages]
        wished, remembered = request.args.get("lang"), request.cookies.get(COOKIE)
        g.language = choose_language(wished, remembered, accept, offered_languages())
    return str(g.language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language where no request is being answered, or to somebody else than who asks."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str, **values: Any) -> str:
    """`message` in the current language, with %(name)s filled in."""
    text = catalog(current_language()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The right form for `num` in the current language; `num` itself is available as %(num)s."""
    text = catalog(current_language()).ngettext(singular, plural, num)
    return text % {"num": num, **values}


def in_language(texts: Mapping[str, str] | str, language: str | None = None) -> str:
    """One text out of a {"id": …, "en": …} mapping; falls back to Indonesian, then to whatever
    there is.
    """
    if isinstance(texts, str):
        return texts
    wanted = language or current_language()
    return texts.get(wanted) or texts.get(DEFAULT_LANGUAGE) or next(iter(texts.values()), "")


def format_date(day: date, language: str, *, year: bool = True, weekday: bool = True) -> str:
    """ "Senin, 23 November 2026" or "Monday, 23 November 2026"."""
    text = f"{day.day} {_MONTHS[language][day.month - 1]}"
    if year:
        text += f" {day.year}"
    return f"{_DAYS[language][day.weekday()]}, {text}" if weekday else text


def format_weekday(day: date, language: str) -> str:
    """ "Senin" or "Monday"."""
    return _DAYS[language][day.weekday()]


def format_time(moment: datetime | time, language: str, zone: str | None = None) -> str:
    """ "10.15 WIB" or "10:15 WIB". A `datetime` is first moved to `zone` (an IANA name); without a
    zone only the clock is given.
    """
    if isinstance(moment, datetime) and zone is not None:
        moment = moment.astimezone(ZoneInfo(zone))
    clock = f"{moment.hour:02d}{'.' if language == 'id' else ':'}{moment.minute:02d}"
    return f"{clock} {zone_name(zone, moment)}" if zone is not None else clock


def zone_name(zone: str, moment: datetime | time | None = None) -> str:
    """The spoken name of an IANA zone: WIB, WITA, WIT, or what tzdata says."""
    if zone in _ZONE_NAMES:
        return _ZONE_NAMES[zone]
    at = moment if isinstance(moment, datetime) else datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    return at.astimezone(ZoneInfo(zone)).tzname() or zone


def format_moment(moment: datetime, language: str, zone: str) -> str:
    """ "Senin, 23 November 2026, 10.15 WIB"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{format_date(local.date(), language)}, {format_time(local, language, zone)}"


def format_visit(starts_at: datetime, ends_at: datetime, language: str, zone: str) -> str:
    """ "Senin, 23 November 2026, 10.15–11.15 WIB"; both ends are on one local date, as all visits
    are.
    """
    local = starts_at.astimezone(ZoneInfo(zone))
    span = format_span(starts_at, ends_at, language, zone)
    return f"{format_date(local.date(), language)}, {span}"


def format_span(starts_at: datetime, ends_at: datetime, language: str, zone: str) -> str:
    """ "10.15–11.15 WIB"."""
    begins = format_time(starts_at.astimezone(ZoneInfo(zone)).time(), language)
    return f"{begins}–{format_time(ends_at, language, zone)}"


def format_wait(low: int, high: int, language: str) -> str:
    """A wait in minutes as a range: "10–20 menit"; "sekarang" below a minute; at the cap "lebih
    dari 4 jam".
    """
    if high <= 0:
        return "sekarang" if language == "id" else "now"
    spoken = speak_wait(WaitRange(low, high))
    if spoken.saying == "more_than_hours":
        return (
            f"lebih dari {spoken.hours} jam"
            if language == "id"
            else f"more than {spoken.hours} hours"
        )
    unit = "menit" if language == "id" else "minutes"
    if low <= 0:
        return f"{'kurang dari' if language == 'id' else 'less than'} {high} {unit}"
    return f"{low}–{high} {unit}" if low != high else f"{low} {unit}"


def _read(moment: Any) -> Any:
    """Views carry times as RFC 3339 text with the office's offset; the formats want them as
    values.
    """
    return datetime.fromisoformat(moment) if isinstance(moment, str) else moment


def language_url(language: str) -> str:
    """The address of the page being shown, in another language."""
    query = request.args.to_dict(flat=False) | {"lang": [language]}
    return f"{request.path}?{urlencode(query, doseq=True)}"


def install(app: Flask, *, https: bool) -> None:
    """Give the app's templates gettext and the format filters, and remember a language chosen by
    ?lang=.
    """
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    # The template side fills in the values itself, so it gets the bare catalog look-ups.
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        lambda message: catalog(current_language()).gettext(message),
        lambda singular, plural, num: catalog(current_language()).ngettext(singular, plural, num),
        newstyle=True,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.filters["words"] = in_language
    env.filters["date"] = lambda day, **how: format_date(_read(day), current_language(), **how)
    env.filters["weekday"] = lambda day: format_weekday(_read(day), current_language())
    env.filters["clock"] = lambda moment, zone=None: format_time(
        _read(moment), current_language(), zone
    )
    env.filters["moment"] = lambda moment, zone: format_moment(
        _read(moment), current_language(), zone
    )
    env.filters["visit"] = lambda ticket, zone: format_visit(
        _read(ticket.starts_at), _read(ticket.ends_at), current_language(), zone
    )
    env.filters["wait"] = lambda wait: format_wait(wait.low, wait.high, current_language())
    env.globals["current_language"] = current_language
    env.globals["language_names"] = LANGUAGE_NAMES
    env.globals["language_url"] = language_url
    env.globals["offered_names"] = offered_names

    @app.after_request
    def remember_language(response: Response) -> Response:
        chosen = request.args.get("lang")
        if chosen in LANGUAGES and request.cookies.get(COOKIE) != chosen:
            response.set_cookie(
                COOKIE,
                str(chosen),
                max_age=_ONE_YEAR_S,
                samesite="Lax",
                httponly=True,
                secure=https,
            )
        return response
