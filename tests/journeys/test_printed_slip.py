"""A number taken at the kiosk's page comes out of a real printer's emulator, and its QR code opens
the ticket.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.fixtures.parts import ROOT
from tests.fixtures.services import free_port, wait_for_port
from tests.journeys.people import Kiosk
from tests.journeys.stage import Demo
from tests.printer.conftest import Emulator

pytestmark = [pytest.mark.requires_browser, pytest.mark.requires_emupos]


@pytest.fixture
def kiosk_url(demo: Demo, emulator: Emulator, tmp_path: Path) -> Iterator[str]:
    """A second kiosk of the demo's office, started by its own command, with an 80 mm printer on the
    network.
    """
    state, port = tmp_path / "kiosk", free_port()
    state.mkdir()
    (state / "token").write_text(demo.access["tokens"]["kiosk"])
    command = [
        sys.executable,
        "-m",
        "queue_server",
        "kiosk",
        "--server",
        demo.server,
        "--state",
        str(state),
        "--listen",
        f"127.0.0.1:{port}",
        "--printer",
        emulator.address("door"),
    ]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")}
    with open(tmp_path / "kiosk.log", "wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def test_the_slip_is_printed_on_paper(
    kiosk_url: str,
    demo: Demo,
    emulator: Emulator,
    page_at: Any,
    read_qr: Callable[[Path], str],
    tmp_path: Path,
) -> None:
    before = len(emulator.receipts("door"))
    kiosk = Kiosk(page_at(1080, 1920))
    kiosk.enter(kiosk_url)
    number = kiosk.take_number("LEG")
    kiosk.page.wait_for_selector('#print[data-print="printed"], #print[data-print="unconfirmed"]')
    receipts = emulator.wait_for_receipts("door", before + 1)
    assert len(receipts) == before + 1, "one number, one slip"
    text = emulator.text("door", receipts[0])
    assert "GRATIS" in text and "CONTOH" not in text
    picture = tmp_path / "slip.png"
    picture.write_bytes(emulator.picture("door", receipts[0]))
    address = read_qr(picture)
    phone: Page = page_at(360, 740)
    answer = phone.goto(address)
    assert answer is not None and answer.status == 200, address
    assert phone.locator("#number").inner_text() == number
