"""What is wrong with an office as a whole, each with its path: the check of whatever makes an
office, be it a form, a file or a copy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import MOST_PEOPLE, admit_places
from queue_server.domain.office.descriptions import (
    LINE_MAX,
    TEXT_MAX,
    describe_office,
    describe_service,
    description_of,
    office_description_of,
)
from queue_server.domain.office.hours import admit_openings, admit_seasons, admit_stretches
from queue_server.domain.office.languages import admit_languages
from queue_server.domain.office.office import Counter, Office, Service, Stream, Words
from queue_server.domain.office.rule_ranges import EDITABLE
from queue_server.domain.office.rule_ranges import find_faults as find_rule_faults
from queue_server.domain.office.rules import CallPolicy, value_of
from queue_server.domain.office.settings.quotas import admit_quotas
from queue_server.domain.office.slip_design import admit_design

NAME_MAX, COUNTER_NAME_MAX, MINUTES_MAX = 80, 20, 480
MOST_SERVICES, MOST_COUNTERS, MOST_DAYS, MOST_SEASONS = 200, 200, 1_500, 50

_NESTED = {
    "url": "online.url",
    "steps": "online.steps",
    "latitude": "location.coordinates",
    "longitude": "location.coordinates",
    "parking": "location.parking",
    "directions": "location.directions",
}
"""Where a field lies that a guard names alone."""

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?")
_SERVICE_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,19})")
_COUNTER_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,59})")
_LETTER = re.compile(r"[A-Z]")
_LANGUAGE = re.compile(r"[a-z]{2}")


def admit_code(code: str) -> None:
    """Refuse what is no code of an office: it stands in addresses. Raises `BadInput` (code)."""
    if not code:
        raise BadInput(field="code", reason="missing")
    if not _CODE.fullmatch(code):
        raise BadInput(field="code", reason="format")


def admit_office(office: Office) -> None:
    """Refuse an office that is not sound. Raises the first of `find_faults`."""
    for fault in find_faults(office):
        raise fault


def find_faults(office: Office) -> list[BadInput]:
    """Everything that is wrong with an office, in the order of its fields. Facts: `field` is the
    path, such as "services[2].letter", and `reason`. Of each path the first.
    """
    faults = [
        *_find_basic_faults(office),
        *find_service_faults(office.streams, office.services),
        *_find_counter_faults(office),
        *_find_hour_faults(office),
        *_find_rule_faults(office),
        *_caught("slip", lambda: admit_design(office.slip)),
    ]
    first = {str(each.facts["field"]): each for each in reversed(faults)}
    return [each for each in faults if first[str(each.facts["field"])] is each]


def find_service_faults(streams: Sequence[Stream], services: Sequence[Service]) -> list[BadInput]:
    """What is wrong with streams and the services in them: of an office, or of a catalogue."""
    letters = [each.letter for each in streams]
    faults = [
        *_format_faults("streams", "letter", letters, _LETTER),
        *_repeated("streams", "letter", letters),
    ]
    for index, stream in enumerate(streams):
        faults += _word_faults(f"streams[{index}].name", stream.name, NAME_MAX, required=True)
        faults += _caught(f"streams[{index}]", partial(admit_quotas, stream))
    codes = [each.code for each in services]
    faults += [
        *_format_faults("services", "code", codes, _SERVICE_CODE),
        *_repeated("services", "code", codes),
    ]
    if len(services) > MOST_SERVICES:
        faults.append(BadInput(field="services", reason="count", high=MOST_SERVICES))
    for index, service in enumerate(services):
        faults += _find_faults_of(f"services[{index}]", service, letters)
    return faults


def _find_faults_of(path: str, service: Service, letters: Sequence[str]) -> Iterator[BadInput]:
    if service.letter not in letters:
        yield BadInput(field=f"{path}.letter", reason="unknown", value=service.letter)
    yield from _word_faults(f"{path}.name", service.name, NAME_MAX, required=True)
    if not 1 <= service.minutes <= MINUTES_MAX:
        yield BadInput(field=f"{path}.minutes", reason="range", low=1, high=MINUTES_MAX)
    alone = Office("", "", "", "", "", None, services=(service,))
    told = description_of(service)
    yield from _caught(path, lambda: describe_service(alone, service.code, told))
    for name, words in (("summary", service.summary), ("requirements", service.requirements)):
        yield from _word_faults(f"{path}.{name}", words, TEXT_MAX)
    if service.online is not None:
        yield from _word_faults(f"{path}.online.steps", service.online.steps, 10 * TEXT_MAX)
    yield from _line_faults(f"{path}.search_words", service.search_words)


def _find_basic_faults(office: Office) -> Iterator[BadInput]:
    yield from _caught("", lambda: admit_code(office.code))
    yield from _admit_name("name", office.name, LINE_MAX)
    yield from _line_faults("address", [office.address])
    yield from _line_faults("phone", [office.phone])
    if not is_zone(office.zone):
        yield BadInput(field="zone", reason="unknown", value=office.zone)
    yield from _caught("", lambda: admit_languages(office.languages))
    limit = office.people_limit
    if limit is not None and not 1 <= limit <= MOST_PEOPLE:
        yield BadInput(field="people_limit", reason="range", low=1, high=MOST_PEOPLE)
    told = office_description_of(office)
    yield from _caught("", lambda: describe_office(office, told))
    for name, words in (
        ("parking", office.location.parking),
        ("directions", office.location.directions),
    ):
        yield from _word_faults(f"location.{name}", words, TEXT_MAX)


def is_zone(zone: str) -> bool:
    """Whether a time zone has this name."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return bool(zone)


def _find_counter_faults(office: Office) -> Iterator[BadInput]:
    counters, known = office.counters, {each.letter for each in office.streams}
    ids = [each.id for each in counters]
    yield from _format_faults("counters", "id", ids, _COUNTER_ID)
    yield from _repeated("counters", "id", ids)
    yield from _repeated("counters", "name", [each.name for each in counters])
    if len(counters) > MOST_COUNTERS:
        yield BadInput(field="counters", reason="count", high=MOST_COUNTERS)
    for index, counter in enumerate(counters):
        yield from _admit_name(f"counters[{index}].name", counter.name, COUNTER_NAME_MAX)
        yield from _find_letter_faults(f"counters[{index}].letters", counter, known)


def _find_letter_faults(path: str, counter: Counter, known: set[str]) -> Iterator[BadInput]:
    if not counter.letters:
        yield BadInput(field=path, reason="missing")
    if len(set(counter.letters)) != len(counter.letters):
        yield BadInput(field=path, reason="duplicate")
    for letter in counter.letters:
        if letter not in known:
            yield BadInput(field=path, reason="unknown", value=letter)


def _find_hour_faults(office: Office) -> Iterator[BadInput]:
    hours = office.hours
    yield from _caught("hours.week", lambda: admit_openings(hours.week), whole=True)
    for index, season in enumerate(hours.seasons):
        path = f"hours.seasons[{index}]"
        yield from _admit_name(f"{path}.name", season.name, NAME_MAX)
        yield from _caught(f"{path}.openings", partial(admit_openings, season.openings), whole=True)
        if season.first > season.last:
            yield BadInput(field=f"{path}.last", reason="order")
    yield from _caught("hours.seasons", lambda: admit_seasons(hours.seasons), whole=True)
    for day, own in sorted(hours.days.items()):
        path = f"hours.days.{day.isoformat()}"
        yield from _caught(path, partial(admit_stretches, own.openings), whole=True)
        yield from _word_faults(f"{path}.reason", own.reason, LINE_MAX)
    for name, count, most in (
        ("days", len(hours.days), MOST_DAYS),
        ("seasons", len(hours.seasons), MOST_SEASONS),
    ):
        if count > most:
            yield BadInput(field=f"hours.{name}", reason="count", high=most)


def _find_rule_faults(office: Office) -> Iterator[BadInput]:
    rules = office.rules
    values = {name: value_of(rules, name) for name in sorted(EDITABLE)}
    policy = values["calling.policy"]
    values["calling.policy"] = policy.value if isinstance(policy, CallPolicy) else policy
    for fault in find_rule_faults(rules, values):
        yield _at("rules", fault)
    booking = rules.booking
    yield from _caught(
        "rules.booking",
        lambda: admit_places(booking.online_share, booking.urgent_share, booking.release_minutes),
    )
    letter = booking.urgent_letter
    if letter is not None and all(each.letter != letter for each in office.streams):
        yield BadInput(field="rules.booking.urgent_letter", reason="unknown", value=letter)


def _admit_name(path: str, text: str, most: int) -> Iterator[BadInput]:
    if not text.strip():
        yield BadInput(field=path, reason="missing")
    elif len(text) > most:
        yield BadInput(field=path, reason="length", high=most)
    else:
        yield from _line_faults(path, [text])


def _line_faults(path: str, texts: Iterable[str]) -> Iterator[BadInput]:
    """A fault for a line that holds what cannot be shown."""
    if not all(each.isprintable() for each in texts):
        yield BadInput(field=path, reason="characters")


def _word_faults(
    path: str, words: Words, most: int, *, required: bool = False
) -> Iterator[BadInput]:
    if required and not words.get("id", "").strip():
        yield BadInput(field=f"{path}.id", reason="missing")
    for language, text in words.items():
        if not _LANGUAGE.fullmatch(language):
            yield BadInput(field=path, reason="language", value=language)
        if len(text) > most:
            yield BadInput(field=f"{path}.{language}", reason="length", high=most)
        # A line break parts steps and paragraphs.
        yield from _line_faults(f"{path}.{language}", text.split("\n"))


def _format_faults(
    path: str, name: str, values: Sequence[str], form: re.Pattern[str]
) -> Iterator[BadInput]:
    for index, value in enumerate(values):
        if not form.fullmatch(value):
            yield BadInput(field=f"{path}[{index}].{name}", reason="format", value=value)


def _repeated(path: str, name: str, values: Sequence[str]) -> Iterator[BadInput]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield BadInput(field=f"{path}[{index}].{name}", reason="duplicate", value=value)
        seen.add(value)


def _caught(path: str, admit: Callable[[], object], *, whole: bool = False) -> Iterator[BadInput]:
    """What a guard refuses, with the path it lies at; `whole`: the guard's own field says no more
    than that path.
    """
    try:
        admit()
    except BadInput as refused:
        yield BadInput(**{**refused.facts, "field": path}) if whole else _at(path, refused)


def _at(path: str, fault: BadInput) -> BadInput:
    field = str(fault.facts["field"])
    field = _NESTED.get(field, field)
    return BadInput(**{**fault.facts, "field": f"{path}.{field}" if path else field})
