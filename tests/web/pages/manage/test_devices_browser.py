"""The devices page in a real browser: it says by itself what has changed, never over what somebody
types, and is accessible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from queue_server.services.access import devices
from queue_server.store.access import devices as device_store
from queue_server.store.writer.database import Database
from tests.fixtures.browser import Pages, faults
from tests.web.served import Served
from tests.web.site import TUESDAY

pytestmark = pytest.mark.requires_browser

WELL = {"build": "b1", "printer": "ready", "roll_left": 400, "print_queued": 0}
OUT = {**WELL, "printer": "paper_out", "unconfirmed_job": "j1", "unconfirmed_number": "A012"}


@pytest.fixture
def say(served: Served) -> Iterator[Callable[[dict[str, object]], None]]:
    """`say(facts)` is what the kiosk says of itself."""
    database = Database(f"sqlite:///{served.file}")
    kiosk = database.write(
        [], lambda tx: devices.add_paired(tx, "kiosk", "3674", "Kios 1", "token-k1", TUESDAY)
    )

    def speak(facts: dict[str, object]) -> None:
        database.write(
            [], lambda tx: device_store.update(tx, "3674", kiosk.id, seen_at=TUESDAY, health=facts)
        )

    speak(WELL)
    yield speak
    database.close()


def look(page: Page) -> None:
    """Have the page look now instead of after five seconds."""
    page.wait_for_load_state("load")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize(("width", "height", "language"), [(360, 740, "id"), (1366, 768, "en")])
def test_a_trouble_appears_by_itself_and_not_over_what_is_typed(
    served: Served,
    say: Callable[[dict[str, object]], None],
    page_at: Pages,
    axe: Callable[[Page], list[str]],
    width: int,
    height: int,
    language: str,
) -> None:
    page = page_at(width, height, language)
    served.sign_in(page, "budi", f"/manage/devices?lang={language}")
    card = page.locator("li.device").filter(has_text="Kios 1")
    expect(card).to_be_visible()
    expect(page.locator(".device__trouble")).to_have_count(0)
    say(OUT)
    look(page)
    trouble = {"id": "Pasang gulungan baru", "en": "Put in a new roll"}[language]
    expect(card.locator(".device__trouble")).to_contain_text(trouble)
    expect(card).to_contain_text("A012")
    assert faults(page, axe) == []
    page.locator("[name=code]").fill("ABC")
    say(WELL)
    look(page)
    expect(page.locator("#device-news")).to_be_visible()
    expect(page.locator("[name=code]")).to_have_value("ABC")
    page.locator("#device-news a").click()
    expect(page.locator(".device__trouble")).to_have_count(0)
