"""The triage at the reception: an urgent outcome chooses its reason, for its own visitor alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Pages
from tests.web.served import Served

pytestmark = pytest.mark.requires_browser


def test_an_urgent_case_gets_its_reason_and_the_next_visitor_does_not(
    served: Served, page_at: Pages
) -> None:
    page = served.sign_in(page_at(1366, 768, locale="en-GB"), "sari", "/reception")
    page.select_option("#service", "SNK")
    page.click("#triage-answers >> text=Yes")
    page.click("#triage-answers >> text=Treatment")
    expect(page.locator("#triage-title")).to_have_text("You are served in the urgent lane")
    expect(page.locator("#urgency")).to_have_value("hospital")
    expect(page.locator("#triage-anyway"), "coming is what is advised").to_be_hidden()
    page.select_option("#service", "KK")
    expect(page.locator("#triage-title")).to_have_text("You do not need to come")
    expect(page.locator("#urgency")).to_have_value("")
    page.click("#triage-more summary")
    expect(page.locator("#triage-steps")).to_contain_text("https://contoh.example/kartu-keluarga")
    page.check("[name=when][value=later]", force=True)
    expect(page.locator("#triage-anyway"), "it gives a number for now").to_be_hidden()
    page.check("[name=when][value=now]", force=True)
    page.select_option("#urgency", "court")
    page.select_option("#service", "AKL")
    expect(page.locator("#triage-title")).to_have_text("You do not need to come")
    expect(page.locator("#urgency"), "what was chosen by hand stays").to_have_value("court")
    page.click("[data-anyway=NO_DEVICE]")
    expect(page.locator("#visit-state")).to_have_text("Waiting")
    expect(page.locator("#visit-service")).to_have_text("Birth certificate")
