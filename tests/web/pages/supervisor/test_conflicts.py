"""The list of kiosk numbers that did not fit, and the devices page with what kiosks hold."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fixtures.application import HOME, HOST, House, csrf_of

WISH = {"installation": "an-installation-of-a-kiosk", "streams": {"A": 5}}


def conflict(house: House) -> dict[str, Any]:
    lease: dict[str, Any] = house.post("/leases", "kiosk", WISH).get_json()
    number = lease["numbers"][0]
    item = {
        "id": number["id"],
        "lease": lease["lease"],
        "number": number["number"],
        "issued_at": lease["now"],
        "service": "GONE",
    }
    house.post("/sync/tickets", "kiosk", {"items": [item]})
    return lease


@pytest.mark.parametrize(
    ("language", "to_do", "button"),
    [("en", "What to do:", "Dealt with"), ("id", "Yang perlu dilakukan:", "Sudah diurus")],
)
def test_staff_read_what_happened_and_deal_with_it(
    both_houses: House, language: str, to_do: str, button: str
) -> None:
    house = both_houses
    conflict(house)
    browser, _ = house.sign_in("supervisor")
    page = browser.get(f"/supervise/conflicts?lang={language}", headers={"Host": HOST})
    assert "A501" in page.text and to_do in page.text and button in page.text
    [path] = set(re.findall(r"/supervise/conflicts/[0-9a-f]+", page.text))
    form = {"csrf_token": csrf_of(page), "idempotency_key": "k" * 20, "office": HOME}
    for _ in range(2):
        assert browser.post(path, data=form, headers={"Host": HOST}).status_code == 303
    assert house.events().count("conflict_seen") == 1
    dashboard = house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()
    assert dashboard["conflicts"] == 0


def test_a_manager_reads_the_pin_and_replaces_an_installation(both_houses: House) -> None:
    house = both_houses
    lease = conflict(house)
    browser, _ = house.sign_in("manager")
    page = browser.get("/manage/devices?lang=en", headers={"Host": HOST})
    [pin] = re.findall(r"\b(\d{3} \d{3})\b", page.text)
    [path] = set(re.findall(r"/manage/devices/[0-9a-f]+/replace", page.text))
    assert pin.replace(" ", "") not in str(house.dump()) and lease["pin_digest"] not in page.text
    ask = browser.get(f"{path}?lang=en", headers={"Host": HOST})
    form = {"csrf_token": csrf_of(ask), "idempotency_key": "k" * 20}
    for _ in range(2):
        assert browser.post(path, data=form, headers={"Host": HOST}).status_code == 303
    assert house.events().count("lease_lost") == 1
    assert house.get(f"/leases/{lease['lease']}", "kiosk").get_json()["state"] == "LOST"
    other = {**WISH, "installation": "another-installation-of-it"}
    assert house.post("/leases", "kiosk", other).get_json()["numbers"][0]["number"] == "A506"
