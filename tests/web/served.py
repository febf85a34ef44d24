"""A running server with some visitors in the waiting room, as pages in a real browser meet it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from tests.fixtures.nursery import Nursery
from tests.web.site import PASSWORD, TUESDAY

WAITING = 6


class Served:
    """Where it is, the file it keeps, and the codes of those who wait."""

    def __init__(self, base: str, file: Path, codes: list[str]) -> None:
        self.base = base
        self.file = file
        self.codes = codes

    def open(self, page: Page, path: str) -> Page:
        page.goto(f"{self.base}{path}")
        return page

    def sign_in(self, page: Page, username: str, path: str = "/desk") -> Page:
        page.goto(f"{self.base}{path}")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main form .button")
        return page


@contextmanager
def serving_visitors(
    nursery: Nursery, filled: Path, folder: Path, *, rate_limits: bool = False
) -> Iterator[Served]:
    """A server on a copy of a filled database, at 09.05 WIB on a working day, six visitors for
    family cards inside.
    """
    for part in filled.parent.glob(f"{filled.name}*"):
        shutil.copy(part, folder / part.name)
    file = folder / filled.name
    database = Database(f"sqlite:///{file}")
    codes = []
    for _ in range(WAITING):
        arrived = database.write(
            [("3674", TUESDAY.date())],
            partial(
                arrival.issue_walk_in,
                office="3674",
                wanted=arrival.WalkIn(service="KK"),
                draw=draw(),
                now=TUESDAY,
            ),
        )
        codes.append(arrived.ticket.code)
    database.close()
    offset = (TUESDAY - datetime.now(UTC)).total_seconds()
    with nursery.serving(
        database_url=f"sqlite:///{file}",
        secret_key_file=folder / "secret.key",
        nik_key_file=folder / "nik.key",
        rate_limits=rate_limits,
        # whoever signs in goes straight on; that managers are asked has tests of its own
        second_factor="optional",
        clock_offset_seconds=offset,
    ) as base:
        yield Served(base, file, codes)
