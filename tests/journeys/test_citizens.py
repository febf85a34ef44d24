"""What people bring to a civil registry, from the words they type to the ticket in their hand, in
both languages: who need not come is told so, and who must come is booked as the one they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from queue_server.demo.guidance import EXAMPLE
from tests.journeys.citizens import LOCALES, Citizen
from tests.journeys.people import CODE
from tests.journeys.stage import Demo
from tests.journeys.test_keyboard import PRESSES_AT_MOST, Keyboard

pytestmark = [pytest.mark.requires_browser, pytest.mark.timeout(180)]

YES = {"id": "Ya", "en": "Yes"}
DONE = {"id": "Sudah", "en": "Yes"}
WITH_QR = {"id": "Ya, ada kode QR", "en": "Yes, there is a QR code"}
BY_HAND = {"id": "Tidak, tanda tangan dan cap basah", "en": "No, it is signed and stamped by hand"}
TREATMENT = {"id": "Berobat atau BPJS", "en": "Treatment or BPJS"}
LOST = {"id": "Hilang", "en": "Lost"}
NOT_YET = {"id": "Belum", "en": "Not yet"}
NEVER = {"id": "Belum pernah", "en": "Never"}
BEDRIDDEN = {
    "id": "Tidak bisa: sakit, terbaring, atau sulit berjalan",
    "en": "No: ill, bedridden or hardly able to walk",
}


@pytest.fixture(params=LOCALES)
def citizen(request: pytest.FixtureRequest, demo: Demo, page_at: Any) -> Citizen:
    """Somebody with a small phone, in each language."""
    page = page_at(360, 740, LOCALES[request.param])
    return Citizen(page, demo, request.param, demo.office)


def test_a_document_with_an_electronic_signature_needs_no_visit(citizen: Citizen) -> None:
    citizen.choose("legalisir", "LEG")
    citizen.answer(WITH_QR)
    citizen.read_heading(
        {"id": "Tidak perlu dilegalisir", "en": "No legalisation is needed"}[citizen.language]
    )
    citizen.read("Permendagri 104/2019", citizen.say("What to do next"))
    ways = citizen.page.get_by_role("main").get_by_role("link")
    expect(ways.filter(has_text=citizen.say("Choose a day and time"))).to_have_count(0)
    # Advice, not a wall.
    citizen.press("Still want to come?")
    citizen.read_heading(citizen.say("When do you want to come?"))


def test_a_document_signed_by_hand_is_legalised_at_the_office(
    citizen: Citizen, new_nik: Callable[[], str]
) -> None:
    citizen.choose({"id": "legalisasi akta lama", "en": "legalise"}[citizen.language], "LEG")
    citizen.answer(BY_HAND)
    citizen.take_first_time()
    citizen.give("Rahmat Hidayat", new_nik())
    citizen.book()
    citizen.expect_state("Booked")
    expect(citizen.fact("Bring")).to_contain_text(
        {"id": "Dokumen asli dan fotokopinya", "en": "The original and its copies"}[
            citizen.language
        ]
    )
    expect(citizen.fact("Cost")).to_have_text(citizen.say("Free of charge"))


def test_a_treatment_tomorrow_makes_the_case_urgent_and_every_paper_says_what_proves_it(
    citizen: Citizen, new_nik: Callable[[], str]
) -> None:
    reason = citizen.say("Hospital or BPJS treatment now")
    proof = citizen.say("Bring: a letter from the hospital or clinic")
    citizen.choose("bpjs gak aktif", "SNK")
    citizen.answer(YES)
    citizen.answer(TREATMENT)
    citizen.read_heading(
        {"id": "Anda dilayani di jalur mendesak", "en": "You are served in the urgent lane"}[
            citizen.language
        ]
    )
    citizen.read(proof)
    citizen.follow("Choose a day and time")
    citizen.read(reason)
    citizen.take_first_time()
    citizen.give("Yuni Astuti", new_nik())
    code = citizen.book()
    expect(citizen.fact("Urgent")).to_contain_text(reason)
    expect(citizen.fact("Urgent")).to_contain_text(proof)
    described = str(citizen.calendar(code)["description"])
    assert reason in described and proof in described
    slip = citizen.slip(code)
    assert reason in slip and proof in slip


def test_who_has_lost_the_id_card_goes_to_the_police_applies_online_and_comes_once(
    citizen: Citizen, new_nik: Callable[[], str]
) -> None:
    page = citizen.page
    citizen.choose("ktp ilang", "CTK")
    citizen.answer(LOST)
    citizen.answer(NOT_YET)
    citizen.read_heading(
        {"id": "Ke kantor polisi dulu, lalu ke sini", "en": "First the police station, then here"}[
            citizen.language
        ]
    )
    expect(page.get_by_role("link", name=citizen.say("Choose a day and time"))).to_have_count(0)
    page.go_back()
    citizen.answer(DONE)
    online = page.get_by_role("link", name=citizen.say("Apply online"))
    assert (online.get_attribute("href") or "").startswith(EXAMPLE)
    citizen.follow("Choose a time to collect it")
    citizen.take_time(2)
    citizen.give("Agus Salim", new_nik())
    citizen.book()
    expect(page.locator(".ticket__head")).to_contain_text(citizen.name("AMB"))
    expect(citizen.fact("Bring")).not_to_be_empty()


def test_somebody_arranges_it_for_a_bedridden_mother(
    citizen: Citizen, new_nik: Callable[[], str], page_at: Any
) -> None:
    # Her fingerprints are taken at home.
    citizen.choose({"id": "rekam ktp", "en": "fingerprints"}[citizen.language], "REK")
    citizen.answer(NEVER)
    citizen.answer(BEDRIDDEN)
    citizen.read_heading(
        {"id": "Petugas bisa datang ke rumah", "en": "An officer can come to the home"}[
            citizen.language
        ]
    )
    expect(citizen.page.locator("main a[href^='tel:']").first).to_be_visible()

    # Her card is collected by her son, who brings what shows that he may.
    citizen.choose_service("AMB")
    citizen.take_first_time()
    nik = new_nik()
    citizen.give("Halimah", nik)
    citizen.page.get_by_text(
        citizen.say("Need help on the spot, or arranging it for somebody else?")
    ).click()
    citizen.page.get_by_role(
        "checkbox", name=citizen.say("I arrange this for somebody else, who does not come along")
    ).check()
    citizen.press("Continue")
    citizen.read(citizen.say("Bring a power of attorney"))
    code = citizen.confirm()
    demo = citizen.demo
    path = f"/offices/{demo.office}/reception/ticket?shown={code}"
    status, seen = demo.api("GET", path, role="clerk")
    assert (status, seen["represented"]) == (200, True)
    public = demo.api("GET", f"/tickets/{code}")[1]
    assert "Halimah" not in citizen.page.content() + str(public)
    assert nik[-4:] not in str(public)


def test_one_name_is_enough(citizen: Citizen, new_nik: Callable[[], str]) -> None:
    citizen.choose_service("IKD")
    citizen.take_first_time()
    citizen.give("Suharto", new_nik())
    citizen.press("Continue")
    expect(citizen.fact("Name")).to_have_text("Suharto")
    citizen.confirm()
    citizen.expect_state("Booked")


def test_a_family_of_five_comes_with_one_booking(
    citizen: Citizen, new_nik: Callable[[], str]
) -> None:
    citizen.choose_service("KIA", people=5)
    five = citizen.say_number("%(num)s person", "%(num)s people", 5)
    citizen.read(five)
    citizen.take_time(1)
    citizen.give("Keluarga Santoso", new_nik())
    code = citizen.book()
    expect(citizen.fact("People")).to_have_text(five)
    assert five in citizen.slip(code)
    assert five in str(citizen.calendar(code)["description"])


def test_a_foreigner_is_led_to_the_right_service_and_known_by_passport_or_permit(
    citizen: Citizen,
) -> None:
    number = {"id": "2C11JE1234T", "en": "L01X00T47"}[citizen.language]
    citizen.choose_service("KK")
    citizen.take_first_time()
    citizen.give("Maria Fernandez", number)
    citizen.press("Continue")
    citizen.read(
        {
            "id": "Layanan ini memerlukan NIK",
            "en": "This looks like a passport or KITAS number. This service needs a NIK",
        }[citizen.language]
    )
    citizen.choose_service("WNA")
    citizen.take_first_time()
    citizen.give("Maria Fernandez", number, "NIK, passport or KITAS/KITAP number")
    citizen.press("Continue")
    expect(citizen.fact("NIK, passport or KITAS/KITAP number")).to_have_text(f"•••• {number[-4:]}")
    citizen.confirm()
    assert number not in citizen.page.content()
    # There are letters among the last four, so the phone must offer letters for it.
    citizen.follow("Cancel this visit")
    proof = citizen.page.get_by_label(
        citizen.say(
            "Last 4 characters of the NIK, passport or KITAS/KITAP number, or of the phone number"
        )
    )
    expect(proof).to_have_attribute("inputmode", "text")
    proof.fill(number[-4:].lower())
    citizen.press("Yes, cancel the visit")
    citizen.expect_state("Cancelled")


@pytest.mark.parametrize("language", LOCALES)
def test_a_keyboard_without_scripts_is_enough(
    demo: Demo, page_at: Any, new_nik: Callable[[], str], language: str
) -> None:
    """From the search to the ticket; what is typed is not counted."""
    page = page_at(1366, 768, LOCALES[language], java_script_enabled=False)
    citizen = Citizen(page, demo, language, demo.office)
    hands = Keyboard(page)
    citizen.go(f"/o/{demo.office}")
    hands.go_to("#f-q")
    page.keyboard.type("legalisir")
    hands.enter()
    hands.go_to("li.service a.button")
    hands.enter()
    hands.go_to("main .card--link >> nth=1")
    hands.enter()
    hands.go_to(".fastest button")
    hands.enter()
    hands.go_to("#f-name")
    page.keyboard.type("Tarmo")
    hands.go_to("#f-nik")
    page.keyboard.type(new_nik())
    hands.enter()
    hands.go_to("[data-busy]")
    hands.enter()
    assert CODE.search(page.url), page.url
    citizen.expect_state("Booked")
    assert hands.unseen == [], "the focus can always be seen"
    assert hands.presses <= PRESSES_AT_MOST
