"""What may be told of an office and its services."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.demo.banten import offices
from queue_server.domain.errors import BadInput, UnknownService
from queue_server.domain.office.descriptions import (
    SEARCH_WORDS_MAX,
    STEPS_MAX,
    admit_online_url,
    describe_office,
    describe_service,
    description_of,
    office_description_of,
    told_anew,
)
from queue_server.domain.office.location import Coordinates, Location
from queue_server.domain.office.office import OnlineWay, ServiceChannel

OFFICE = offices([2026])[0]
KK = description_of(OFFICE.service("KK"))
STEPS = {"id": "Isi formulir.", "en": "Fill in the form."}


@pytest.mark.parametrize(
    "url",
    [
        "https://contoh.example/kk",
        "https://layanan.kota.go.id:8443/a?b=c&d=e#f",
        "https://xn--80ak6aa92e.example/",
    ],
)
def test_an_address_on_the_web_is_taken(url: str) -> None:
    admit_online_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://contoh.example/",
        "HTTPS://contoh.example/",
        "//contoh.example/",
        "contoh.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///kk",
        "https://localhost/",
        "https://bank.example@contoh.example/",
        "https://contoh..example/",
        "https://-contoh.example/",
        "https://contoh.example:port/",
        "https://[::1/",
        "https://contoh.example/a b",
        "https://contoh.example/\\evil",
        'https://contoh.example/"onclick=',
        "https://contoh.example/\u202e",
        "https://раураl.example/",
        "https://contoh.example/\n",
        "https://contoh.example/" + "a" * 300,
    ],
)
def test_what_is_no_plain_address_of_a_page_is_refused(url: str) -> None:
    told = replace(KK, online=OnlineWay(url, STEPS))
    with pytest.raises(BadInput) as refused:
        describe_service(OFFICE, "KK", told)
    assert refused.value.facts["field"] == "url"
    assert refused.value.facts["reason"] in ("url", "length")


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"summary": {"en": "A card"}}, "summary", "missing"),
        ({"summary": {"id": "x" * 121}}, "summary", "length"),
        ({"requirements": {"id": "x" * 501}}, "requirements", "length"),
        ({"channel": ServiceChannel.MUST_COME}, "url", "channel"),
        ({"online": OnlineWay("https://a.example", {"en": "One"})}, "steps", "missing"),
        (
            {"online": OnlineWay("https://a.example", {"id": "\n".join("a" * (STEPS_MAX + 1))})},
            "steps",
            "count",
        ),
        ({"online": OnlineWay("https://a.example", {"id": "x" * 161})}, "steps", "length"),
        ({"search_words": ("x",) * (SEARCH_WORDS_MAX + 1)}, "search_words", "count"),
        ({"search_words": ("x" * 41,)}, "search_words", "length"),
    ],
)
def test_what_a_service_cannot_be_is_refused_at_its_field(
    changes: dict[str, object], field: str, reason: str
) -> None:
    with pytest.raises(BadInput) as refused:
        describe_service(OFFICE, "KK", replace(KK, **changes))
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)


def test_one_service_is_described_anew_and_nothing_else() -> None:
    told = replace(KK, online=None, channel=ServiceChannel.MUST_COME, search_words=("kartu",))
    after = describe_service(OFFICE, "KK", told)
    assert description_of(after.service("KK")) == told
    assert told_anew(OFFICE.service("KK"), after.service("KK")) == [
        "channel",
        "online",
        "search_words",
    ]
    assert [each for each in after.services if each.code != "KK"] == [
        each for each in OFFICE.services if each.code != "KK"
    ]
    assert describe_service(OFFICE, "KK", KK) == OFFICE
    with pytest.raises(UnknownService):
        describe_service(OFFICE, "NONE", told)


@pytest.mark.parametrize(
    ("point", "field"),
    [
        (Coordinates(90.1, 0), "latitude"),
        (Coordinates(0, -180.1), "longitude"),
        (Coordinates(float("nan"), 0), "latitude"),
    ],
)
def test_a_point_off_the_map_is_refused(point: Coordinates, field: str) -> None:
    told = replace(office_description_of(OFFICE), location=Location(point))
    with pytest.raises(BadInput) as refused:
        describe_office(OFFICE, told)
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"address": "  "}, "address", "missing"),
        ({"address": "x" * 121}, "address", "length"),
        ({"phone": "0" * 41}, "phone", "length"),
        ({"location": Location(parking={"en": "x" * 501})}, "parking", "length"),
        ({"location": Location(directions={"id": "x" * 501})}, "directions", "length"),
    ],
)
def test_what_an_office_cannot_be_is_refused_at_its_field(
    changes: dict[str, object], field: str, reason: str
) -> None:
    with pytest.raises(BadInput) as refused:
        describe_office(OFFICE, replace(office_description_of(OFFICE), **changes))
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)


def test_an_office_is_described_anew() -> None:
    told = replace(office_description_of(OFFICE), phone="1500", location=Location())
    after = describe_office(OFFICE, told)
    assert office_description_of(after) == told
    assert told_anew(OFFICE, after) == ["phone", "location"]
