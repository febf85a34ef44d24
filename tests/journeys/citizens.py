"""A citizen with a phone who reads what stands on the page: whatever they look for, press and are
told is named by its words, in the language of the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from icalendar import Calendar, Event
from playwright.sync_api import Locator, Page, expect

from queue_server.demo.catalogue import SERVICES
from queue_server.web.edge.locale import catalog
from tests.fixtures.pdf import read_text
from tests.journeys.people import CODE
from tests.journeys.stage import Demo

LOCALES = {"id": "id-ID", "en": "en-GB"}
Words = dict[str, str]
"""The same words in each language."""


@dataclass
class Citizen:
    """Somebody with a phone, at the pages of one office."""

    page: Page
    demo: Demo
    language: str
    office: str

    def say(self, message: str, **facts: Any) -> str:
        """What the pages say for a message of the catalogue, without its markup."""
        text = re.sub("<[^>]*>", "", catalog(self.language).gettext(message))
        return text % facts if facts else text

    def say_number(self, one: str, many: str, num: int) -> str:
        """What the pages say for a message with a number."""
        return catalog(self.language).ngettext(one, many, num) % {"num": num}

    def name(self, service: str) -> str:
        """What a service is called."""
        return next(each for each in SERVICES if each.code == service).name[self.language]

    def go(self, path: str) -> None:
        self.page.goto(f"{self.demo.server}{path}")

    def press(self, message: str) -> None:
        self.page.get_by_role("button", name=self.say(message), exact=True).click()

    def follow(self, message: str) -> None:
        self.page.get_by_role("link", name=self.say(message)).first.click()

    def read(self, *texts: str) -> None:
        """Each of these stands on the page, to be seen."""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def read_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    # Choosing.

    def look_for(self, words: str, service: str) -> Locator:
        """Search in one's own words; gives the one service found."""
        self.go(f"/o/{self.office}")
        self.page.get_by_label(self.say("Search in your own words")).fill(words)
        self.press("Search")
        found = self.page.locator("li.service")
        heading = found.first.get_by_role("heading")
        expect(heading).to_have_text(self.name(service))
        return found.first

    def choose(self, words: str, service: str) -> None:
        """Search for a service, and ask for a time to come for it."""
        self.look_for(words, service).get_by_role("link", name=self._choose_a_time).click()

    @property
    def _choose_a_time(self) -> str:
        message = 'Choose a time<span class="visually-hidden">: %(name)s</span>'
        return self.say(message, name="").rstrip(": ")

    def answer(self, answer: Words) -> None:
        """Answer a question about the case."""
        self.page.get_by_role("link", name=answer[self.language], exact=True).click()

    def choose_service(self, service: str, people: int = 1) -> None:
        """The first step of a booking for those who know what they need."""
        self.go(f"/o/{self.office}/book")
        # Others name it among the papers to bring.
        title = self.page.get_by_text(self.name(service), exact=True)
        self.page.locator("label.choice", has=title).get_by_role("radio").check()
        chosen = self.page.get_by_label(self.say("How many people come?"))
        chosen.select_option(str(people))
        self.press("Continue")

    # Booking.

    def take_first_time(self) -> None:
        self.read_heading(self.say("When do you want to come?"))
        self.press("Take this time")

    def take_time(self, day: int) -> None:
        """Take the first time of another day: 0 is the first one shown."""
        self.read_heading(self.say("When do you want to come?"))
        self.page.locator("a.day-chip[href*='day=20']").nth(day).click()
        times = self.page.get_by_role("form")
        times.get_by_role("radio").first.check(force=True)
        times.get_by_role("button", name=self.say("Continue")).click()

    def give(self, name: str, number: str, label: str = "NIK") -> None:
        """Who comes: the name, and the number under its label."""
        self.read_heading(self.say("Who is coming?"))
        self.page.get_by_label(self.say("Name"), exact=True).fill(name)
        self.page.get_by_label(self.say(label), exact=True).fill(number)

    def book(self) -> str:
        """From the details on: look the answers over and book; gives the code."""
        self.press("Continue")
        self.read_heading(self.say("Is everything right?"))
        return self.confirm()

    def confirm(self) -> str:
        self.press("Book this visit")
        self.page.wait_for_url(CODE)
        self.read(self.say("Your visit is booked"))
        return self.code

    @property
    def code(self) -> str:
        found = CODE.search(self.page.url)
        assert found, f"no ticket at {self.page.url}"
        return found[1]

    # The ticket.

    def fact(self, name: str) -> Locator:
        """What a page says under a name in its list of facts."""
        term = self.page.get_by_text(self.say(name), exact=True)
        return self.page.locator("dl > div", has=term).locator("dd").first

    def expect_state(self, state: str) -> None:
        expect(self.page.locator("#state")).to_have_text(self.say(state))

    def hears(self, message: str, **facts: str) -> None:
        """What the ticket tells its holder to do; each {fact} as it stands now."""
        said = re.escape(self.say(message))
        for name, value in facts.items():
            said = said.replace(re.escape(f"{{{name}}}"), value)
        expect(self.page.locator("#say")).to_have_text(re.compile(said))

    def calendar(self, code: str) -> Event:
        """The visit as a calendar takes it."""
        [visit] = Calendar.from_ical(self.save(f"/t/{code}/calendar.ics")).walk("VEVENT")
        assert isinstance(visit, Event)
        return visit

    def slip(self, code: str) -> str:
        """The words of the ticket's PDF."""
        return read_pdf(self.save(f"/t/{code}/ticket.pdf"))

    def save(self, path: str) -> bytes:
        """A file as the phone saves it, which asks for it in its own language."""
        asked = {"Accept-Language": LOCALES[self.language]}
        answer = self.page.request.get(f"{self.demo.server}{path}", headers=asked)
        assert answer.ok, answer.text()
        return answer.body()


def read_pdf(pdf: bytes) -> str:
    """The words of a PDF, in one line."""
    return " ".join(read_text(pdf).split())
