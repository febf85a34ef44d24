"""What cannot be right is refused with a stable code, and nothing in the database changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from queue_server.web.api.operations import OPERATIONS, Operation
from tests.fixtures.application import HOME, HOST, NAME, NIK, House
from tests.web.problems import problem

BOOKINGS, HOLDS, TICKETS = (
    f"/offices/{HOME}/bookings",
    f"/offices/{HOME}/holds",
    f"/offices/{HOME}/tickets",
)
WAITLIST = f"/offices/{HOME}/waitlist"
WISH = {
    "service": "REK",
    "first_date": "2026-11-23",
    "last_date": "2026-11-24",
    "nik": NIK,
    "name": NAME,
}
COUNTER = f"{HOME}-1"
Case = tuple[str, str, str | None, Any, int, str]

UNKNOWN: list[Case] = [
    ("GET", "/offices/9999", None, None, 404, "unknown_office"),
    ("GET", "/offices/9999/services", None, None, 404, "unknown_office"),
    ("GET", "/offices/9999/board", None, None, 404, "unknown_office"),
    ("GET", "/offices/9999/availability?service=REK", None, None, 404, "unknown_office"),
    (
        "POST",
        "/offices/9999/holds",
        None,
        {"service": "REK", "slot": "20261124T0300Z"},
        404,
        "unknown_office",
    ),
    ("GET", "/offices/9999/queue", "admin", None, 404, "unknown_office"),
    ("POST", "/offices/9999/mode", "admin", {"mode": "CLOSED"}, 404, "unknown_office"),
    ("POST", "/offices/9999/devices", "admin", {"pairing_code": "AAAAAA"}, 404, "unknown_office"),
    ("GET", f"/offices/{HOME}/availability?service=NOPE", None, None, 404, "unknown_service"),
    ("POST", HOLDS, None, {"service": "NOPE", "slot": "20261124T0300Z"}, 404, "unknown_service"),
    ("POST", TICKETS, "kiosk", {"service": "NOPE"}, 404, "unknown_service"),
    ("POST", HOLDS, None, {"service": "REK", "slot": "20261124T0301Z"}, 404, "unknown_slot"),
    ("POST", HOLDS, None, {"service": "REK", "slot": "20261129T0300Z"}, 404, "unknown_slot"),
    ("GET", "/earliest?service=NOPE", None, None, 404, "unknown_service"),
    ("POST", WAITLIST, None, {**WISH, "service": "NOPE"}, 404, "unknown_service"),
    ("POST", "/offices/9999/waitlist", None, WISH, 404, "unknown_office"),
    ("GET", "/waitlist/000000000000", None, None, 404, "unknown_code"),
    ("POST", "/waitlist/000000000000/accept", None, {}, 404, "unknown_code"),
    ("POST", "/waitlist/000000000000/leave", None, {}, 404, "unknown_code"),
    ("POST", "/tickets/000000000000/extend", None, {}, 404, "unknown_code"),
    ("GET", "/tickets/0000-0000-0000", None, None, 404, "unknown_code"),
    ("GET", "/tickets/not-a-code", None, None, 404, "unknown_code"),
    ("POST", "/tickets/000000000000/cancel", None, {}, 404, "unknown_code"),
    ("POST", "/tickets/000000000000/check-in", "kiosk", {}, 404, "unknown_code"),
    ("POST", "/tickets/000000000000/start", "clerk", {}, 404, "unknown_code"),
    ("POST", "/tickets/0123456789abcdef0123456789abcdef/start", "clerk", {}, 404, "unknown_ticket"),
    ("POST", "/counters/9101-9/open", "clerk", {}, 404, "unknown_counter"),
    ("POST", "/devices/0000/token", None, {"secret": "x"}, 404, "unknown_device"),
    (
        "POST",
        f"/offices/{HOME}/devices",
        "manager",
        {"pairing_code": "AAAAAA", "name": "K"},
        404,
        "unknown_device",
    ),
    ("GET", "/nothing/here", None, None, 404, "not_found"),
]
SHAPES: list[Case] = [
    ("POST", TICKETS, "kiosk", {}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": 5}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": None}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "party_size": "2"}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "party_size": 2.5}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "party_size": True}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "party_size": 0}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "party_size": 5}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "party_size": 10**30}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "language": "fr"}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "urgency": "bored"}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "name": "Siti"}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", [], 422, "bad_input"),
    ("POST", TICKETS, "kiosk", "REK", 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "RE\u0000K"}, 422, "bad_input"),
    ("POST", TICKETS, "kiosk", {"service": "REK", "priority": 1}, 422, "bad_input"),
    (
        "POST",
        BOOKINGS,
        None,
        {"service": "REK", "slot": "20261124T0300Z", "nik": NIK, "name": NAME, "assistance": "on"},
        422,
        "bad_input",
    ),
    (
        "POST",
        f"/offices/{HOME}/mode",
        "manager",
        {"mode": "CLOSED", "dry_run": "off"},
        422,
        "bad_input",
    ),
    (
        "POST",
        f"/offices/{HOME}/mode",
        "manager",
        {"mode": "CLOSED", "notice": {"id": "a\u202eb"}},
        422,
        "bad_input",
    ),
    (
        "POST",
        f"/offices/{HOME}/occupancy",
        "clerk",
        {"delta": 1, "reason": "a\u009bb"},
        422,
        "bad_input",
    ),
    (
        "PUT",
        f"/offices/{HOME}/hours",
        "manager",
        {"days": [{"date": 1796083200, "openings": []}]},
        422,
        "bad_input",
    ),
    (
        "PUT",
        f"/offices/{HOME}/hours",
        "manager",
        {"days": [{"date": "1796083200", "openings": []}]},
        422,
        "bad_input",
    ),
    ("POST", "/tickets/000000000000/extend", None, {"minutes": 60}, 422, "bad_input"),
    ("POST", "/waitlist/000000000000/accept", None, {"slot": "20261124T0300Z"}, 422, "bad_input"),
    *(
        ("POST", path, who, {**body, field: moment}, 422, "bad_input")
        for moment in (
            "0001-01-01T00:00:00+07:00",
            "9999-12-31T23:00:00Z",
            1796083200,
            "1796083200",
            "2026-11-25T00:00:00",
        )
        for path, who, body, field in (
            (f"/offices/{HOME}/mode", "manager", {"mode": "CLOSED"}, "starts_at"),
            (f"/offices/{HOME}/mode", "manager", {"mode": "CLOSED"}, "ends_at"),
            (
                f"/offices/{HOME}/announcements",
                "manager",
                {"text": {"id": "Halo", "en": "Hello"}},
                "ends_at",
            ),
            (f"/offices/{HOME}/door-counts", "sensor", {"total_in": 1, "total_out": 0}, "at"),
        )
    ),
    ("POST", HOLDS, None, {"service": "REK", "slot": "tomorrow"}, 422, "bad_input"),
    (
        "POST",
        HOLDS,
        None,
        {"service": "REK", "slot": "20261124T0300Z", "party_size": 0},
        422,
        "bad_input",
    ),
    (
        "POST",
        HOLDS,
        None,
        {"service": "REK", "slot": "20261124T0300Z", "party_size": 500},
        422,
        "bad_input",
    ),
    (
        "POST",
        HOLDS,
        None,
        {"service": "REK", "slot": "20261124T0300Z", "urgency": "bored"},
        422,
        "bad_input",
    ),
    ("GET", "/earliest", None, None, 422, "bad_input"),
    ("GET", "/earliest?service=REK&party=0", None, None, 422, "bad_input"),
    ("GET", "/earliest?service=REK&party=500", None, None, 422, "bad_input"),
    ("POST", WAITLIST, None, {**WISH, "party_size": 0}, 422, "bad_input"),
    ("POST", WAITLIST, None, {**WISH, "party_size": 500}, 422, "bad_input"),
    ("POST", WAITLIST, None, {**WISH, "first_date": "2026-11-22"}, 422, "bad_input"),
    ("POST", WAITLIST, None, {**WISH, "last_date": "2026-11-22"}, 422, "bad_input"),
    ("POST", WAITLIST, None, {**WISH, "last_date": "2027-11-22"}, 422, "bad_input"),
    ("POST", WAITLIST, None, {**WISH, "nik": "36"}, 422, "bad_input"),
    ("POST", WAITLIST, None, {**WISH, "slot": "20261124T0300Z"}, 422, "bad_input"),
    ("POST", HOLDS, None, {"service": "REK", "slot": "20261324T0300Z"}, 422, "bad_input"),
    ("POST", HOLDS, None, {"service": "REK", "slot": "99991231T2300Z"}, 422, "bad_input"),
    (
        "POST",
        f"/offices/{HOME}/occupancy",
        "clerk",
        {"delta": 0, "reason": "none"},
        422,
        "bad_input",
    ),
    ("POST", f"/offices/{HOME}/occupancy", "clerk", {"delta": 1}, 422, "bad_input"),
    ("POST", f"/offices/{HOME}/occupancy", "clerk", {"delta": 1, "reason": " "}, 422, "bad_input"),
    (
        "POST",
        f"/offices/{HOME}/occupancy",
        "clerk",
        {"delta": 1, "reason": "a\nb"},
        422,
        "bad_input",
    ),
    ("POST", f"/offices/{HOME}/mode", "manager", {"mode": "PARTY"}, 422, "bad_input"),
    (
        "POST",
        f"/offices/{HOME}/mode",
        "manager",
        {"mode": "CLOSED", "notice": {"fr": "Fermé"}},
        422,
        "bad_input",
    ),
    (
        "POST",
        f"/offices/{HOME}/mode",
        "manager",
        {"mode": "CLOSED", "notice": {"id": "\u0007"}},
        422,
        "bad_input",
    ),
    ("POST", "/devices", None, {"kind": "toaster"}, 422, "bad_input"),
    (
        "POST",
        "/devices/self/heartbeat",
        "kiosk",
        {"build": "b", "facts": {"a\u0000": "b"}},
        422,
        "bad_input",
    ),
    (
        "POST",
        "/devices/self/heartbeat",
        "kiosk",
        {"build": "b", "facts": {"a": "\u0000"}},
        422,
        "bad_input",
    ),
    (
        "POST",
        "/devices/self/heartbeat",
        "kiosk",
        {"build": "b", "facts": {"a": [1]}},
        422,
        "bad_input",
    ),
    (
        "POST",
        "/devices/self/heartbeat",
        "kiosk",
        {"build": "b", "facts": {str(n): n for n in range(41)}},
        422,
        "bad_input",
    ),
    ("POST", f"/counters/{COUNTER}/open", "clerk", {"force": True}, 422, "bad_input"),
    ("GET", f"/offices/{HOME}/availability", None, None, 422, "bad_input"),
    ("GET", f"/offices/{HOME}/availability?service=REK&from=soon", None, None, 422, "bad_input"),
    (
        "GET",
        f"/offices/{HOME}/availability?service=REK&from=9999-12-31",
        None,
        None,
        422,
        "bad_input",
    ),
    (
        "GET",
        f"/offices/{HOME}/availability?service=REK&from=0001-01-01",
        None,
        None,
        422,
        "bad_input",
    ),
    ("GET", f"/offices/{HOME}/availability?service=REK&days=0", None, None, 422, "bad_input"),
    ("GET", f"/offices/{HOME}/availability?service=REK&days=32", None, None, 422, "bad_input"),
    ("GET", f"/offices/{HOME}/availability?service=REK&party=501", None, None, 422, "bad_input"),
    ("GET", f"/offices/{HOME}/availability?service=REK&nik=1", None, None, 422, "bad_input"),
    ("GET", f"/offices/{HOME}/availability?service=REK&service=AKT", None, None, 422, "bad_input"),
    ("GET", f"/offices/{HOME}/availability?service=REK%00", None, None, 422, "bad_input"),
]
CHARACTERS: list[Case] = [
    ("GET", "/offices/%00", None, None, 404, "not_found"),
    ("GET", "/offices/91%0001/board", None, None, 404, "not_found"),
    ("GET", "/offices/%0a", None, None, 404, "not_found"),
    ("GET", "/offices/%7f", None, None, 404, "not_found"),
    ("GET", "/offices/%ed%a0%80", None, None, 404, "unknown_office"),
    ("GET", "/offices/%ff", None, None, 404, "unknown_office"),
    ("GET", "/tickets/%00", None, None, 404, "not_found"),
    ("POST", "/tickets/%00/start", "clerk", {}, 404, "not_found"),
    (
        "POST",
        "/tickets/0123456789abcdef0123456789abc%ed%b0%80/start",
        "clerk",
        {},
        404,
        "unknown_ticket",
    ),
    ("POST", "/counters/%00/open", "clerk", {}, 404, "not_found"),
    ("POST", "/counters/%ed%a0%80/open", "clerk", {}, 404, "unknown_counter"),
    ("POST", "/devices/%00/token", None, {"secret": "x"}, 404, "not_found"),
    ("GET", f"/offices/{HOME}/availability?service=%ed%a0%80", None, None, 422, "bad_input"),
]


OPERATED = [each for each in OPERATIONS if not each.probe]
"""All but those that load balancers ask, with a query of their own."""


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.requires_postgresql)]
)
@pytest.mark.parametrize(
    "cases", [UNKNOWN, SHAPES, CHARACTERS], ids=["unknown", "shapes", "characters"]
)
def test_what_cannot_be_right_is_refused_and_changes_nothing(
    open_house: Callable[..., House], kind: str, cases: list[Case]
) -> None:
    house = open_house(kind)
    before = house.dump()
    for method, path, who, body, status, code in cases:
        options = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        )
        answer = house.ask(method, path, who, **options)
        try:
            problem(answer, status, code)
        except AssertionError as error:
            raise AssertionError(f"{method} {path} {body}: {error}") from None
    assert house.dump() == before


@pytest.mark.parametrize("declared", OPERATED, ids=[each.name for each in OPERATED])
def test_no_operation_takes_a_parameter_it_does_not_know(house: House, declared: Operation) -> None:
    before = house.dump()
    who = (
        None
        if declared.access.roles is None
        else next(
            each
            for each in ("admin", "kiosk", "printer", "sensor")
            if each in declared.access.roles
        )
    )
    path = re.sub(r"\{(\w+)\}", lambda found: HOME if found[1] == "office" else "x", declared.path)
    headers = {
        "Host": HOST,
        **({"Authorization": f"Bearer {house.people.tokens[who]}"} if who else {}),
    }
    for query, field in (("bogus=1", "bogus"), ("lang=xx", "lang"), ("lang=en&lang=en", "lang")):
        refused = problem(
            house.browser().open(f"{path}?{query}", method=declared.method, headers=headers),
            422,
            "bad_input",
        )
        assert field in [each["field"] for each in refused["errors"]]
    assert house.dump() == before


def test_every_operation_answers_in_the_language_asked_for(house: House) -> None:
    for language, word in (("en", "office"), ("id", "Kantor")):
        assert (
            word
            in problem(house.get(f"/offices/9999?lang={language}"), 404, "unknown_office")["detail"]
        )
        assert (
            house.get(f"/offices/{HOME}/availability?service=REK&lang={language}").status_code
            == 200
        )


LONE = [
    '{"service": "\\ud800"}',
    '{"service": "REK", "\\udfff": 1}',
    '{"service": "REK", "language": "\\ud83d"}',
]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"service": "REK"', 400),
        (b"", 415),
        (b"null", 422),
        (b"{'service': 'REK'}", 400),
        (b"\xff\xfe", 400),
        (b"[" * 5000, 400),
        (b'{"service": "REK", "service": "AKT"}', 422),
        *((each.encode(), 400) for each in LONE),
    ],
)
def test_broken_json_is_refused(both_houses: House, raw: bytes, status: int) -> None:
    house = both_houses
    before = house.dump()
    answer = house.ask(
        "POST", TICKETS, "kiosk", data=raw, content_type="application/json" if raw else None
    )
    problem(
        answer, status, {400: "bad_input", 415: "unsupported_media_type", 422: "bad_input"}[status]
    )
    assert house.dump() == before


PERSONS: list[tuple[dict[str, Any], str]] = [
    ({"nik": "123"}, "nik"),
    ({"nik": "0001014507880042"}, "nik"),
    ({"nik": "9101013207880042"}, "nik"),
    ({"nik": "9101014507880000"}, "nik"),
    ({"nik": "9101004507880042"}, "nik"),
    ({"nik": None}, "nik"),
    ({"name": "   "}, "name"),
    ({"name": "1234"}, "name"),
    ({"name": "Siti 😀"}, "name"),
    ({"name": "a" * 81}, "name"),
    ({"name": "Siti\u0000"}, "name"),
    ({"phone": "021"}, "phone"),
    ({"phone": "+62215551234"}, "phone"),
    ({"email": "nobody"}, "email"),
    ({"party_size": 5}, "party_size"),
    ({"slot": None}, "slot"),
]


def test_a_person_that_cannot_be_is_refused_by_field_and_never_echoed(house: House) -> None:
    before = house.dump()
    for changes, field in PERSONS:
        answer = house.post(BOOKINGS, body=house.booking(**changes))
        body = problem(answer, 422, "bad_input")
        assert body["field"] == field, (changes, body)
        typed = changes.get(field)
        assert not isinstance(typed, str) or len(typed) < 4 or typed not in answer.text, (
            "an answer must not repeat what was typed"
        )
    assert house.dump() == before
