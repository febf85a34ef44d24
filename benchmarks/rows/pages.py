"""What a page of the public costs, against an empty request of the same server in the same run.

The clients ask as browsers do: they take gzip, read Indonesian, and have no cookie of an earlier
visit. The ticket page is asked for in turn by the holders of many tickets, as on a morning.
"""

from __future__ import annotations

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import server, stage
from benchmarks.load import Load, load_command, run_load
from benchmarks.report import Row, milliseconds, per_second

CLIENTS = 16
TICKETS = 200
SHARE_LEAST = 0.4
BROWSER = ("Accept-Encoding: gzip, deflate, br", "Accept-Language: id-ID,id;q=0.9,en;q=0.8")
SERVICE = "REK"


def rows(seconds: float) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'pages.db'}"
        stage.prepare(url)
        with server.serve(url, folder, server.add_people(url)) as served:
            codes = book_visits(served)
            office = f"/o/{stage.OFFICE}"
            asked: dict[str, list[str]] = {
                "office page": [office],
                "day list": [f"{office}/book/day?service={SERVICE}"],
                f"ticket page of {len(codes)} tickets": [f"/t/{code}" for code in codes],
            }
            for what, paths in asked.items():
                get(served, 0.5, *paths)
                # The floor is measured beside each page: a shared machine is faster or slower by
                # the minute.
                empty = get(served, seconds / 2, "/livez")
                page = get(served, seconds, *paths)
                floor = (empty.rate + get(served, seconds / 2, "/livez").rate) / 2
                yield Row(
                    f"{what} ÷ empty request, {CLIENTS} clients",
                    f"{per_second(page.rate)}, p50 {milliseconds(page.p50)}, "
                    f"p99 {milliseconds(page.p99)}",
                    per_second(floor),
                    page.rate / floor,
                    SHARE_LEAST,
                )


def get(served: server.Served, seconds: float, *paths: str) -> Load:
    """Addresses, asked for by all clients in turn."""
    return run_load(
        load_command(served.port, *paths, clients=CLIENTS, seconds=seconds, headers=BROWSER)
    )


def book_visits(served: server.Served) -> list[str]:
    """The codes of bookings by as many people, spread over the coming days."""
    path = f"/offices/{stage.OFFICE}/availability?service={SERVICE}&days=14"
    slots = [
        slot["slot"]
        for day in fetch(served, path)["days"][1:]
        for slot in day["slots"]
        for _ in range(int(slot["free"]))
    ]
    step = max(1, len(slots) // TICKETS)
    return [
        served.post(
            f"/offices/{stage.OFFICE}/bookings",
            served.kiosk,
            {
                "service": SERVICE,
                "slot": slot,
                "nik": f"327301{number % 28 + 1:02d}0180{number + 1:04d}",
                "name": "Budi Santoso",
                "phone": f"+62812{70_000_000 + number}",
            },
        )["code"]
        for number, slot in enumerate(slots[::step][:TICKETS])
    ]


def fetch(served: server.Served, path: str) -> Any:
    """One GET outside all measurement; the answer's JSON."""
    address = f"http://127.0.0.1:{served.port}/api/v1{path}"
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.loads(answer.read())
