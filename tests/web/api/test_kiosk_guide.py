"""What a kiosk is given to tell before a number: the citizens' triage, the day, the room."""

from __future__ import annotations

from typing import Any

from queue_server.protocol.guide import KioskGuide
from queue_server.protocol.messages import OfficeOffer, from_wire
from tests.fixtures.application import ELSEWHERE, HOME, House
from tests.web.problems import problem

GUIDE = f"/offices/{HOME}/kiosk-guide"
OFFER = f"/offices/{HOME}/offer"


def read_guide(house: House) -> KioskGuide:
    answer = house.get(GUIDE, "kiosk")
    assert answer.status_code == 200, answer.text
    return from_wire(KioskGuide, answer.get_json())


def read_offer(house: House) -> OfficeOffer:
    return from_wire(OfficeOffer, house.get(OFFER, "kiosk").get_json())


def decide(house: House, **body: Any) -> None:
    done = house.post(f"/offices/{HOME}/mode", "manager", body)
    assert done.status_code in (200, 201), done.text


def test_it_holds_a_whole_way_for_every_service_in_both_languages(house: House) -> None:
    guide = read_guide(house)
    assert {each.service for each in guide.services} == {
        each.code for each in read_offer(house).services
    }
    for service in guide.services:
        known = service.questions.keys() | service.advice.keys()
        assert service.first in known
        for question in service.questions.values():
            assert {answer.to for answer in question.answers} <= known
            assert all(answer.text["id"] and answer.text["en"] for answer in question.answers)
        for advice in service.advice.values():
            assert advice.title["id"] and advice.title["en"]
            here = advice.outcome in ("VISIT", "URGENT")
            assert bool(advice.url) is not here and bool(advice.steps) is not here
    assert guide.evidence["court"] == {
        "id": "Bawa: surat dari pengadilan atau bank",
        "en": "Bring: the letter from the court or the bank",
    }


def test_the_offer_names_its_version_which_changes_with_the_mode_alone(house: House) -> None:
    first = read_guide(house)
    assert read_offer(house).guide == first.version
    house.walk_in()
    house.clock.pass_by(minutes=30)
    assert read_offer(house).guide == first.version
    decide(house, mode="URGENT_ONLY")
    urgent = read_guide(house)
    assert read_offer(house).guide == urgent.version != first.version
    reasons = {each.urgency for service in urgent.services for each in service.advice.values()}
    assert {"hospital", "court"} <= reasons


def test_an_unchanged_guide_is_not_sent_again(house: House) -> None:
    etag = house.get(GUIDE, "kiosk").headers["ETag"]
    again = house.get(GUIDE, "kiosk", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_it_is_for_the_offices_own_devices_alone(house: House) -> None:
    assert house.get(GUIDE).status_code == 401
    assert house.get(f"/offices/{ELSEWHERE}/kiosk-guide", "kiosk").status_code in (403, 404)
    problem(house.get("/offices/nowhere/kiosk-guide", "kiosk_elsewhere"), 403, "forbidden")


def test_the_offer_tells_the_hours_and_until_when_a_closed_office_is_closed(house: House) -> None:
    offer = read_offer(house)
    assert offer.hours and (offer.opens_at, offer.mode_until) == (None, None)
    assert offer.streams["A"]["id"] and all(each.urgent_open for each in offer.services)
    decide(
        house, mode="CLOSED", notice={"id": "Banjir", "en": "Flood"}, ends_at="2026-11-24T03:00:00Z"
    )
    offer = read_offer(house)
    assert (offer.open, offer.notice["en"]) == (False, "Flood")
    assert offer.mode_until == offer.opens_at == "2026-11-24T10:00:00+07:00"
    assert not any(each.urgent_open for each in offer.services)
    assert {each.next_day for each in offer.services} == {"2026-11-24"}


def test_a_full_room_is_told_with_the_wait_outside(house: House) -> None:
    house.post(f"/counters/{HOME}-1/open", "clerk", key="open")
    limit = read_offer(house).limit
    assert limit is not None and not read_offer(house).full
    for _ in range(limit):
        house.walk_in()
    offer = read_offer(house)
    assert offer.full and offer.outside_wait is not None
    assert offer.outside_wait in {each.wait for each in offer.services}
    house.clock.pass_by(days=1)
    assert not read_offer(house).full
