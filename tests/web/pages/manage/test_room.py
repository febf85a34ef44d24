"""The manager's room pages: zones come, change and go, nothing wrong gets in, and the limit that
follows can be put in force.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.fixtures.pdf import read_text
from tests.web.site import Form, Site, forms_of, links_of


def form_to(page: TestResponse, part: str) -> Form:
    return next(each for each in forms_of(page) if part in each.action)


@pytest.fixture
def manager(site: Site) -> FlaskClient:
    return site.sign_in(site.browser(), "budi")


HALL = {
    "methods": ["LAYOUT", "DENSITY"],
    "length_m": "8",
    "width_m": "6,00",
    "spacing_m": "1.5",
    "area_per_person_m2": "4",
}


def add(
    site: Site, manager: FlaskClient, values: dict[str, Any], kind: str = "WAITING_ROOM"
) -> TestResponse:
    page = manager.get(f"/manage/room/zones/new?kind={kind}&lang=en")
    return change(site, manager, form_to(page, "/zones/new"), **values)


def change(site: Site, manager: FlaskClient, form: Form, **values: Any) -> TestResponse:
    """Send a form, and apply what its dry run shows; what is refused is given as it is."""
    shown = site.send(manager, form, **values)
    if shown.status_code != 200:
        return shown
    dry_run = next(each for each in forms_of(shown) if "revision" in each.fields)
    return site.send(manager, dry_run, step="apply")


def limit_of(site: Site) -> int | None:
    found = site.application.database.find_office("3674").people_limit
    return found


def test_a_zone_comes_changes_and_goes(site: Site, manager: FlaskClient) -> None:
    empty = manager.get("/manage/room?lang=en")
    assert "No zone yet" in empty.text
    added = add(site, manager, HALL)
    assert added.status_code == 303
    page = manager.get("/manage/room?lang=en")
    assert "Waiting room 1" in page.text
    assert "48 m² clear ÷ 4 m² each" in page.text
    assert "8 × 6 m at 1.5 m: square 30, hexagonal along 28, hexagonal across 32" in page.text
    assert "Use 12 as the room limit" in page.text
    assert "12 of 12 places may be used" in page.text

    form = form_to(manager.get("/manage/room/zones/waiting-room-1"), "/zones/waiting-room-1")
    assert (form.fields["length_m"], form.fields["spacing_m"], form.fields["methods"]) == (
        "8",
        "1.5",
        "LAYOUT",
    )
    changed = change(site, manager, form, methods=["LAYOUT"], spacing_m="2")
    assert changed.status_code == 303
    assert "At most 20 people" in manager.get("/manage/room?lang=en").text

    gone = form_to(manager.get("/manage/room"), "remove")
    assert change(site, manager, gone).status_code == 303
    assert "No zone yet" in manager.get("/manage/room?lang=en").text
    assert manager.get("/manage/room/zones/waiting-room-1").status_code == 404


def test_the_limit_that_follows_is_previewed_and_put_in_force(
    site: Site, manager: FlaskClient
) -> None:
    assert limit_of(site) != 12
    add(site, manager, HALL)
    proposal = manager.get(links_of(manager.get("/manage/room?lang=en"), "people_limit=12")[0])
    dry_run = site.send(manager, form_to(proposal, "/manage/limit"))
    assert limit_of(site) != 12, "the dry run changes nothing"
    applied = site.send(
        manager, next(each for each in forms_of(dry_run) if "revision" in each.fields), step="apply"
    )
    assert applied.status_code == 303
    assert limit_of(site) == 12
    page = manager.get("/manage/room?lang=en")
    assert "In force now: 12." in page.text
    assert "as the room limit" not in page.text


def test_another_room_says_what_it_would_hold_before_it_is_saved(
    site: Site, manager: FlaskClient
) -> None:
    new = form_to(manager.get("/manage/room/zones/new?kind=WAITING_ROOM&lang=en"), "/zones/new")
    shown = site.send(manager, new, **HALL)
    assert "No zone yet" in manager.get("/manage/room").text, "the dry run changes nothing"
    assert "none → Waiting room, 8 × 6 m, Floor marks, Area per person" in shown.text
    assert "no limit → 12" in shown.text and "visitors are here now" in shown.text
    assert "The limit is 20, but the room as described holds only 12" in shown.text
    assert "The limit in force stays as it is until you change it." in shown.text
    dry_run = next(each for each in forms_of(shown) if "revision" in each.fields)
    back = site.send(manager, dry_run, step="edit")
    kept = form_to(back, "/zones/new").fields
    assert kept["width_m"] == "6,00" and back.text.count("checked") == 2
    assert [site.send(manager, dry_run, step="apply").status_code for _ in (1, 2)] == [303, 303]
    edit = form_to(manager.get("/manage/room/zones/waiting-room-1?lang=en"), "waiting-room-1")
    shown = change(site, manager, edit, methods=["LAYOUT", "DENSITY"], length_m="16")
    assert shown.status_code == 303 and limit_of(site) == 20
    gone = site.send(manager, form_to(manager.get("/manage/room?lang=en"), "/remove"))
    assert "→ none" in gone.text and "24 → no limit" in gone.text
    assert "Waiting room 1" in manager.get("/manage/room?lang=en").text
    same = site.send(manager, form_to(manager.get("/manage/room?lang=en"), "/building"))
    assert "This changes nothing" in same.text


def test_of_two_managers_with_one_room_the_slower_sees_what_the_other_did(
    site: Site, manager: FlaskClient
) -> None:
    add(site, manager, HALL)
    late = [form_to(manager.get("/manage/room?lang=en"), each) for each in ("/building", "/remove")]
    seen = [site.send(manager, late[0], building_limit="9"), site.send(manager, late[1])]
    assert change(site, manager, late[0], building_limit="15").status_code == 303
    for form, shown in zip(late, seen, strict=True):
        assert site.send(manager, form, building_limit="9").status_code == 409
        dry_run = next(each for each in forms_of(shown) if "revision" in each.fields)
        refused = site.send(manager, dry_run, step="apply")
        assert refused.status_code == 409 and "Somebody else has changed" in refused.text
    page = manager.get("/manage/room?lang=en").text
    assert "Waiting room 1" in page and 'value="15"' in page


def test_the_building_may_bind(site: Site, manager: FlaskClient) -> None:
    add(site, manager, HALL)
    form = form_to(manager.get("/manage/room?lang=en"), "/building")
    assert change(site, manager, form, building_limit="0").status_code == 422
    assert change(site, manager, form, building_limit="ten").status_code == 422
    assert change(site, manager, form, building_limit="9").status_code == 303
    page = manager.get("/manage/room?lang=en")
    assert "The limit of the whole building binds." in page.text
    assert "Use 9 as the room limit" in page.text
    form = form_to(page, "/building")
    assert change(site, manager, form, building_limit="").status_code == 303
    assert "Use 12 as the room limit" in manager.get("/manage/room?lang=en").text


def test_an_impossible_number_is_refused_with_the_reason(site: Site, manager: FlaskClient) -> None:
    add(
        site, manager, {**HALL, "methods": ["DENSITY"], "spacing_m": "2", "area_per_person_m2": "1"}
    )
    page = manager.get("/manage/room?lang=en")
    assert "Impossible: at 2 m no arrangement holds more than 21 people in this room" in page.text
    assert "Nobody may be here" in page.text and "none of these numbers is possible" in page.text
    assert "as the room limit" not in page.text
    shown = manager.get("/api/v1/offices/3674/zones").get_json()
    assert (shown["zones"][0]["limit"], shown["zones"][0]["closed"], shown["limit"]) == (0, True, 0)
    form = form_to(
        manager.get("/manage/room/zones/waiting-room-1?lang=en"), "/zones/waiting-room-1"
    )
    assert change(site, manager, form, methods=["DENSITY", "LAYOUT"]).status_code == 303
    page = manager.get("/manage/room?lang=en")
    assert "At most 20 people" in page.text and "Nobody may be here" not in page.text, (
        "the method that holds at this distance remains"
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"length_m": "0"}, "Length, m: enter a number from 0.1 to 1000"),
        ({"length_m": "-3"}, "Length, m: enter a number from 0.1 to 1000"),
        ({"width_m": "1e9"}, "Width, m: enter a number from 0.1 to 1000"),
        ({"width_m": "nan"}, "Width, m: enter a number such as 8.5"),
        ({"width_m": "wide"}, "Width, m: enter a number such as 8.5"),
        ({"length_m": ""}, "Length, m: this is needed for a method you switched on"),
        ({"methods": []}, "Switch on at least one method"),
        ({"methods": ["SEATS"]}, "Enter seats or rows of seats"),
        ({"methods": ["SEATS"], "seat_rows": "1 1 10"}, "write four numbers in each line"),
        ({"methods": ["SEATS"], "seat_rows": "1 1 40 0,6"}, "a seat stands outside the room"),
        ({"furniture_m2": "3"}, "enter the length of its clear part"),
        ({"licensed_capacity": "12.5"}, "Licensed capacity, people: enter a number such as 8.5"),
    ],
)
def test_wrong_measures_change_nothing_and_keep_what_was_typed(
    site: Site, manager: FlaskClient, values: dict[str, Any], sentence: str
) -> None:
    refused = add(site, manager, {**HALL, "area_per_person_m2": "4,75", **values})
    assert refused.status_code == 422
    assert sentence in refused.text.replace("&#39;", "'")
    assert 'value="4,75"' in refused.text
    assert "No zone yet" in manager.get("/manage/room?lang=en").text


def test_seats_rows_and_presets_survive_the_form(site: Site, manager: FlaskClient) -> None:
    rows = {
        "methods": ["SEATS"],
        "length_m": "8",
        "width_m": "6",
        "spacing_rule": "kemendesa_1m",
        "spacing_m": "3",
        "seat_rows": "0,5 1 10 0,55\n7,5 1 6 0,7 |",
        "seats": "0,3 5,5",
    }
    assert add(site, manager, rows).status_code == 303
    form = manager.get("/manage/room/zones/waiting-room-1?lang=id").text
    assert "0,5 1 10 0,55\n7,5 1 6 0,7 |" in form
    assert "0,3 5,5</textarea>" in form
    assert '<option value="kemendesa_1m" selected>' in form


def test_other_offices_and_clerks_are_kept_out(site: Site, manager: FlaskClient) -> None:
    add(site, manager, HALL)
    assert site.sign_in(site.browser(), "sari").get("/manage/room").status_code == 403
    other = site.sign_in(site.browser(), "wati")
    assert "No zone yet" in other.get("/manage/room?office=3674&lang=en").text, (
        "a manager sees the own office, whatever is asked"
    )
    assert other.get("/manage/room/zones/waiting-room-1").status_code == 404
    admin = site.sign_in(site.browser(), "admin")
    assert "office=3674" in admin.get("/manage/room").text
    assert "Waiting room 1" in admin.get("/manage/room?office=3674&lang=en").text
    unchosen = admin.get("/manage/room/zones/waiting-room-1?lang=en").text
    assert "?office=3674" in unchosen and "Waiting room 1" not in unchosen
    assert admin.get("/manage/room/zones/waiting-room-1?office=3672").status_code == 404


@pytest.mark.parametrize(
    ("language", "title", "no"), [("id", "Denah lantai", "No."), ("en", "Floor plan", "No.")]
)
def test_the_floor_plan_is_to_scale_and_lists_every_place(
    site: Site, manager: FlaskClient, language: str, title: str, no: str
) -> None:
    add(site, manager, {**HALL, "methods": ["LAYOUT"], "spacing_m": "2"})
    answer = manager.get(f"/manage/room/zones/waiting-room-1/plan.pdf?lang={language}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = read_text(answer.data, "-layout")
    assert title in text
    assert "1 : 50" in text
    listed = re.findall(
        r"^\s*(\d+)\s+([\d,.]+)\s+([\d,.]+)\s+([\d,.]+)", text.split(no, 1)[1], re.MULTILINE
    )
    assert [row[0] for row in listed] == [str(each) for each in range(1, 21)]
    assert {(row[1], row[2]) for row in listed} == {
        (str(x), str(y)) for x in range(0, 801, 200) for y in range(0, 601, 200)
    }
    assert float(listed[-1][3].replace(",", ".")) == 1000, "the far corner of 8 by 6 m is 10 m away"


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
def test_eight_metres_are_sixteen_centimetres_on_the_paper(
    site: Site, manager: FlaskClient, tmp_path: Path
) -> None:
    add(site, manager, {**HALL, "methods": ["LAYOUT"], "spacing_m": "2"})
    file = tmp_path / "plan.pdf"
    file.write_bytes(manager.get("/manage/room/zones/waiting-room-1/plan.pdf").data)
    subprocess.run(
        [
            "pdftoppm",
            "-r",
            "254",
            "-gray",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            str(file),
            str(tmp_path / "page"),
        ],
        check=True,
    )
    page = Image.open(tmp_path / "page.pgm").point(lambda light: 255 if light < 60 else 0)
    columns = page.resize((page.width, 1), Image.Resampling.BOX).tobytes()
    tall = [each for each, dark in enumerate(columns) if dark > 255 * 0.25]
    assert (tall[-1] - tall[0]) == pytest.approx(1600, abs=12), (
        "ten dots a millimetre, less the thickness of the walls"
    )


def change_limit(site: Site, manager: FlaskClient, **values: str) -> TestResponse:
    return site.send(
        manager, form_to(manager.get("/manage/limit?lang=en"), "/manage/limit"), **values
    )


def apply(site: Site, manager: FlaskClient, shown: TestResponse) -> TestResponse:
    return site.send(manager, form_to(shown, "/manage/limit"), step="apply")


def warnings(manager: FlaskClient) -> list[list[str]]:
    """What the overview, the limit's page and the room's say of a limit that the room does not
    hold.
    """
    pages = [
        manager.get(f"{path}?lang=en").text for path in ("/manage", "/manage/limit", "/manage/room")
    ]
    return [re.findall(r"(?:The limit is|No limit is set)[^.]*", page) for page in pages]


def test_a_limit_above_what_the_room_holds_is_warned_of_wherever_it_is_set_or_seen(
    site: Site, manager: FlaskClient
) -> None:
    assert limit_of(site) == 20 and warnings(manager) == [[], [], []]
    add(site, manager, HALL)
    sentence = "The limit is {}, but the room as described holds only 12 with the distance kept"
    assert warnings(manager) == [[sentence.format(20)]] * 3, (
        "also when it is the room that has become smaller"
    )
    shown = change_limit(site, manager, people_limit="14")
    assert sentence.format(14) in shown.text and sentence.format(20) not in shown.text
    assert apply(site, manager, shown).status_code == 303 and limit_of(site) == 14
    assert "No limit is set, but" in change_limit(site, manager, people_limit="").text
    shown = change_limit(site, manager, people_limit="12")
    assert "with the distance kept" not in shown.text
    assert apply(site, manager, shown).status_code == 303
    assert warnings(manager) == [[], [], []]


def test_a_limit_that_no_arrangement_could_keep_is_refused_with_the_reason(
    site: Site, manager: FlaskClient
) -> None:
    add(site, manager, HALL)
    refused = change_limit(site, manager, people_limit="35")
    assert refused.status_code == 422 and limit_of(site) == 20
    assert (
        refused.text.count(
            "Enter at most 34: with more inside, no arrangement in the room as described keeps the "
            "distance"
        )
        == 2
    )
    [field] = re.findall(r'<input[^>]*name="people_limit"[^>]*>', refused.text)
    assert 'aria-invalid="true"' in field and 'value="35"' in field
    assert change_limit(site, manager, people_limit="34").status_code == 200


def test_shares_are_changed_under_a_limit_that_has_become_impossible(
    site: Site, manager: FlaskClient
) -> None:
    add(site, manager, {**HALL, "length_m": "3", "width_m": "3"})
    shown = change_limit(site, manager, online_share="50")
    assert "The limit is 20, but" in shown.text
    assert apply(site, manager, shown).status_code == 303
    assert (
        site.application.database.find_office("3674").rules.booking.online_share == 0.5
        and limit_of(site) == 20
    )
    assert change_limit(site, manager, people_limit="21").status_code == 422
