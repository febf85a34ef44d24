"""The triage in a real browser, by touch and by keyboard, in both languages, with and without
scripts: the sharpest cases of a civil registry.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Pages, faults
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser

CASES = {
    "id": [
        ("LEG", ["Ya, ada kode QR"], "Tidak perlu dilegalisir"),
        ("LEG", ["Tidak, tanda tangan dan cap basah"], "Kapan Anda ingin datang?"),
        ("SNK", ["Ya", "Berobat atau BPJS"], "Anda dilayani di jalur mendesak"),
        ("CTK", ["Hilang", "Belum"], "Ke kantor polisi dulu, lalu ke sini"),
        ("REK", ["Belum pernah", "Tidak bisa"], "Petugas bisa datang ke rumah"),
        ("AKP", ["Di KUA"], "KUA atau Pengadilan Agama yang mencatat"),
    ],
    "en": [
        ("LEG", ["Yes, there is a QR code"], "No legalisation is needed"),
        ("LEG", ["No, it is signed"], "When do you want to come?"),
        ("SNK", ["Yes", "Treatment or BPJS"], "You are served in the urgent lane"),
        ("CTK", ["Lost", "Not yet"], "First the police station, then here"),
        ("REK", ["Never", "No: ill"], "An officer can come to the home"),
        ("AKP", ["At a KUA"], "The KUA or religious court keeps this record"),
    ],
}


@pytest.mark.parametrize(
    ("width", "language", "scripts"), [(320, "id", True), (1366, "en", True), (360, "en", False)]
)
def test_the_sharpest_cases_are_led_right(
    served: Served,
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    width: int,
    language: str,
    scripts: bool,
) -> None:
    page = page_at(width, 740, java_script_enabled=scripts)
    served.open(page, f"/?lang={language}")
    for service, answers, title in CASES[language]:
        served.open(page, f"/o/3674/triage?service={service}")
        for answer in answers:
            if scripts:
                assert faults(page, axe) == []
            page.locator("main li a", has_text=answer).first.click()
        expect(page.locator("h1")).to_have_text(title)
        if scripts:
            assert faults(page, axe) == []


def test_the_keyboard_alone_leads_from_a_question_to_a_time(served: Served, page_at: Pages) -> None:
    page = page_at(1366, 768, locale="en-GB")
    served.open(page, "/o/3674/triage?service=LEG")
    page.locator("main a", has_text="Yes, there is a QR code").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_title("No legalisation is needed – Disdukcapil Kota Tangerang Selatan")
    page.get_by_role("button", name="Still want to come?").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("When do you want to come?")
    page.go_back()
    expect(page.locator("h1")).to_have_text("No legalisation is needed")
