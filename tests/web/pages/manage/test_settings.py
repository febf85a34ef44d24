"""What an office is made of, changed on its pages: services, queues, counters, its name."""

from __future__ import annotations

from functools import partial

import pytest
from flask.testing import FlaskClient

from queue_server.domain.events import EventType
from queue_server.domain.office.changes import RulesChange, SlipChange
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.office.slip_design import NewLogo
from queue_server.services.office.changes import apply_change
from queue_server.services.office.offices import add_office
from queue_server.store.visit import events as event_store
from queue_server.web.pages.manage.settings.history import SHOWN
from tests.web.pages.manage.changing import FRIDAY, apply, book, change_form, office_of, review
from tests.web.site import Site, forms_of, links_of, main_form

REMOTE = "/manage/remote"
SERVICE, STREAM, COUNTER = "/manage/services/edit", "/manage/streams/edit", "/manage/counters/edit"


def changed(site: Site) -> list[dict[str, list[object]]]:
    """What the log says was changed today of the office's structure."""
    office = office_of(site)
    with site.application.database.read() as connection:
        found = event_store.list_of_types(
            connection, office.code, office.date_at(site.clock.now), [EventType.OFFICE_RESTRUCTURED]
        )
    return [dict(each.event.facts["changed"]) for each in found]


def retire(site: Site, browser: FlaskClient, path: str, name: str, value: str):  # type: ignore[no-untyped-def]  # a response
    """Press the button that takes something away, as far as the dry run."""
    form = next(
        each
        for each in forms_of(browser.get(path))
        if each.action == f"{path}/retire" and each.fields.get(name) == value
    )
    return site.send(browser, form)


def test_a_service_is_edited_after_its_dry_run(site: Site, manager: FlaskClient) -> None:
    shown = review(site, manager, f"{SERVICE}?service=REK&lang=en", minutes="25", name_en="Enrol")
    assert shown.status_code == 200 and "10 minutes → 25 minutes" in " ".join(shown.text.split())
    assert office_of(site).service("REK").minutes == 10
    assert apply(site, manager, shown, SERVICE).status_code == 303
    service = office_of(site).service("REK")
    assert (service.minutes, service.name["en"]) == (25, "Enrol")
    assert [set(each) for each in changed(site)] == [{"service/REK/minutes", "service/REK/name"}]


def test_an_office_gets_a_queue_a_service_and_a_counter(site: Site, manager: FlaskClient) -> None:
    shown = review(site, manager, STREAM, letter="k", name_id="Antrean K")
    assert apply(site, manager, shown, STREAM).status_code == 303
    values = {"code": "baru", "letter": "K", "name_id": "Baru", "summary_id": "Layanan baru"}
    shown = review(site, manager, SERVICE, **values)
    assert apply(site, manager, shown, SERVICE).status_code == 303
    shown = review(site, manager, COUNTER, name="K1", letter_K="1")
    assert apply(site, manager, shown, COUNTER).status_code == 303
    office = office_of(site)
    assert office.stream("K").name == {"id": "Antrean K"}
    assert office.service("BARU").letter == "K"
    assert (office.counters[-1].name, office.counters[-1].letters) == ("K1", ("K",))
    assert "Baru" in site.browser().get("/o/3674/s/BARU").text
    book(site, FRIDAY, service="BARU")


@pytest.mark.parametrize(
    ("path", "values", "field"),
    [
        (f"{SERVICE}?service=REK", {"minutes": "0"}, "minutes"),
        (f"{SERVICE}?service=REK", {"minutes": "ten"}, "minutes"),
        (f"{SERVICE}?service=REK", {"name_id": " "}, "name_id"),
        (f"{SERVICE}?service=REK", {"name_id": "x" * 81}, "name_id"),
        (f"{SERVICE}?service=REK", {"letter": "?"}, "letter"),
        (SERVICE, {"code": "REK", "name_id": "A", "summary_id": "B"}, "code"),
        (SERVICE, {"code": "a b", "name_id": "A", "summary_id": "B"}, "code"),
        (SERVICE, {"code": "BARU", "name_id": "A"}, "summary_id"),
        (STREAM, {"letter": "A", "name_id": "A"}, "letter"),
        (STREAM, {"letter": "9", "name_id": "A"}, "letter"),
        (COUNTER, {"name": "Baru"}, "letters"),
        (COUNTER, {"name": "1", "letter_A": "1"}, "name"),
        (COUNTER, {"name": " ", "letter_A": "1"}, "name"),
        ("/manage/details", {"name": " "}, "name"),
        ("/manage/details", {"zone": "Asia/Nowhere"}, "zone"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(
    site: Site, manager: FlaskClient, path: str, values: dict[str, str], field: str
) -> None:
    before = office_of(site)
    refused = review(site, manager, path, **values)
    assert refused.status_code == 422
    assert f'href="#f-{field}"' in refused.text and f'id="f-{field}"' in refused.text
    assert office_of(site) == before


def test_what_is_in_use_is_not_taken_away(site: Site, manager: FlaskClient) -> None:
    book(site, FRIDAY, service="KK")
    refused = retire(site, manager, "/manage/services", "service", "KK")
    assert refused.status_code == 409 and "1 pemesanan masih berlaku" in refused.text
    letter = office_of(site).service("KK").letter
    refused = retire(site, manager, "/manage/streams", "stream", letter)
    assert refused.status_code == 422 and "pindahkan ke antrean lain" in refused.text.lower()
    assert "#f-letter" not in refused.text
    refused = review(site, manager, "/manage/details", zone="Asia/Jayapura")
    assert refused.status_code == 409
    assert office_of(site).zone == "Asia/Jakarta"


def test_a_service_and_a_counter_are_retired_and_come_back(
    site: Site, manager: FlaskClient
) -> None:
    before = office_of(site)
    shown = retire(site, manager, "/manage/services", "service", "REK")
    assert apply(site, manager, shown, "/manage/services/retire").status_code == 303
    counter = before.counters[0]
    shown = retire(site, manager, "/manage/counters", "counter", counter.id)
    assert apply(site, manager, shown, "/manage/counters/retire").status_code == 303
    after = office_of(site)
    assert {each.code for each in before.services} - {each.code for each in after.services} == {
        "REK"
    }
    assert counter not in after.counters
    page = manager.get("/manage/history")
    undos = [each for each in forms_of(page) if each.action == "/manage/history/undo"]
    for form in undos[:2]:
        shown = site.send(manager, form)
        assert apply(site, manager, shown, "/manage/history/undo").status_code == 303
    again = office_of(site)
    assert {each.code: each for each in again.services} == {
        each.code: each for each in before.services
    }
    assert set(again.counters) == set(before.counters)


def test_what_is_from_home_is_kept_and_stands_in_the_history(
    site: Site, manager: FlaskClient
) -> None:
    counter, url = office_of(site).counters[0], "https://temu.example.go.id/1"
    at_home = {"PHONE_REK": "yes", f"home_{counter.id}": "yes", f"url_{counter.id}": url}
    shown = review(site, manager, REMOTE, **at_home)
    said = " ".join(shown.text.split())
    assert "Di kantor → Di kantor, Lewat telepon" in said and "di kantor → dari rumah" in said
    assert apply(site, manager, shown, REMOTE).status_code == 303
    shown = review(site, manager, f"{COUNTER}?counter={counter.id}", name="77")
    assert apply(site, manager, shown, COUNTER).status_code == 303
    shown = review(site, manager, f"{SERVICE}?service=REK", minutes="25")
    assert apply(site, manager, shown, SERVICE).status_code == 303
    shown = review(site, manager, f"{STREAM}?stream=T", name_id="Telepon")
    assert apply(site, manager, shown, STREAM).status_code == 303
    office = office_of(site)
    now_at_home = office.counter(counter.id)
    assert (now_at_home.name, now_at_home.remote, now_at_home.meeting_url) == ("77", True, url)
    assert (now_at_home.letters, now_at_home.in_office) == (("T",), counter.letters)
    assert office.service("REK").remote == (VisitKind.PHONE,) and office.remote_letter == "T"
    form = main_form(manager.get(f"{COUNTER}?counter={counter.id}"))
    assert "letter_T" not in form.fields
    page = manager.get("/manage/history?part=counters")
    assert "dari rumah" in page.text and url in page.text
    refused = retire(site, manager, "/manage/streams", "stream", "T")
    assert refused.status_code == 422 and "dilayani loket dari rumah" in refused.text


def test_bringing_a_counter_home_is_taken_back(site: Site, manager: FlaskClient) -> None:
    before = office_of(site)
    shown = review(site, manager, REMOTE, **{f"home_{before.counters[0].id}": "yes"})
    assert apply(site, manager, shown, REMOTE).status_code == 303
    assert office_of(site).remote_letter == "T"
    page = manager.get("/manage/history")
    form = next(each for each in forms_of(page) if each.action == "/manage/history/undo")
    shown = site.send(manager, form)
    assert apply(site, manager, shown, "/manage/history/undo").status_code == 303
    after = office_of(site)
    assert (after.streams, after.counters) == (before.streams, before.counters)


EMPTY = "9999"
PAGES = (
    *("", "/details", "/place", "/history", "/services", "/services/edit", "/streams"),
    *("/streams/edit", "/counters", "/counters/edit", "/rules", "/hours", "/mode", "/limit"),
    *("/room", "/messages", "/webhooks", "/devices", "/displays", "/slip", "/staff", "/reports"),
    *("/remote", "/triage", "/cancelled", "/stranded", "/anomalies", "/search?q=loket"),
    "/messages/confirmation",
)


@pytest.fixture
def empty(site: Site) -> FlaskClient:
    """The administrator of a province with an office that has nothing yet."""
    office = Office(EMPTY, "Kantor Baru", "", "", "Asia/Jakarta", None)
    site.application.database.write([], lambda tx: add_office(tx, office))
    return site.sign_in(site.browser(), "admin")


@pytest.mark.parametrize("path", PAGES)
def test_an_office_that_has_nothing_yet_is_shown(empty: FlaskClient, path: str) -> None:
    sign = "&" if "?" in path else "?"
    page = empty.get(f"/manage{path}{sign}office={EMPTY}&lang=en")
    assert page.status_code == 200
    assert "no counters yet" in page.text and "no services yet" in page.text


def test_who_works_for_all_offices_switches_between_them(
    empty: FlaskClient, manager: FlaskClient
) -> None:
    page = empty.get(f"/manage/streams?office={EMPTY}").text
    assert 'id="side-office"' in page and '<option value="3672"' in page
    assert f'<option value="{EMPTY}" selected' in page
    page = manager.get("/manage/streams").text
    assert "side-office" not in page and "3672" not in page


def test_a_supervisor_is_shown_only_what_is_for_supervisors(site: Site) -> None:
    site.add_staff("tuti", "supervisor", "3674")
    page = site.sign_in(site.browser(), "tuti").get("/manage/reports").text
    assert "/manage/reports?office=3674" in page and "/manage/rules" not in page


def test_services_are_arranged(site: Site, manager: FlaskClient) -> None:
    codes = [each.code for each in office_of(site).services]
    page = manager.get("/manage/services")
    form = next(
        each
        for each in forms_of(page)
        if each.action == "/manage/services/move" and each.fields["service"] == codes[1]
    )
    for _ in range(2):
        assert site.send(manager, form).status_code == 303
    assert [each.code for each in office_of(site).services] == [codes[1], codes[0], *codes[2:]]


def test_two_managers_at_once_are_told_of_each_other(site: Site, manager: FlaskClient) -> None:
    shown = review(site, manager, f"{SERVICE}?service=REK", minutes="25")
    other = review(site, manager, f"{SERVICE}?service=KK", minutes="30")
    assert apply(site, manager, other, SERVICE).status_code == 303
    refused = apply(site, manager, shown, SERVICE)
    assert refused.status_code == 409 and office_of(site).service("REK").minutes == 10
    assert apply(site, manager, refused, SERVICE).status_code == 303
    assert office_of(site).service("REK").minutes == 25


def test_a_change_of_a_rule_is_found_and_taken_back(site: Site, manager: FlaskClient) -> None:
    found = manager.get("/manage/search?q=toleransi&lang=en").text
    assert "/manage/rules?office=3674#f-calling.grace_minutes" in found
    assert 'id="f-calling.grace_minutes"' in manager.get("/manage/rules").text
    old = office_of(site).rules.calling.grace_minutes
    rule = {"calling.grace_minutes": str(old + 7)}
    shown = review(site, manager, "/manage/rules", **rule)
    assert apply(site, manager, shown, "/manage/rules").status_code == 303
    page = manager.get("/manage/history?part=rules&lang=en")
    assert f"{old} minutes → {old + 7} minutes" in page.text and "By Budi" in page.text
    undo = change_form(page, "/manage/history/undo")
    shown = site.send(manager, undo)
    assert office_of(site).rules.calling.grace_minutes == old + 7
    assert apply(site, manager, shown, "/manage/history/undo").status_code == 303
    assert office_of(site).rules.calling.grace_minutes == old
    again = site.send(manager, undo)
    assert again.status_code == 409 and "taken back" in again.text


def test_a_long_history_is_read_page_by_page(site: Site, manager: FlaskClient) -> None:
    code, day = "3674", site.clock.now.date()
    for number in range(41):
        change = RulesChange({"calling.grace_minutes": number % 2 + 3})
        wanted = partial(apply_change, office=code, change=change, by="budi", now=site.clock.now)
        site.application.database.write([(code, day)], wanted)
    first = manager.get("/manage/history?part=rules")
    assert first.text.count('id="change-') == SHOWN
    [older] = [each for each in links_of(first, "before=") if "part=rules" in each]
    assert manager.get(older).text.count('id="change-') == 41 - SHOWN
    none = manager.get("/manage/history?part=hours&lang=en")
    assert none.status_code == 200 and "No changes yet" in none.text
    assert manager.get("/manage/history?part=nonsense&before=x").status_code == 200


def test_what_has_been_changed_since_is_not_taken_back(site: Site, manager: FlaskClient) -> None:
    for minutes in ("25", "30"):
        shown = review(site, manager, f"{SERVICE}?service=REK", minutes=minutes)
        apply(site, manager, shown, SERVICE)
    first = [
        each
        for each in forms_of(manager.get("/manage/history"))
        if each.action == "/manage/history/undo"
    ][-1]
    assert site.send(manager, first).status_code == 409
    assert office_of(site).service("REK").minutes == 30


def test_what_is_kept_beside_the_office_is_told_and_taken_back_there_too(
    site: Site, manager: FlaskClient
) -> None:
    path = "/manage/room/building"
    form = change_form(manager.get("/manage/room"), path)
    shown = site.send(manager, form, building_limit="40")
    assert apply(site, manager, shown, path).status_code == 303
    page = manager.get("/manage/history?part=room&lang=en").text
    assert "Limit of the whole building, people" in page and "none → 40" in page
    shown = site.send(manager, change_form(manager.get("/manage/history"), "/manage/history/undo"))
    assert "40 → " in shown.text
    assert apply(site, manager, shown, "/manage/history/undo").status_code == 303
    building = change_form(manager.get("/manage/room"), "/manage/room/building")
    assert building.fields["building_limit"] == ""


def test_what_can_never_be_taken_back_says_why(site: Site, manager: FlaskClient) -> None:
    design = partial(
        apply_change,
        office="3674",
        change=SlipChange({}, {}, NewLogo(b"picture")),
        by="budi",
        now=site.clock.now,
    )
    site.application.database.write([("3674", site.clock.now.date())], design)
    page = manager.get("/manage/history?lang=en")
    assert "The old picture is not kept" in page.text and "none → a picture" in page.text
    assert all(each.action != "/manage/history/undo" for each in forms_of(page))


def test_a_queue_gets_its_quotas_and_a_dry_run_says_so(site: Site, manager: FlaskClient) -> None:
    path = f"{STREAM}?stream=A"
    shown = review(site, manager, f"{path}&lang=en", slot_quota="2", walk_in_quota="30")
    assert "places in one slot at most" in shown.text and "none → 30" in shown.text
    assert apply(site, manager, shown, STREAM).status_code == 303
    stream = office_of(site).stream("A")
    assert (stream.slot_quota, stream.walk_in_quota) == (2, 30)
    assert change_form(manager.get(path), STREAM).fields["walk_in_quota"] == "30"
    for wrong in ("-1", "many", "2,5"):
        refused = review(site, manager, path, walk_in_quota=wrong)
        assert refused.status_code == 422 and 'href="#f-walk_in_quota"' in refused.text
    shown = review(site, manager, path, slot_quota="", walk_in_quota="")
    assert apply(site, manager, shown, STREAM).status_code == 303
    assert office_of(site).stream("A").slot_quota is None
