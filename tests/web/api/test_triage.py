"""The triage over the API: a question or an outcome, with all that a kiosk needs; figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from queue_server.domain.office.office import Office, OnlineWay, Service, ServiceChannel
from queue_server.services.office import offices
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.application import ELSEWHERE, HOME, House, make_office

PATH = f"/offices/{HOME}/triage"
OFFICE = "9103"
WORDS = {"id": "Kata", "en": "Word"}
WAY = OnlineWay("https://contoh.example/kk", {"id": "Satu\nDua", "en": "One\nTwo"})


@pytest.fixture
def registry(house: House) -> House:
    """A server with one more office, which has services of a civil registry."""

    def service(code: str, channel: ServiceChannel, way: OnlineWay | None = None) -> Service:
        return Service(code, "A", WORDS, WORDS, WORDS, channel, 10, way)

    def add(tx: Transaction) -> None:
        services = (
            service("SNK", ServiceChannel.ONLINE),
            service("KK", ServiceChannel.ONLINE, WAY),
            service("LEG", ServiceChannel.MUST_COME),
        )
        offices.add_office(tx, office=_with(services))

    house.database.write([], add)
    return house


def _with(services: tuple[Service, ...]) -> Office:
    counters = tuple(
        replace(each, id=each.id.replace(HOME, OFFICE)) for each in make_office(OFFICE).counters
    )
    return replace(make_office(OFFICE), services=services, counters=counters)


def ask(house: House, service: str, who: str | None = None, **body: Any) -> dict[str, Any]:
    done = house.post(f"/offices/{OFFICE}/triage?lang=en", who, {"service": service, **body})
    assert done.status_code == 200, done.text
    return dict(done.get_json())


def test_a_question_comes_with_its_answers_and_how_many_more(registry: House) -> None:
    first = ask(registry, "SNK")
    assert (first["outcome"], first["links"], first["reasons"]) == (None, [], [])
    assert first["question"] == {
        "id": "soon",
        "text": "Must the data be right within 3 working days?",
        "hint": "",
        "answers": [{"answer": "yes", "text": "Yes"}, {"answer": "no", "text": "No"}],
        "number": 1,
        "at_most": 2,
    }
    second = ask(registry, "SNK", answers={"soon": "yes"})
    assert second["question"]["number"] == second["question"]["at_most"] == 2
    assert first["override"]["url"] == f"http://127.0.0.1:8000/o/{OFFICE}/book/day?service=SNK"
    assert first["override"]["text"] == "Still want to come?"


def test_an_urgent_outcome_names_the_reason_with_which_a_booking_goes_on(registry: House) -> None:
    view = ask(registry, "SNK", answers={"soon": "yes", "what_for": "treatment"})
    assert (view["outcome"], view["question"], view["urgency"]) == ("URGENT", None, "hospital")
    assert view["bring"] == ["Word", "Bring: a letter from the hospital or clinic."]
    links = {each["rel"]: each["url"] for each in view["links"]}
    assert links["book"].endswith("/book/day?service=SNK&urgency=hospital")
    assert links["phone"] == "tel:021555"
    assert view["reasons"] and view["steps"] and view["title"]


def test_the_offices_own_way_online_is_told_with_its_steps(registry: House) -> None:
    view = ask(registry, "KK")
    assert (view["outcome"], view["steps"]) == ("ONLINE", ["One", "Two"])
    link = {"rel": "online", "url": WAY.url, "text": "Do it online"}
    assert view["links"][0] == link
    legalised = ask(registry, "LEG", answers={"signature": "yes"})
    assert [each["rel"] for each in legalised["links"]] == ["phone"]
    assert legalised["bring"] == []


def test_it_speaks_the_language_asked_for(registry: House) -> None:
    done = registry.post(f"/offices/{OFFICE}/triage?lang=id", body={"service": "LEG"})
    assert "kode QR" in done.get_json()["question"]["text"]
    assert done.get_json()["language"] == "id"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"service": "XXX"}, 404),
        ({"service": ""}, 422),
        ({}, 422),
        ({"service": "REK", "answers": {"before": "perhaps"}}, 422),
        ({"service": "REK", "answers": {"nothing": "yes"}}, 422),
        ({"service": "REK", "answers": {"can_come": "yes"}}, 422),
        ({"service": "REK", "answers": {"before": 1}}, 422),
        ({"service": "REK", "answers": ["before"]}, 422),
        ({"service": "REK", "answers": {"before": "y" * 10_000}}, 422),
        ({"service": "REK", "answers": {f"q{n}": "yes" for n in range(9)}}, 422),
        ({"service": "REK", "answers": {f"q{n}": "yes" for n in range(10_000)}}, 413),
        ({"service": "REK", "advised": "yes"}, 422),
        ({"service": "REK", "name": "Siti"}, 422),
    ],
)
def test_what_cannot_be_asked_is_refused_and_changes_nothing(
    house: House, body: dict[str, Any], status: int
) -> None:
    before = house.dump()
    done = house.post(PATH, "kiosk", body)
    assert done.status_code == status, done.text
    assert done.mimetype == "application/problem+json"
    assert house.dump() == before


def figures(house: House, office: str = HOME) -> dict[str, Any]:
    done = house.get(f"/offices/{office}/triage/figures?days=7", "admin")
    assert done.status_code == 200, done.text
    return dict(done.get_json())


ADVISED = {"service": "REK", "answers": {"before": "no", "can_come": "no"}, "advised": True}


def test_advice_is_counted_for_those_whose_word_counts(house: House) -> None:
    for who in (None, "display", "kiosk_elsewhere", "clerk_elsewhere"):
        assert house.post(PATH, who, ADVISED).status_code == 200
    assert house.post(PATH, "kiosk", {**ADVISED, "advised": False}).status_code == 200
    asking = {"service": "REK", "answers": {"before": "no"}, "advised": True}
    assert house.post(PATH, "kiosk", asking).get_json()["outcome"] is None
    assert figures(house)["advised"] == []
    for who in ("kiosk", "guard", "clerk"):
        assert house.post(PATH, who, ADVISED).get_json()["outcome"] == "ASSISTED"
    assert [(each["asker"], each["advised"]) for each in figures(house)["advised"]] == [
        ("DEVICE", 1),
        ("STAFF", 2),
    ]


def test_advice_sent_again_under_its_key_is_counted_once(house: House) -> None:
    first, again = (house.post(PATH, "kiosk", ADVISED, key="visitor-1") for _time in range(2))
    assert first.data == again.data
    assert [each["advised"] for each in figures(house)["advised"]] == [1]


def test_serving_somebody_anyway_is_counted_with_the_number(house: House) -> None:
    path = f"/offices/{HOME}/reception/tickets"
    body = {"service": "REK", "anyway": "CAME_FAR"}
    first, again = (house.post(path, "clerk", body, key="desk-1") for _time in range(2))
    assert first.status_code == 201 and first.data == again.data
    assert figures(house)["served_anyway"] == [
        {"service": "REK", "reason": "CAME_FAR", "visits": 1}
    ]
    assert house.post(path, "clerk", {**body, "anyway": "WHY_NOT"}).status_code == 422
    assert house.post(path, "clerk", {**body, "party_size": 40}).status_code == 422
    assert figures(house)["served_anyway"][0]["visits"] == 1, "no number, no count"


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 401), ("clerk", 403), ("kiosk", 403), ("manager_elsewhere", 403), ("manager", 200)],
)
def test_figures_are_for_managers_of_the_office(house: House, who: str | None, status: int) -> None:
    assert house.get(f"/offices/{HOME}/triage/figures", who).status_code == status
    assert house.get(f"/offices/{ELSEWHERE}/triage/figures", "manager").status_code == 403
