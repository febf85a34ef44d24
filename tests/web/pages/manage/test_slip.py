"""What an office adds to its slips: typed by a manager, printed by every device, told by one
event.
"""

from __future__ import annotations

import base64
import io
import struct
import zlib
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from queue_server.domain.events import EventType
from queue_server.domain.office.slip_design import name_logo
from queue_server.services.access import displays
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.visit import events as event_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.documents.logo import convert_logo
from tests.fixtures.application import HOME, House
from tests.fixtures.pdf import read_text
from tests.web.pages.manage.changing import FRIDAY, apply, book, change_form, office_of
from tests.web.problems import problem
from tests.web.site import Site

PAGE = "/manage/slip"
LINES = {"header_id": "Jalan  Contoh 1", "header_en": "", "footer_id": "Terima kasih"}


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


def ask(site: Site, manager: FlaskClient, logo: bytes | None = None, **typed: str) -> TestResponse:
    """The dry run of other lines, and of a logo."""
    form = change_form(manager.get(PAGE), PAGE)
    data: dict[str, object] = {**form.fields, **LINES, **typed}
    data.pop("no_logo", None) if "no_logo" not in typed else None
    data["logo"] = (io.BytesIO(logo or b""), "logo.png" if logo else "")
    return manager.post(PAGE, data=data, content_type="multipart/form-data")


def save(site: Site, manager: FlaskClient, logo: bytes | None = None, **typed: str) -> TestResponse:
    """Ask, and apply what the dry run shows; what is refused is given as it is."""
    shown = ask(site, manager, logo, **typed)
    return shown if shown.status_code != 200 else apply(site, manager, shown, PAGE)


def told(site: Site) -> list[dict[str, object]]:
    office = office_of(site)
    with site.application.database.read() as connection:
        found = event_store.list_of_types(
            connection, office.code, office.date_at(site.clock.now), [EventType.SLIP_DESIGNED], 9
        )
    return [dict(each.event.facts) for each in found]


def test_lines_and_logo_are_saved_and_told_from_old_to_new(
    site: Site, manager: FlaskClient
) -> None:
    assert save(site, manager, picture("JPEG")).status_code == 303
    design = office_of(site).slip
    assert (dict(design.header), dict(design.footer)) == (
        {"id": "Jalan Contoh 1"},
        {"id": "Terima kasih"},
    )
    [facts] = told(site)
    assert facts["changed"] == {
        "header": [{}, {"id": "Jalan Contoh 1"}],
        "footer": [{}, {"id": "Terima kasih"}],
        "logo": ["", design.logo],
    }
    assert save(site, manager).status_code == 303, "the same again"
    assert len(told(site)) == 1
    assert save(site, manager, no_logo="1").status_code == 303
    assert office_of(site).slip.logo == "" and len(told(site)) == 2


@pytest.mark.parametrize(
    ("typed", "logo", "field"),
    [
        ({"header_id": "x" * 161}, None, "header_id"),
        ({"footer_en": "a\u202eb"}, None, "footer_en"),
        ({}, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo"),
        ({}, b"\x89PNG\r\n\x1a\n cut short", "logo"),
        ({}, b"x" * 48_001, "logo"),
    ],
)
def test_what_cannot_be_printed_is_named_and_nothing_is_changed(
    site: Site, manager: FlaskClient, typed: dict[str, str], logo: bytes | None, field: str
) -> None:
    refused = save(site, manager, logo, **typed)
    assert refused.status_code == 422 and f'href="#f-{field}"' in refused.text
    assert told(site) == []


def test_two_managers_at_once_are_told_of_each_other(site: Site, manager: FlaskClient) -> None:
    old = change_form(manager.get(PAGE), PAGE).fields
    assert save(site, manager).status_code == 303
    refused = manager.post(PAGE, data={**old, "footer_id": "Lain"})
    assert refused.status_code == 409 and "Terima kasih → Lain" in refused.text
    assert office_of(site).slip.footer["id"] == "Terima kasih"


def shades() -> bytes:
    """A picture whose greys are not black and white of themselves."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((700, 260)).save(out, "PNG")
    return out.getvalue()


def test_a_logo_goes_through_the_dry_run_and_is_still_there_in_the_form(
    site: Site, manager: FlaskClient
) -> None:
    shown = ask(site, manager, shades())
    assert "tidak ada → sebuah gambar" in shown.text and "tampak demikian" in shown.text
    assert office_of(site).slip.logo == "" and told(site) == []
    back = site.send(manager, change_form(shown, PAGE), step="edit")
    kept = change_form(back, PAGE).fields["picture"]
    assert kept and f"data:image/png;base64,{kept}" in back.text
    again = site.send(manager, change_form(back, PAGE))
    assert change_form(again, PAGE).fields["picture"] == kept, "made anew, it is the same"
    done = [apply(site, manager, again, PAGE).status_code for _ in (1, 2)]
    assert done == [303, 303] and len(told(site)) == 1
    assert office_of(site).slip.logo == name_logo(base64.b64decode(kept))
    assert "sebuah gambar → gambar lain" in ask(site, manager, picture()).text


@pytest.mark.parametrize("forged", ["%%%", "AAAA", base64.b64encode(b"<svg/>").decode(), "é"])
def test_what_a_form_says_of_a_picture_is_believed_as_little_as_a_file(
    site: Site, manager: FlaskClient, forged: str
) -> None:
    form = change_form(manager.get(PAGE), PAGE)
    shown = site.send(manager, form, picture=forged)
    assert forged == "%%%" or shown.status_code == 422
    apply(site, manager, shown, PAGE)
    assert office_of(site).slip.logo == ""


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that unpacks to very many."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    end = chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + end


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_black_and_white_and_fits_on_every_paper(kind: str) -> None:
    made = convert_logo(picture(kind))
    assert made is not None
    logo = Image.open(io.BytesIO(made))
    assert (logo.mode, logo.size, logo.format) == ("1", (384, 128), "PNG")


def test_what_is_clear_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    made = convert_logo(out.getvalue())
    assert made is not None and Image.open(io.BytesIO(made)).convert("L").getextrema() == (255, 255)


@pytest.mark.parametrize(
    "file", [bomb(30_000, 30_000), bomb(3_000, 3_000)[:200], picture("GIF"), picture("BMP"), b""]
)
def test_a_file_that_is_no_sound_picture_of_fair_size_is_none(file: bytes) -> None:
    assert convert_logo(file) is None


@pytest.mark.parametrize(("paper", "width"), [("80", 640), ("58", 464)])
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_slip_is_shown_as_the_printer_draws_it(
    site: Site, manager: FlaskClient, paper: str, width: int, language: str
) -> None:
    def look(**typed: str) -> TestResponse:
        asked = {"paper": paper, "language": language, **typed}
        return manager.get(f"{PAGE}/sample.png", query_string=asked)

    plain, longer = look(), look(footer_id="Terima kasih banyak")
    shown = Image.open(io.BytesIO(plain.data))
    assert (plain.mimetype, shown.width) == ("image/png", width)
    assert Image.open(io.BytesIO(longer.data)).height > shown.height
    assert look(paper="70").status_code == 404


def test_the_page_without_a_script_shows_what_was_typed(site: Site, manager: FlaskClient) -> None:
    form = change_form(manager.get(PAGE), PAGE)
    page = manager.post(PAGE, data={**form.fields, "header_id": "Baris baru", "step": "look"})
    assert page.status_code == 200 and "header_id=Baris+baru" in page.text
    assert told(site) == []


def test_a_clerk_and_a_stranger_have_no_part_in_it(site: Site) -> None:
    clerk = site.sign_in(site.browser(), "sari")
    assert clerk.get(PAGE).status_code == 403
    assert site.browser().get(f"{PAGE}/sample.png").status_code in (302, 303, 401)


def put(house: House, **body: object) -> TestResponse:
    return house.ask("PUT", f"/offices/{HOME}/slip-design", "manager", json=body)


def test_devices_fetch_the_design_once_and_slips_name_it(both_houses: House) -> None:
    house = both_houses
    bare = house.get("/devices/self/slip-design", "kiosk")
    assert bare.get_json() == {"header": {}, "footer": {}, "logo": "", "picture": ""}
    logo = base64.b64encode(picture()).decode()
    done = put(house, header={"id": "Atas", "en": "Above"}, footer={"id": "Bawah"}, logo=logo)
    assert done.status_code == 200, done.text
    design = house.get("/devices/self/slip-design", "printer")
    assert design.get_json() == done.get_json()
    assert Image.open(io.BytesIO(base64.b64decode(design.get_json()["picture"]))).mode == "1"
    mark = {"If-None-Match": design.headers["ETag"]}
    assert house.get("/devices/self/slip-design", "printer", headers=mark).status_code == 304
    slips = [house.walk_in(language=each) for each in ("id", "en")]
    said = [(each["header"], each["footer"]) for each in slips]
    assert said == [("Atas", "Bawah"), ("Above", "Bawah")]
    assert slips[0]["logo"] == design.get_json()["logo"] != ""
    assert put(house, logo=None).get_json()["logo"] == ""
    assert house.walk_in()["header"] == "Atas", "what is left out stays"


def test_a_logo_that_is_none_is_refused(house: House) -> None:
    problem(put(house, logo=base64.b64encode(b"no picture").decode()), 422, "bad_input")
    problem(house.get("/devices/self/slip-design", "clerk"), 403, "forbidden")


def test_numbers_to_give_out_by_hand_are_24_on_a_sheet(site: Site, manager: FlaskClient) -> None:
    sheets = manager.get(f"{PAGE}/roll.pdf?first=25&sheets=2")
    assert sheets.mimetype == "application/pdf"
    text = read_text(sheets.data)
    said = text.split()
    assert [each for each in said if each.startswith("R0")] == [f"R{n:03d}" for n in range(25, 73)]
    assert said.count("GRATIS.") == 48 and text.count("\f") == 2
    for wrong in ("first=0", "first=1000", "sheets=43", "sheets=0"):
        assert manager.get(f"{PAGE}/roll.pdf?{wrong}").status_code == 404


def test_the_logo_heads_the_public_page_the_ticket_and_the_screen_at_the_entry(
    site: Site, manager: FlaskClient
) -> None:
    ticket, visitor = book(site, FRIDAY), site.browser()
    before = visitor.get(f"/t/{ticket.code}/ticket.png").data
    assert "hero__logo" not in visitor.get("/o/3674").text
    assert save(site, manager, picture()).status_code == 303
    id = office_of(site).slip.logo
    address = f"/o/3674/logo-{id}.png"
    assert address in visitor.get("/o/3674").text
    shown = visitor.get(address)
    assert Image.open(io.BytesIO(shown.data)).size == (384, 128)
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert visitor.get("/o/3674/logo-0000.png").status_code == 404
    assert visitor.get(f"/o/3672/logo-{id}.png").status_code == 404
    assert visitor.get(f"/t/{ticket.code}/ticket.png").data != before
    assert b"/Image" in visitor.get(f"/t/{ticket.code}/ticket.pdf").data
    assert address in visitor.get("/tv/3674/entry").text
    assert address not in visitor.get("/tv/3674").text


def test_a_screen_at_the_entry_gets_the_logo_once(site: Site, manager: FlaskClient) -> None:
    assert save(site, manager, picture()).status_code == 303
    office = office_of(site)

    def pair_with(tx: Transaction) -> None:
        device_store.add(tx, Device("tv", "display", "TV", "3674", "PAIRED", site.clock.now))
        displays.add_settings(tx, "3674", "tv")
        settings = displays.find_settings(tx, office, "tv")
        entry = replace(settings, layout="entry")
        displays.set_display(tx, "3674", "tv", entry, "budi", site.clock.now)

    day = office.date_at(site.clock.now)
    site.application.database.write([("3674", day)], pair_with)
    with site.application.database.read() as connection:
        sent = displays.find_news(connection, office, "tv")
        assert sent is not None and sent.logo.startswith("data:image/png;base64,")
        assert displays.find_news(connection, office, "tv", sent.version) is None
        bare = replace(office, slip=replace(office.slip, logo=""))
        news = displays.find_news(connection, bare, "tv", sent.version)
        assert news is not None and news.logo == ""
