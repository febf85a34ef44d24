"""The screens of an office: what each shows, and how managers set it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.services.access import device_orders, devices
from queue_server.store.access import devices as device_store
from queue_server.store.access import displays as display_store
from tests.web.pages.manage.changing import apply, change_form
from tests.web.site import Site, forms_of

HOME, PAGE = "3674", "/manage/displays"

WELL = {
    "beat_s": 5,
    "screen": "board",
    "layout": "main",
    "sound": "ok",
    "showing": "A012",
    "width": 1920,
    "height": 1080,
}


@pytest.fixture
def tv(site: Site) -> str:
    """The id of a screen that is paired."""
    return add_tv(site, "TV lobi")


def add_tv(site: Site, name: str) -> str:
    database = site.application.database
    return database.write(
        [],
        lambda tx: devices.add_paired(tx, "display", HOME, name, f"token {name}", site.clock()).id,
    )


def say(site: Site, tv: str, **facts: Any) -> None:
    """What the screen says of itself."""
    health = {"build": "b1", **WELL, **facts}
    site.application.database.write(
        [], lambda tx: device_store.update(tx, HOME, tv, seen_at=site.clock(), health=health)
    )


def save(site: Site, manager: FlaskClient, tv: str, **typed: str) -> TestResponse:
    path = f"{PAGE}/{tv}"
    return site.send(manager, change_form(manager.get(path), path), **typed)


def settings_of(site: Site, tv: str) -> Any:
    with site.application.database.read() as connection:
        return display_store.find(connection, HOME, tv)


def seen(manager: FlaskClient, language: str = "en") -> dict[str, Any]:
    [screen] = manager.get(f"{PAGE}/seen?lang={language}").get_json()["screens"]
    return dict(screen)


def test_what_a_screen_says_is_on_the_page(site: Site, manager: FlaskClient, tv: str) -> None:
    assert "Layar ini belum melapor" in manager.get(PAGE).text
    say(site, tv, queued=3, board_date="2026-11-24", board_seq=9)
    site.clock.pass_by(seconds=4)
    page = manager.get(f"{PAGE}?lang=en").text
    assert "What the screen last said, 4 seconds ago" in page and "1920 × 1080" in page
    screen = seen(manager)
    assert screen["texts"]["showing"] == "A012" and screen["texts"]["queued"] == "+3"
    assert screen["texts"]["board"] == "up to date"
    assert screen["picture"] == {
        "screen": "board",
        "layout": "main",
        "sound": "ok",
        "state": "on",
        "length": "short",
    }
    assert seen(manager, "id")["texts"]["said"] == "Laporan terakhir layar, 4 detik yang lalu"


@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        ({"sound": "blocked"}, "on", "the browser blocks the sound"),
        ({"sound": "missing"}, "on", "no sound comes out"),
        ({"voice_missing": 4}, "on", "4 words of the voice"),
        ({"page_seen_s": 60}, "off", "the screen does not answer"),
        ({"behind_since": "2026-11-24T02:00:00+00:00"}, "old", "shows an old state"),
        ({"clock_right": False}, "on", "the clock of the screen’s computer is wrong"),
    ],
)
def test_what_is_wrong_is_told_on_every_page_alike(
    site: Site, manager: FlaskClient, tv: str, facts: dict[str, Any], state: str, words: str
) -> None:
    say(site, tv, **facts)
    screen = seen(manager)
    assert screen["picture"]["state"] == state
    [trouble] = screen["troubles"]
    assert words in trouble["words"]
    assert trouble["words"] in manager.get("/manage/devices?lang=en").text
    say(site, tv)
    assert seen(manager)["troubles"] == []


def test_a_screen_that_is_not_heard_is_off(site: Site, manager: FlaskClient, tv: str) -> None:
    say(site, tv)
    site.clock.pass_by(minutes=10)
    screen = seen(manager)
    assert (screen["picture"]["state"], screen["look"]) == ("off", "late")
    assert "seconds" not in screen["texts"]["said"]


@pytest.mark.parametrize(
    "facts",
    [
        {"showing": "\u202e<b>x</b>" * 99, "layout": "<x>", "screen": "?", "width": -1},
        {"showing": 7, "layout": True, "queued": "many", "board_seq": "9", "width": 2**40},
        {"board_date": "\0", "board_seq": 2**50, "sound": "☃", "height": 1},
    ],
)
def test_a_screen_that_talks_nonsense_breaks_no_page(
    site: Site, manager: FlaskClient, tv: str, facts: dict[str, Any]
) -> None:
    say(site, tv, **facts)
    assert manager.get(PAGE).status_code == 200 and "<b>x" not in manager.get(PAGE).text
    assert manager.get(f"{PAGE}/seen").status_code == 200


def test_settings_are_saved_once_and_shown_again(site: Site, manager: FlaskClient, tv: str) -> None:
    typed = {
        "layout": "halls",
        "zone": "Lantai  1",
        "counter_3674-1": "1",
        "counter_3674-2": "2",
        "hall_1_name_id": "Kiri",
        "languages": "en,id",
        "spoken": "both",
        "also_spoken": "JV",
        "repeats": "2",
        "volume": "35",
        "quiet_1_from": "12:00",
        "quiet_1_to": "13:00",
        "message_id": "Selamat datang",
        "media": "1",
        "distance_m": "12",
        "diagonal_inch": "55",
    }
    done = save(site, manager, tv, **typed)
    assert done.status_code == 303 and "done=saved" in done.location
    settings = settings_of(site, tv)
    assert (settings.layout, settings.zone, settings.languages) == (
        "halls",
        "Lantai 1",
        ("en", "id"),
    )
    assert [each.counters for each in settings.halls] == [("3674-1",), ("3674-2",)]
    assert (settings.repeats, settings.volume, settings.spoken) == (2, 35, "both")
    assert settings.also_spoken == "jv"
    assert (settings.media, settings.distance_m, settings.diagonal_inch) == (True, 12, 55)
    assert settings.voice and settings.message == {"id": "Selamat datang"}
    again = change_form(manager.get(f"{PAGE}/{tv}"), f"{PAGE}/{tv}").fields
    assert {name: again[name] for name in typed} == {
        **typed,
        "zone": "Lantai 1",
        "also_spoken": "jv",
    }
    page = manager.get(f"{PAGE}/{tv}?lang=en").text
    assert ">27</b>" in page, "55 inches are readable up to 27 m"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"layout": "halls"}, "counters"),
        ({"layout": "counter"}, "counters"),
        ({"layout": "counter", "counter_3674-1": "1", "counter_3674-2": "1"}, "counters"),
        ({"layout": "wall"}, "layout"),
        ({"zone": "z" * 41}, "zone"),
        ({"zone": "a\u202eb"}, "zone"),
        ({"message_en": "x" * 201}, "message_en"),
        ({"volume": "101"}, "volume"),
        ({"volume": "loud"}, "volume"),
        ({"distance_m": "1"}, "distance_m"),
        ({"diagonal_inch": "999"}, "diagonal_inch"),
        ({"repeats": "9"}, "repeats"),
        ({"languages": "jv"}, "languages"),
        ({"spoken": "all"}, "spoken"),
        ({"also_spoken": "jawa"}, "also_spoken"),
        ({"quiet_1_from": "12:00"}, "quiet_1_from"),
        ({"quiet_2_from": "12:00", "quiet_2_to": "12:00"}, "quiet_2_from"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_changed(
    site: Site, manager: FlaskClient, tv: str, typed: dict[str, str], field: str
) -> None:
    before = settings_of(site, tv)
    refused = save(site, manager, tv, **typed)
    assert refused.status_code == 422 and f'href="#f-{field}"' in refused.text
    assert f'id="f-{field}"' in refused.text, "the link leads to the field"
    assert settings_of(site, tv) == before


def test_one_voice_in_a_zone_and_a_zone_without_one_is_told(
    site: Site, manager: FlaskClient, tv: str
) -> None:
    second = add_tv(site, "TV dua")
    assert settings_of(site, tv).voice and not settings_of(site, second).voice
    assert "Layar lain di zonanya" in manager.get(f"{PAGE}/{second}").text
    assert save(site, manager, second, voice="1").status_code == 303
    assert not settings_of(site, tv).voice and settings_of(site, second).voice
    assert "Tidak ada layar yang bersuara" not in manager.get(PAGE).text
    assert save(site, manager, second, voice="").status_code == 303
    assert "Tidak ada layar yang bersuara" in manager.get(PAGE).text


def test_two_managers_at_once_are_told_of_each_other(
    site: Site, manager: FlaskClient, tv: str
) -> None:
    path = f"{PAGE}/{tv}"
    old = change_form(manager.get(path), path)
    assert save(site, manager, tv, volume="10").status_code == 303
    refused = site.send(manager, old, volume="20")
    assert refused.status_code == 409 and settings_of(site, tv).volume == 10
    assert site.send(manager, change_form(refused, path)).status_code == 303, "saved again"
    assert settings_of(site, tv).volume == 20


def test_what_was_saved_at_once_is_taken_back_from_the_same_page(
    site: Site, manager: FlaskClient, tv: str
) -> None:
    before, undo = settings_of(site, tv), "/manage/history/undo"
    done = save(site, manager, tv, volume="10").location
    assert "change=" not in save(site, manager, tv, volume="10").location, "nothing changed"
    form = change_form(manager.get(done), undo)
    shown = site.send(manager, form)
    assert "10 → " in shown.text and settings_of(site, tv).volume == 10
    assert apply(site, manager, shown, undo).status_code == 303
    assert settings_of(site, tv) == before
    for location in (done, f"{PAGE}?done=saved&change=999", f"{PAGE}?done=saved"):
        page = manager.get(location)
        assert "disimpan" in page.text
        assert all(each.action != undo for each in forms_of(page)), "there is nothing to take back"


def test_a_test_call_is_ordered_once(site: Site, manager: FlaskClient, tv: str) -> None:
    action = f"/manage/devices/{tv}/order"
    form = next(each for each in forms_of(manager.get(PAGE)) if each.action == action)
    for _ in range(2):
        done = site.send(manager, form)
        assert (done.status_code, "/manage/displays" in done.location) == (303, True)
    office = site.application.database.find_office(HOME)
    with site.application.database.read() as connection:
        listed = device_orders.list_orders(connection, office, tv, site.clock())
    assert [each.kind for each in listed] == ["test_call"]
    assert site.send(manager, form, order="test_print", idempotency_key="").status_code == 409


def test_a_screen_that_is_cut_off_is_gone(site: Site, manager: FlaskClient, tv: str) -> None:
    today = site.application.database.find_office(HOME).date_at(site.clock())
    site.application.database.write(
        [(HOME, today)], lambda tx: devices.revoke(tx, HOME, tv, "budi", site.clock())
    )
    assert tv not in manager.get(PAGE).text
    assert manager.get(f"{PAGE}/{tv}").status_code == 404


def test_another_offices_manager_and_a_clerk_have_no_part_in_it(site: Site, tv: str) -> None:
    other = site.sign_in(site.browser(), "wati")
    assert other.get(f"{PAGE}/{tv}").status_code in (403, 404)
    assert tv not in other.get(PAGE).text
    assert site.sign_in(site.browser(), "sari").get(PAGE).status_code == 403
