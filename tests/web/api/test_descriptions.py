"""What the public is told, over the API."""

from __future__ import annotations

import pytest

from tests.fixtures.application import HOME, House

URL = f"/offices/{HOME}/services/REK"
ONLINE = {
    "url": "https://contoh.example/rekam",
    "steps": {"id": ["Isi formulir.", "Tunggu kabar."], "en": ["Fill in.", "Wait."]},
}


def described(house: House) -> int:
    return sum(house.events().count(each) for each in ("office_described", "service_described"))


def test_a_service_is_described_in_parts_and_read_by_everybody(house: House) -> None:
    before = house.get(f"/offices/{HOME}/services").get_json()["services"][0]
    assert before["online"] is None and before["search_words"] == []
    body = {"channel": "ONLINE", "online": ONLINE, "search_words": ["ktp baru"]}
    after = house.ask("PUT", URL, "manager", json=body)
    assert after.status_code == 200
    assert after.get_json() == before | body
    assert house.get(f"/offices/{HOME}/services").get_json()["services"][0] == after.get_json()
    assert house.ask("PUT", URL, "manager", json={"search_words": ["foto"]}).get_json() == (
        before | body | {"search_words": ["foto"]}
    ), "what is left out stays"
    assert described(house) == 2
    assert house.ask("PUT", URL, "manager", json={"search_words": ["foto"]}).status_code == 200
    assert described(house) == 2, "what changes nothing is no event"
    gone = house.ask("PUT", URL, "manager", json={"online": None}).get_json()
    assert gone["online"] is None and gone["channel"] == "ONLINE"


def test_an_office_is_described_in_parts_and_read_by_everybody(house: House) -> None:
    url = f"/offices/{HOME}/description"
    nowhere = house.get(f"/offices/{HOME}").get_json()["location"]
    assert nowhere["map_url"] is None and nowhere["wheelchair"] is None
    body = {
        "coordinates": {"latitude": -6.3, "longitude": 106.7},
        "wheelchair": "FULL",
        "parking": {"id": "Di belakang"},
    }
    location = house.ask("PUT", url, "manager", json=body).get_json()["location"]
    assert location == house.get(f"/offices/{HOME}").get_json()["location"]
    assert location["latitude"] == -6.3 and location["wheelchair"] == "FULL"
    assert location["map_url"].startswith("https://www.openstreetmap.org/?mlat=-6.30000")
    cleared = house.ask("PUT", url, "manager", json={"coordinates": None, "phone": "1500"})
    assert cleared.get_json()["phone"] == "1500"
    assert cleared.get_json()["location"] == location | {
        "latitude": None,
        "longitude": None,
        "map_url": None,
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"online": ONLINE | {"url": "http://contoh.example"}}, "url"),
        ({"channel": "MUST_COME", "online": ONLINE}, "url"),
        ({"channel": "ONLINE", "online": ONLINE | {"steps": {}}}, "steps"),
        ({"summary": {}}, "summary"),
        ({"channel": "SOMETIMES"}, "channel"),
        ({"name": {"id": "Lain"}}, "name"),
    ],
)
def test_what_cannot_be_is_refused(house: House, body: dict[str, object], field: str) -> None:
    channel = {} if "channel" in body else {"channel": "ONLINE"}
    refused = house.ask("PUT", URL, "manager", json=channel | body)
    assert refused.status_code == 422 and refused.get_json()["field"] == field
    assert described(house) == 0


def test_only_managers_of_the_office_may_and_only_what_they_have_seen(house: House) -> None:
    assert house.ask("PUT", URL, "clerk", json={}).status_code == 403
    assert house.ask("PUT", f"/offices/{HOME}/services/NONE", "manager", json={}).status_code == 404
    late = house.ask("PUT", URL, "manager", json={"search_words": ["a"], "revision": 1_000})
    assert late.status_code == 409 and late.get_json()["code"] == "changed"
    assert described(house) == 0
