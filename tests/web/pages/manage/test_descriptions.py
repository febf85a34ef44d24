"""What managers tell the public: written on their pages, read on the public ones, once each."""

from __future__ import annotations

import html

import pytest
from flask.testing import FlaskClient

from queue_server.domain.events import EventType
from queue_server.domain.office.location import Coordinates, WheelchairAccess
from queue_server.domain.office.office import ServiceChannel
from queue_server.store.visit import events as event_store
from tests.web.pages.manage.changing import apply, change_form, office_of, review
from tests.web.site import Site, links_of

SERVICE, PLACE = "/manage/service?service=REK", "/manage/place"
ACTION = "/manage/service"
ONLINE = {
    "channel": "HYBRID",
    "url": "https://contoh.example/rekam",
    "steps_id": "  Isi   formulir.\r\n\r\nTunggu kabar.  ",
    "steps_en": "Fill in the form.\nWait for word.",
    "search_words": "sunatan massal, ktp  pemula,, sunatan massal",
}


@pytest.fixture
def manager(site: Site) -> FlaskClient:
    return site.sign_in(site.browser(), "budi")


def told(site: Site) -> list[dict[str, object]]:
    """The facts of every description that was changed today."""
    office = office_of(site)
    kinds = [EventType.OFFICE_DESCRIBED, EventType.SERVICE_DESCRIBED]
    with site.application.database.read() as connection:
        found = event_store.list_of_types(
            connection, office.code, office.date_at(site.clock.now), kinds, 99
        )
    return [dict(each.event.facts) for each in found]


@pytest.mark.parametrize(
    ("language", "step", "button"),
    [("id", "Tunggu kabar.", "Urus online sekarang"), ("en", "Wait for word.", "Open the online")],
)
def test_a_service_gets_its_way_online_and_is_found_by_new_words(
    site: Site, manager: FlaskClient, language: str, step: str, button: str
) -> None:
    shown = review(site, manager, SERVICE, **ONLINE)
    assert "https://contoh.example/rekam" in shown.text and told(site) == []
    saved = apply(site, manager, shown, ACTION)
    assert saved.status_code == 303
    assert "The change is in force" in manager.get(f"{saved.headers['Location']}&lang=en").text
    service = office_of(site).service("REK")
    assert service.channel is ServiceChannel.HYBRID
    assert service.online and service.online.steps["id"] == "Isi formulir.\nTunggu kabar."
    assert service.search_words == ("sunatan massal", "ktp pemula")
    visitor = site.browser()
    page = visitor.get(f"/o/3674/s/REK?lang={language}")
    assert step in page.text and button in page.text
    assert links_of(page, "contoh.example") == ["https://contoh.example/rekam"]
    assert "/o/3674/s/REK" in links_of(visitor.get("/o/3674?q=sunatan+masal"), "/s/")
    [facts] = told(site)
    assert facts["service"] == "REK" and facts["by"]
    assert facts["told"] == ["channel", "online", "search_words"]


def test_a_form_sent_twice_counts_once_and_one_that_changes_nothing_not_at_all(
    site: Site, manager: FlaskClient
) -> None:
    shown = review(site, manager, SERVICE, **ONLINE)
    assert [apply(site, manager, shown, ACTION).status_code for _ in range(2)] == [303, 303]
    revision = office_of(site).revision
    for path in (SERVICE, PLACE):
        shown = review(site, manager, path)
        assert "Ini tidak mengubah apa pun" in shown.text
    assert office_of(site).revision == revision and len(told(site)) == 1


def test_two_managers_at_once_are_told_of_each_other(site: Site, manager: FlaskClient) -> None:
    first, second = (change_form(manager.get(SERVICE), ACTION) for _ in range(2))
    shown = site.send(manager, first, summary_id="Satu")
    slow = site.send(manager, second, summary_id="Tiga")
    assert apply(site, manager, shown, ACTION).status_code == 303
    # One whose form is older is told before the dry run, one who has seen that before it is done.
    for refused in (
        site.send(manager, second, summary_id="Dua"),
        apply(site, manager, slow, ACTION),
    ):
        assert refused.status_code == 409 and "Satu" in refused.text
        assert office_of(site).service("REK").summary["id"] == "Satu"
    assert apply(site, manager, refused, ACTION).status_code == 303
    assert office_of(site).service("REK").summary["id"] == "Tiga"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"url": "http://contoh.example"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"channel": "MUST_COME"}, "url"),
        ({"url": ""}, "url"),
        ({"channel": "SOMETIMES"}, "channel"),
        ({"steps_id": ""}, "steps_id"),
        ({"steps_id": "a\n" * 9}, "steps_id"),
        ({"steps_id": "a\u202eb"}, "steps_id"),
        ({"summary_id": "  "}, "summary_id"),
        ({"summary_id": "x" * 5_000}, "summary_id"),
        ({"search_words": "x" * 41}, "search_words"),
        ({"search_words": ",".join(map(str, range(50)))}, "search_words"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_typed_is_lost(
    site: Site, manager: FlaskClient, values: dict[str, str], field: str
) -> None:
    form = change_form(manager.get(SERVICE), ACTION)
    refused = site.send(manager, form, **ONLINE | values)
    assert refused.status_code == 422
    assert f'href="#f-{field}"' in refused.text and f'id="f-{field}"' in refused.text
    kept = change_form(refused, ACTION).fields
    expected = ONLINE | values
    for name, typed in expected.items():
        if name != "channel" and len(typed) < 4_000:
            assert kept[name].replace("\n", "\r\n").split() == typed.split()
    assert told(site) == []


def test_the_place_of_an_office_is_told_where_it_is_looked_for(
    site: Site, manager: FlaskClient
) -> None:
    shown = review(
        site,
        manager,
        PLACE,
        address="Jl. Baru 9 (CONTOH)",
        phone="1500-000",
        point="-6.3,106.7",
        wheelchair="WITH_HELP",
        parking_id="Di belakang",
        parking_en="Behind the house",
        directions_en="",
    )
    assert office_of(site).address in shown.text
    assert apply(site, manager, shown, PLACE).status_code == 303
    location = office_of(site).location
    assert location.coordinates == Coordinates(-6.3, 106.7)
    assert location.wheelchair is WheelchairAccess.WITH_HELP
    assert set(location.directions) == {"id"}
    for path in ("/o/3674", "/", "/earliest?service=KK"):
        page = site.browser().get(path, headers={"Accept-Language": "en"})
        assert "Jl. Baru 9" in page.text and "with help from our staff" in page.text, path
        assert "Behind the house" in page.text, path
        [link, *_] = [each for each in links_of(page, "openstreetmap") if "mlat=-6.30000" in each]
        assert html.unescape(link).startswith("https://www.openstreetmap.org/?mlat=-6.30000&mlon=")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"address": ""}, "address"),
        ({"point": "Serpong"}, "point"),
        ({"point": "-6.3"}, "point"),
        ({"point": "-96.3, 106"}, "point"),
        ({"wheelchair": "MAYBE"}, "wheelchair"),
        ({"phone": "0" * 41}, "phone"),
        ({"parking_id": "x" * 501}, "parking_id"),
    ],
)
def test_a_place_that_cannot_be_is_named(
    site: Site, manager: FlaskClient, values: dict[str, str], field: str
) -> None:
    refused = site.send(manager, change_form(manager.get(PLACE), PLACE), **values)
    assert refused.status_code == 422
    assert f'href="#f-{field}"' in refused.text and f'id="f-{field}"' in refused.text
    assert told(site) == []


def test_only_its_own_managers_describe_an_office(site: Site) -> None:
    clerk = site.sign_in(site.browser(), "sari")
    assert [clerk.get(path).status_code for path in (SERVICE, PLACE)] == [403, 403]
    other = site.sign_in(site.browser(), "wati")
    form = change_form(other.get(PLACE), PLACE)
    assert form.fields["office"] == "3672"
    shown = site.send(other, form, office="3674", address="Jl. Lain")
    assert apply(site, other, shown, PLACE).status_code == 303, (
        "their own office is meant, whatever the form says"
    )
    assert office_of(site).address != "Jl. Lain"
    assert site.browser().get(SERVICE).status_code == 302


@pytest.mark.parametrize("path", ["/manage/services", ACTION, PLACE])
def test_the_pages_speak_both_languages_and_keep_what_was_typed(
    site: Site, manager: FlaskClient, path: str
) -> None:
    shown = {
        language: manager.get(path, query_string={"service": "REK", "lang": language}).text
        for language in ("id", "en")
    }
    assert shown["id"] != shown["en"] and "Kelola" in shown["id"] and "Manage" in shown["en"]
