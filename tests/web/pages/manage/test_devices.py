"""The devices page: what is wrong with each device and what to do next, and what managers order
from afar.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.events import EventType
from queue_server.services.access import device_orders, devices
from queue_server.store.access import devices as device_store
from queue_server.store.visit import events as event_store
from tests.fixtures.application import House
from tests.web.pages.manage.changing import change_form
from tests.web.pages.supervisor.test_page import page
from tests.web.site import Form, Site, forms_of

HOME = "3674"

WELL = {"printer": "ready", "roll_left": 400, "print_queued": 0, "beat_s": 5}


def beat(house: House, who: str = "kiosk", **facts: Any) -> TestResponse:
    return house.post("/devices/self/heartbeat", who, {"build": "b1", "facts": {**WELL, **facts}})


@pytest.mark.parametrize(
    ("facts", "id", "en"),
    [
        ({"printer": "paper_out"}, "Pasang gulungan baru", "Put in a new roll"),
        ({"roll_left": 12}, "Sisa kira-kira 12 karcis", "About 12 slips are left"),
        ({"journal": "full"}, "penyimpanannya penuh", "the disk is full"),
        ({"clock_sure": False}, "Setel waktunya", "Set its time"),
        (
            {"link": "syncing", "offline_since": "2026-11-23T08:40:00+07:00"},
            "sempat tidak terhubung",
            "had no connection",
        ),
        ({"lease_left": 3}, "tinggal 3", "only 3 numbers left"),
        ({"page_seen_s": 61}, "layarnya tidak menjawab", "the screen does not answer"),
        ({"print_unconfirmed": 1}, "belum diketahui apakah karcis", "nobody knows whether a slip"),
    ],
)
def test_each_trouble_says_what_to_do_next(
    house: House, facts: dict[str, Any], id: str, en: str
) -> None:
    beat(house, **facts)
    assert id in page(house, "/manage/devices?lang=id", "manager")
    assert en in page(house, "/manage/devices?lang=en", "manager")
    beat(house)
    assert en not in page(house, "/manage/devices?lang=en", "manager")


def test_two_machines_with_one_identity_are_told(house: House) -> None:
    for name in ("i1", "i2"):
        beat(house, installation=name)
    assert "Two machines call themselves" in page(house, "/manage/devices?lang=en", "manager")
    house.clock.pass_by(minutes=3)
    beat(house, installation="i2")
    assert "Two machines" not in page(house, "/manage/devices?lang=en", "manager")


def test_a_heartbeat_with_nothing_new_writes_nothing(house: House) -> None:
    beat(house, page_seen_s=1)
    before = house.dump()
    for seconds in (2, 3, 59):
        house.clock.pass_by(seconds=5)
        assert beat(house, page_seen_s=seconds).status_code == 204
    assert house.dump() == before
    beat(house, printer="paper_out")
    assert house.dump() != before


def kiosk_of(site: Site) -> device_store.Device:
    with site.application.database.read() as connection:
        known = device_store.list_of_office(connection, HOME)
    return next(
        (each for each in known if each.kind == "kiosk"), None
    ) or site.application.database.write(
        [],
        lambda tx: devices.add_paired(tx, "kiosk", HOME, "Kios 1", "token-of-kios-1", site.clock()),
    )


def say(site: Site, **facts: Any) -> None:
    """What the kiosk says of itself."""
    kiosk = kiosk_of(site)
    health = {"build": "b1", **WELL, **facts}
    site.application.database.write(
        [], lambda tx: device_store.update(tx, HOME, kiosk.id, seen_at=site.clock(), health=health)
    )


def order_form(manager: FlaskClient, order: str) -> Form | None:
    forms = forms_of(manager.get("/manage/devices"))
    return next((each for each in forms if each.fields.get("order") == order), None)


def orders_of(site: Site) -> list[tuple[str, str]]:
    office = site.application.database.find_office(HOME)
    with site.application.database.read() as connection:
        listed = device_orders.list_orders(connection, office, kiosk_of(site).id, site.clock())
    return [(each.kind, each.job) for each in listed]


def test_staff_answer_for_a_slip_and_the_device_learns_it(site: Site, manager: FlaskClient) -> None:
    say(site)
    assert order_form(manager, "came_out") is None, "nothing is asked"
    say(site, print_unconfirmed=1, unconfirmed_job="j7", unconfirmed_number="A012")
    assert "A012" in manager.get("/manage/devices").text
    form = order_form(manager, "not_out")
    assert form is not None
    answers = [site.send(manager, form) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert orders_of(site) == [("not_out", "j7")], "a form sent twice orders once"
    say(site, print_unconfirmed=1, unconfirmed_job="j8")
    assert site.send(manager, form, idempotency_key="").status_code == 409, "for another slip"
    assert orders_of(site) == [("not_out", "j7")]


def test_an_order_lapses_when_the_device_does_not_fetch_it(
    site: Site, manager: FlaskClient
) -> None:
    say(site)
    form = order_form(manager, "roll_changed")
    assert form is not None and site.send(manager, form).status_code == 303
    assert orders_of(site) == [("roll_changed", "")]
    site.clock.pass_by(minutes=3)
    assert orders_of(site) == []


def test_what_is_no_order_is_refused(site: Site, manager: FlaskClient) -> None:
    say(site)
    form = order_form(manager, "test_print")
    assert form is not None
    assert site.send(manager, form, order="explode").status_code == 422
    say(site, printer="none")
    assert order_form(manager, "test_print") is None
    assert site.send(manager, form, idempotency_key="").status_code == 409
    assert orders_of(site) == []


def test_a_device_gets_another_name_once(site: Site, manager: FlaskClient) -> None:
    action = f"{kiosk_of(site).id}/rename"
    forms = forms_of(manager.get("/manage/devices"))
    form = next(each for each in forms if each.action.endswith(action))
    done = [site.send(manager, form, new_name="Pintu timur") for _ in range(2)]
    assert [each.status_code for each in done] == [303, 303]
    assert kiosk_of(site).name == "Pintu timur" and done[0].location == done[1].location
    undo = change_form(manager.get(done[1].location), "/manage/history/undo")
    assert "Pintu timur → " in site.send(manager, undo).text
    assert site.send(manager, form, new_name="  ", idempotency_key="").status_code == 422
    office = site.application.database.find_office(HOME)
    with site.application.database.read() as connection:
        noted = event_store.list_of_types(
            connection, HOME, office.date_at(site.clock()), [EventType.DEVICE_RENAMED]
        )
    assert len(noted) == 1


def test_the_mark_changes_with_what_is_shown_and_not_with_time(
    site: Site, manager: FlaskClient
) -> None:
    def mark() -> str:
        return str(manager.get("/manage/devices/mark").get_json()["mark"])

    say(site)
    before = mark()
    assert f'data-mark="{before}"' in manager.get("/manage/devices").text
    say(site)
    assert mark() == before
    say(site, printer="cover_open")
    assert mark() != before
