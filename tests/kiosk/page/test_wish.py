"""What the page sends is read as a visitor's wish, or refused; and the QR code that it draws can be
read.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.page.page import FOLDER, BadWish, create_page, read_wish
from kiosk.page.qr import draw_qr
from kiosk.records.database import JournalUnwritable
from kiosk.records.journal import Entry, Wish
from queue_server.protocol.codes import PARTY_SIZE_MAX, PRIORITIES, URGENCIES
from tests.fixtures.parts import need
from tests.kiosk.conftest import walk_in

KEY = "0b8f7f8e-4f57-4c0b-9a44-3f6f5f0f9c11"


def test_a_number_and_a_check_in_are_read() -> None:
    assert read_wish(walk_in(KEY, priority="child", urgency="hospital")) == (
        KEY,
        Wish("id", "REK", 1, "child", "hospital"),
    )
    assert read_wish({"key": KEY, "language": "en", "code": "7F3K9Q2M4N5P"}) == (
        KEY,
        Wish("en", code="7F3K9Q2M4N5P"),
    )


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        walk_in("1"),
        {**walk_in(), "key": None},
        walk_in(language="fr"),
        walk_in(service=None),
        walk_in(service="../x"),
        walk_in(party_size=0),
        walk_in(party_size=True),
        walk_in(party_size=PARTY_SIZE_MAX + 1),
        walk_in(party_size="2"),
        walk_in(priority="vip"),
        walk_in(urgency="now"),
        walk_in(priority=[]),
        walk_in(urgency={}),
        walk_in(code="7F3K9Q2M4N5P"),
        walk_in(service=None, code="7f3k"),
        walk_in(service=None, code="3674012345678901"),
        walk_in(service=None, code="https://shop.example/p/7F3K9Q2M4N5P"),
        walk_in(service=None, code="../../../.."),
    ],
)
def test_anything_else_is_refused(data: Any) -> None:
    with pytest.raises(BadWish):
        read_wish(data)


def test_the_page_is_given_the_codes_of_the_contract_and_has_words_for_each() -> None:
    page = create_page("build", dict, SimpleNamespace(), lambda _: None, lambda _: {}).test_client()
    shown = page.get("/").text
    choices, words = (
        json.loads(re.findall(rf'id="{name}">(.+?)</script>', shown)[0])
        for name in ("choices", "words")
    )
    assert choices == {"priorities": list(PRIORITIES), "urgencies": list(URGENCIES)}
    for said in words.values():
        assert {f"priority_{each}" for each in ("none", *PRIORITIES)} <= said.keys()
        assert {f"urgency_{each}" for each in URGENCIES} <= said.keys()
    for script in FOLDER.glob("static/**/*.js"):
        assert not re.findall(rf"['\"]({'|'.join(URGENCIES[:-1])})['\"]", script.read_text())


def test_a_wish_that_could_not_be_noted_is_over_at_once() -> None:
    def take(key: str, wish: Wish) -> Entry:
        raise JournalUnwritable("database or disk is full")

    taker = SimpleNamespace(take=take, give_up=None, copy=None)
    page = create_page("build", dict, taker, lambda _: None, lambda _: {}).test_client()
    token = re.search('page-token" content="([^"]+)', page.get("/").text)
    assert token
    answer = page.post("/requests", json=walk_in(KEY), headers={"X-Page-Token": token[1]})
    assert (answer.status_code, answer.json) == (200, {"key": KEY, "state": "abandoned"})


def test_the_drawn_code_can_be_read(tmp_path: Path) -> None:
    need("zbarimg", shutil.which("zbarimg"), "install the package zbar-tools")
    from PIL import Image, ImageDraw

    url = "https://antrean.example/t/7F3K9Q2M4N5P"
    drawn = draw_qr(url)
    scale, size = 8, int(drawn["size"])
    picture = Image.new("L", (size * scale, size * scale), 255)
    pen = ImageDraw.Draw(picture)
    for run in str(drawn["path"]).split("z")[:-1]:
        start, length = run.removeprefix("M").split("v")[0].split("h")
        x, y = (int(part) for part in start.split())
        pen.rectangle(
            (x * scale, y * scale, (x + int(length)) * scale - 1, (y + 1) * scale - 1), fill=0
        )
    picture.save(tmp_path / "qr.png")
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(tmp_path / "qr.png")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert read.stdout.strip() == url
