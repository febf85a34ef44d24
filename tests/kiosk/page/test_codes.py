"""What a scanner may read, and what becomes of it: nothing but a booking code is ever sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.kiosk.conftest import on, scan
from tests.protocol.fake_server import FakeServer

pytestmark = pytest.mark.requires_browser

CODE = "7F3K9Q2M4N5P"
READ = [
    (CODE, {"code": CODE}),
    (CODE.lower(), {"code": CODE}),
    ("7F3K-9Q2M-4N5P", {"code": CODE}),
    (" 7F3K 9Q2M 4N5P ", {"code": CODE}),
    ("IL0O9Q2M4N5P", {"code": "11009Q2M4N5P"}),
    (f"https://antrean.example/t/{CODE}", {"code": CODE}),
    (f"HTTPS>&&other.example&T&{CODE}", {"code": CODE}),
    ("3674010203040005", {"fault": "nik"}),
    ("NIK 3674010203040005", {"fault": "nik"}),
    ("https://x.example/?n=3674010203040005", {"fault": "nik"}),
    (f"https://antrean.example/pay/{CODE}", {"fault": "foreign"}),
    ("https://shop.example/sale", {"fault": "foreign"}),
    ("WIFI:S:kantor;T:WPA;P:rahasia123;;", {"fault": "foreign"}),
    (CODE + "7", {"fault": "foreign"}),
    ("7F3K9Q2M4N5U", {"fault": "foreign"}),
    ("7F3K9Q2", {"fault": "half"}),
    (CODE[:11], {"fault": "half"}),
    ("a]", None),
    (";;;;;;;;;;", None),
    ("", None),
]


def test_a_code_is_told_from_everything_else(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk()
    read = page.evaluate(
        """async (texts) => {
          const { readScan } = await import("/static/code/codes.js");
          return texts.map(readScan);
        }""",
        [text for text, _ in READ],
    )
    assert read == [wanted for _, wanted in READ]


@pytest.mark.parametrize(
    ("scanned", "title"),
    [
        ("3674010203040005", "Ini bukan kode janji"),
        ("https://shop.example/sale", "Kode ini bukan dari antrean ini"),
        ("7F3K9Q2", "Kode belum terbaca lengkap"),
    ],
)
def test_what_is_no_code_is_said_and_neither_sent_nor_kept(
    shared: FakeServer, open_kiosk: Callable[..., Page], scanned: str, title: str
) -> None:
    page = open_kiosk()
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url + (each.post_data or "")))
    scan(page, scanned)
    on(page, "problem")
    assert page.locator("#problem-title").text_content() == title
    assert page.locator("#back").is_visible() and page.locator("#new-number").is_visible()
    page.locator("#back").tap()
    on(page, "code")
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert scanned not in kept + page.content() + "".join(sent) and shared.posts == []


def test_noise_of_a_scanner_changes_nothing(
    shared: FakeServer, open_kiosk: Callable[..., Page]
) -> None:
    page = open_kiosk()
    for noise in ("a]", ";;;;;;;;", "x" * 2):
        scan(page, noise)
    assert page.evaluate("document.body.dataset.screen") == "home" and shared.posts == []
