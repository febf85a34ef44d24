"""Choosing a service: by words, by use, by group; what each page says in each mode; without
scripts.
"""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from functools import partial

import pytest

from queue_server.domain.office.changes import ModeDecision
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.most_used import MOST_USED
from queue_server.services.office.changes import apply_change
from tests.web.pages.manage.changing import book, office_of
from tests.web.site import TUESDAY, Site, forms_of, links_of, without_layout

LANGUAGES = ("id", "en")
OFFICE = "/o/3674"
VISIT = "/o/3674/triage"
SUNDAY_NIGHT = datetime.fromisoformat("2026-12-07T00:00:00+07:00")


def words_of(site: Site, path: str, language: str) -> str:
    """The text of a page as somebody reads it."""
    text = site.browser().get(path, headers={"Accept-Language": language}).text
    body = text[text.index("<main") : text.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def decide(
    site: Site, mode: ServiceMode, ends_at: datetime | None = None, service: str | None = None
) -> None:
    moment = site.clock.now
    period = ModePeriod(
        f"m-{mode}",
        mode,
        moment - timedelta(minutes=1),
        moment,
        "",
        ends_at=ends_at,
        service=service,
        review_on=None if ends_at else (moment + timedelta(days=7)).date(),
    )
    site.application.database.write(
        [("3674", moment.date())],
        partial(apply_change, office="3674", change=ModeDecision(period), by="", now=moment),
    )


@pytest.mark.parametrize(
    ("query", "services"),
    [("ktp ilang", ["CTK"]), ("bpjs gak aktif", ["SNK"]), ("akte lahr", ["AKL"])],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_own_words_lead_to_the_service(
    site: Site, language: str, query: str, services: list[str]
) -> None:
    browser = site.browser()
    search = next(
        each for each in forms_of(browser.get(f"{OFFICE}?lang={language}")) if "q" in each.fields
    )
    page = site.send(browser, search, q=query)
    assert page.status_code == 200
    found = dict.fromkeys(links_of(page, "/o/3674/s/"))
    assert [each.rpartition("/")[2].partition("#")[0] for each in found] == [
        code for code in services for _ in range(len(found))
    ]
    assert f'value="{query}"' in page.text, "what was typed stays"


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_fits_the_groups_and_the_phone_are_the_next_step(
    site: Site, language: str
) -> None:
    page = words_of(site, f"{OFFICE}?q=xyzzy", language)
    assert {"id": "Tidak ada yang cocok", "en": "Nothing fits"}[language] in page
    assert office_of(site).phone in page
    for stream in office_of(site).streams:
        assert stream.name[language] in page


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", '" onfocus="alert(1)', "a" * 5_000, "\u202e\u200f", "%"]
)
def test_hostile_words_are_shown_as_words_and_cut_short(site: Site, query: str) -> None:
    page = site.browser().get(OFFICE, query_string={"q": query})
    assert page.status_code == 200
    assert "<script>alert" not in page.text and '" onfocus=' not in page.text
    assert 'value="' + "a" * 61 not in page.text


def test_what_most_people_come_for_stands_first(site: Site) -> None:
    """Counted up to yesterday, so it does not change in the middle of a day."""

    def first() -> list[str]:
        page = site.browser().get(OFFICE)
        cards = page.text.partition('class="grid"')[2].partition("</ul>")[0]
        return list(dict.fromkeys(re.findall(r'/s/([A-Z]+)"', cards)))

    order = [each.code for each in office_of(site).services]
    assert first() == order[:MOST_USED], "a new office shows its own order"
    book(site, (TUESDAY + timedelta(days=1)).date(), service="WNA")
    assert first() == order[:MOST_USED]
    site.clock.pass_by(days=2)
    assert first() == ["WNA", *order[: MOST_USED - 1]]


def test_every_service_stands_in_the_group_of_its_stream_with_what_it_needs(site: Site) -> None:
    page = without_layout(site.browser().get(f"{OFFICE}?lang=en"))
    for service in office_of(site).services:
        row = page.partition(f'id="s-{service.code}"')[2].partition("</li>")[0]
        assert service.name["en"] in html.unescape(row) and "badge" in row
        assert f"about {service.minutes} minutes" in row


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["REK", "CTK", "KK", "PGD", "LEG"])
def test_a_service_tells_what_it_needs_before_any_time_is_chosen(
    site: Site, language: str, code: str
) -> None:
    service = office_of(site).service(code)
    page = words_of(site, f"{OFFICE}/s/{code}", language)
    choose = {"id": "Pilih jadwal", "en": "Choose a time"}[language]
    bring = service.requirements[language]
    assert 0 < page.index(bring) < page.index(choose)
    assert {"id": "GRATIS", "en": "free of charge"}[language] in page
    badge = {
        "REK": ("Perlu datang", "Visit needed"),
        "CTK": ("Ajukan online, ambil di kantor", "Apply online, collect at the office"),
        "KK": ("Bisa online", "Can be done online"),
        "PGD": ("Bisa online atau datang", "Online or in a visit"),
        "LEG": ("Perlu datang", "Visit needed"),
    }[code][LANGUAGES.index(language)]
    assert badge in page
    steps = service.online.steps[language].splitlines() if service.online else []
    assert [page.index(step) for step in steps] == sorted(page.index(step) for step in steps)
    assert links_of(site.browser().get(f"{OFFICE}/s/{code}"), VISIT) == [f"{VISIT}?service={code}"]
    links = links_of(site.browser().get(f"{OFFICE}/s/{code}"), "contoh.example")
    assert links == ([service.online.url] if service.online else [])


def test_an_unknown_service_is_told_as_unknown(site: Site) -> None:
    page = site.browser().get(f"{OFFICE}/s/NONE", headers={"Accept-Language": "en"})
    assert page.status_code == 404 and "no such service" in page.text


SENTENCES = {
    ServiceMode.NORMAL: ("Pilih jadwal sebelum datang", "Choose your time before you come"),
    ServiceMode.ONLINE_FIRST: ("Yang bisa online, uruslah online", "Please do online what can be"),
    ServiceMode.URGENT_ONLY: ("hanya jika keperluan Anda mendesak", "only if your case is urgent"),
    ServiceMode.CLOSED: (
        "Kantor tutup sampai Minggu, 6 Desember. Jangan datang dulu.",
        "The office is closed until Sunday, 6 December. Please do not come yet.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", ServiceMode)
def test_each_mode_says_what_is_possible_and_contradicts_nothing(
    site: Site, mode: ServiceMode, language: str
) -> None:
    if mode is not ServiceMode.NORMAL:
        decide(site, mode, SUNDAY_NIGHT)
    page = words_of(site, OFFICE, language)
    spoken = LANGUAGES.index(language)
    for each, sentences in SENTENCES.items():
        assert (sentences[spoken] in page) == (each is mode)
    walk_in = ("ambil nomor di pintu", "take a number at the door")[spoken]
    if mode in (ServiceMode.URGENT_ONLY, ServiceMode.CLOSED):
        assert "mengambil nomor di pintu" not in page and walk_in not in page
    shown = site.browser().get(OFFICE, headers={"Accept-Language": language})
    urgent = links_of(shown, "/book?urgent=1")
    assert bool(urgent) == (mode is ServiceMode.URGENT_ONLY)
    # What can be done online is there on every day, and is led to where little else is possible.
    assert "/o/3674/s/KK#online" in links_of(shown, "/s/KK")
    assert ('href="#online"' in shown.text) == (mode is not ServiceMode.NORMAL)
    assert shown.text.count('id="online"') == (mode is not ServiceMode.NORMAL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_office_leads_to_times_after_it_opens_and_to_the_online_way(
    site: Site, language: str
) -> None:
    decide(site, ServiceMode.CLOSED, SUNDAY_NIGHT)
    site.application.database.find_office("3674")
    page = words_of(site, f"{OFFICE}/s/KK", language)
    service = office_of(site).service("KK")
    assert service.online is not None
    assert all(step in page for step in service.online.steps[language].splitlines())
    assert SENTENCES[ServiceMode.CLOSED][LANGUAGES.index(language)] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_end_the_review_date_is_told_and_no_time_is_offered(
    site: Site, language: str
) -> None:
    decide(site, ServiceMode.CLOSED)
    page = words_of(site, OFFICE, language)
    expected = {
        "id": ("sampai ada pengumuman baru", "Selasa, 1 Desember 2026"),
        "en": ("until further notice", "Tuesday, 1 December 2026"),
    }
    assert all(each in page for each in expected[language])
    shown = site.browser().get(OFFICE)
    for page in (shown, site.browser().get(f"{OFFICE}/s/REK")):
        assert links_of(page, "/book") == links_of(page, VISIT) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_for_urgent_cases_only_the_others_hear_when_they_may_come(
    site: Site, language: str
) -> None:
    """Long enough that no regular time can be booked."""
    decide(site, ServiceMode.URGENT_ONLY, SUNDAY_NIGHT + timedelta(days=61, hours=12))
    page = words_of(site, f"{OFFICE}/s/REK", language)
    again = {"id": "Anda bisa datang lagi mulai", "en": "Visits are possible again from"}[language]
    day = {"id": "Senin, 8 Februari 2027", "en": "Monday, 8 February 2027"}[language]
    assert f"{again} {day}." in page, "it ends on a Saturday, and the doors open on Monday"
    shown = site.browser().get(f"{OFFICE}/s/REK")
    assert links_of(shown, VISIT) == []
    assert links_of(shown, "urgent=1")
    listed = site.browser().get(OFFICE)
    assert "/o/3674/s/KK#online" in links_of(listed, "/s/KK")
    assert links_of(listed, VISIT) == []


def test_the_office_finder_tells_the_way_to_each_office(site: Site) -> None:
    for path in ("/", "/earliest?service=KK"):
        page = site.browser().get(path, headers={"Accept-Language": "en"})
        assert len(links_of(page, "openstreetmap.org")) == 2, path
        assert page.text.count("Wheelchairs get in") == 2
        assert page.text.count("Free parking") == 2
        assert len(re.findall(r'rel="external noreferrer"', page.text)) == 2
