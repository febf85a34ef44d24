"""A form that is sent twice: what it asks for is done once."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from queue_server.web.edge.forms.commands import KEY_FIELD
from tests.web.site import Form, Site, forms_of

ZONE = {"methods": "DENSITY", "length_m": "8", "width_m": "6", "area_per_person_m2": "4"}


@pytest.fixture
def manager(site: Site) -> FlaskClient:
    return site.sign_in(site.browser(), "budi")


def form_to(browser: FlaskClient, path: str, action: str) -> Form:
    """The form of a page that goes to an address."""
    return next(each for each in forms_of(browser.get(path)) if each.action == action)


def test_a_sensor_is_added_once_and_its_token_shown_once(site: Site, manager: FlaskClient) -> None:
    form = form_to(manager, "/manage/devices", "/manage/devices/sensor")
    first, second = (site.send(manager, form, sensor_name="Back door") for _ in range(2))
    assert (first.status_code, first.text.count("Back door")) == (200, 4)
    assert (second.status_code, second.location) == (303, "/manage/devices?office=3674")
    assert manager.get("/manage/devices").text.count("Back door") == 4, (
        "name, button, field, the name seen"
    )


def test_a_new_zone_is_added_once(site: Site, manager: FlaskClient) -> None:
    path = "/manage/room/zones/new"
    form = form_to(manager, f"{path}?kind=WAITING_ROOM", path)
    dry_run = forms_of(site.send(manager, form, **ZONE))[-1]
    answers = [site.send(manager, dry_run, step="apply") for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    page = manager.get("/manage/room").text
    assert "waiting-room-1/remove" in page and "waiting-room-2/remove" not in page


def test_another_form_under_the_same_key_is_refused(site: Site, manager: FlaskClient) -> None:
    form = form_to(manager, "/manage/devices", "/manage/devices/sensor")
    assert site.send(manager, form, sensor_name="Back door").status_code == 200
    assert site.send(manager, form, sensor_name="Front door").status_code == 422
    assert "Front door" not in manager.get("/manage/devices").text


@pytest.mark.parametrize("path", ["/manage/devices", "/manage/staff"])
def test_every_page_draws_fresh_keys(manager: FlaskClient, path: str) -> None:
    keys = [
        form.fields[KEY_FIELD]
        for _ in range(2)
        for form in forms_of(manager.get(path))
        if KEY_FIELD in form.fields
    ]
    assert len(keys) >= 2 and len(set(keys)) == len(keys)


def test_a_form_without_a_key_is_taken_as_it_is(site: Site, manager: FlaskClient) -> None:
    for limit in ("20", "30"):
        form = form_to(manager, "/manage/room", "/manage/room/building")
        dry_run = forms_of(site.send(manager, form, building_limit=limit))[-1]
        del dry_run.fields[KEY_FIELD]
        assert site.send(manager, dry_run, step="apply").status_code == 303
    assert 'value="30"' in manager.get("/manage/room").text
