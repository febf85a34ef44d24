"""Dates, times and waits in both languages and in every zone, and words for every code."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from fnmatch import fnmatch
from typing import Any

import pytest

from queue_server.domain import errors
from queue_server.domain.office.office import ServiceChannel, ServiceMode, VisitKind
from queue_server.domain.office.rules import Rules
from queue_server.domain.visit.transitions import State
from queue_server.services.access.sessions import Role
from queue_server.web.edge import locale
from queue_server.web.edge.assets import list_files
from queue_server.web.edge.words import codes, refusals, tickets
from queue_server.web.pages.citizen.ticket import words as ticket_page_words
from queue_server.web.pages.counter import words as console_words
from tests.web.site import Site

MOMENT = datetime(2026, 11, 23, 3, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "indonesian", "english"),
    [
        (
            "Asia/Jakarta",
            "Senin, 23 November 2026, 10.15 WIB",
            "Monday, 23 November 2026, 10:15 WIB",
        ),
        (
            "Asia/Makassar",
            "Senin, 23 November 2026, 11.15 WITA",
            "Monday, 23 November 2026, 11:15 WITA",
        ),
        (
            "Asia/Jayapura",
            "Senin, 23 November 2026, 12.15 WIT",
            "Monday, 23 November 2026, 12:15 WIT",
        ),
        (
            "Europe/Berlin",
            "Senin, 23 November 2026, 04.15 CET",
            "Monday, 23 November 2026, 04:15 CET",
        ),
    ],
)
def test_a_moment_is_told_on_the_offices_clock(zone: str, indonesian: str, english: str) -> None:
    assert locale.format_moment(MOMENT, "id", zone) == indonesian
    assert locale.format_moment(MOMENT, "en", zone) == english


def test_summer_time_has_its_own_name() -> None:
    assert locale.format_moment(
        datetime(2026, 7, 1, 8, tzinfo=UTC), "en", "Europe/Berlin"
    ).endswith("10:00 CEST")


def test_the_date_follows_the_offices_midnight() -> None:
    late = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert locale.format_moment(late, "id", "Asia/Jakarta") == "Selasa, 24 November 2026, 00.30 WIB"


def test_dates_and_times_stand_alone_too() -> None:
    assert locale.format_date(date(2027, 1, 1), "id") == "Jumat, 1 Januari 2027"
    assert locale.format_date(date(2027, 1, 1), "en", year=False) == "Friday, 1 January"
    assert locale.format_date(date(2027, 1, 1), "id", weekday=False) == "1 Januari 2027"
    assert locale.format_time(time(8, 5), "id") == "08.05"


@pytest.mark.parametrize(
    ("low", "high", "indonesian", "english"),
    [
        (10, 20, "10–20 menit", "10–20 minutes"),
        (0, 5, "kurang dari 5 menit", "less than 5 minutes"),
        (0, 0, "sekarang", "now"),
        (15, 15, "15 menit", "15 minutes"),
        (239, 300, "239–300 menit", "239–300 minutes"),
        (240, 245, "lebih dari 4 jam", "more than 4 hours"),
    ],
)
def test_a_wait_is_a_range(low: int, high: int, indonesian: str, english: str) -> None:
    assert locale.format_wait(low, high, "id") == indonesian
    assert locale.format_wait(low, high, "en") == english


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "chosen"),
    [
        (None, None, [], "id"),
        (None, None, ["en-GB", "id"], "en"),
        (None, None, ["in-ID"], "id"),
        (None, None, ["de", "fr", "en"], "en"),
        (None, "en", ["id"], "en"),
        ("id", "en", ["en"], "id"),
        ("xx", "yy", ["zz"], "id"),
    ],
)
def test_the_language_is_the_explicit_choice_then_the_remembered_then_the_browsers(
    query: str | None, cookie: str | None, accept: list[str], chosen: str
) -> None:
    assert locale.choose_language(query, cookie, accept) == chosen


def all_codes(kind: type[errors.DomainError] = errors.DomainError) -> set[str]:
    """The codes of all refusals."""
    return {kind.code}.union(*(all_codes(each) for each in kind.__subclasses__()))


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_code_has_words(site: Site, language: str) -> None:
    with site.application.flask.test_request_context(f"/?lang={language}"):
        states = {each.value for each in State}
        assert set(tickets.state_words()) == set(tickets.STATE_BADGES) == states
        cases = set(tickets.ticket_words())
        for state in states:
            for entry in (
                None,
                "now",
                "evacuation",
                *(("outside", "stopped", "too_large", "paused") if state != "CALLED" else ()),
            ):
                for ahead in (None, 0, 3):
                    for calls in (0, 1, 2):
                        assert (
                            tickets.ticket_case(state, entry, ahead, calls, came=calls > 0) in cases
                        )
        for channel in ServiceChannel:
            assert all(codes.channel_words(channel.value))
        for mode in ServiceMode:
            assert (codes.mode_words(mode.value) is None) == (mode is ServiceMode.NORMAL)
        for role in (Role.ADMIN, Role.MANAGER, Role.SUPERVISOR, Role.CLERK, Role.GUARD):
            assert codes.role_words(role.value) != role.value


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_refusal_a_visitor_can_meet_has_a_sentence_of_its_own(
    site: Site, language: str
) -> None:
    general = {"refused", "unknown"}
    with site.application.flask.test_request_context(f"/?lang={language}"):
        fallback = refusals.refusal_words("refused", {})
        here = {
            each.code
            for each in vars(errors).values()
            if isinstance(each, type) and issubclass(each, errors.DomainError)
        }
        speechless = {
            code for code in here - general if refusals.refusal_words(code, {}) == fallback
        }
    assert speechless == set()


@pytest.mark.parametrize(
    ("scripts", "words", "data"),
    [
        (
            ("counter/*.js", "command.js"),
            lambda: console_words.console_script_words(Rules()),
            {"staff"},
        ),
        (
            ("citizen/ticket/*.js",),
            lambda: ticket_page_words.page_script_words(VisitKind.OFFICE),
            set(),
        ),
    ],
)
def test_scripts_find_every_word_they_say(
    site: Site, scripts: tuple[str, ...], words: Callable[[], dict[str, Any]], data: set[str]
) -> None:
    """`scripts` are a page's own and those it shares that speak; `data` is what the page gives
    them beside words.
    """
    files = [
        path for name, path in list_files() if any(fnmatch(name, pattern) for pattern in scripts)
    ]
    assert len(files) >= len(scripts)
    source = "\n".join(each.read_text(encoding="utf-8") for each in files)
    with site.application.flask.test_request_context("/"):
        given = words()
    assert set(re.findall(r"\bwords\.(?!js\b)(\w+)", source)) == set(given) | data
    for group in ("done", "turn", "say"):
        used = set(re.findall(rf"\bwords\.{group}\.(\w+)", source))
        assert used <= set(given.get(group, {}))
