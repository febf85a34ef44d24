"""What a page of the public costs, against an empty request of the same server in the same run: in
processor time, which others on the machine change less than the rate.

The clients ask as browsers do: they take gzip, read Indonesian, and have no cookie of an earlier
visit. The ticket page is asked for in turn by the holders of many tickets who look again.
"""

from __future__ import annotations

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
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
                first = _open_each(served, paths)
                # The floor is measured before and after each page: a shared machine is faster or
                # slower by the minute.
                before = _measure(served, seconds / 2, "/livez")
                page = _measure(served, seconds, *paths)
                after = _measure(served, seconds / 2, "/livez")
                empty_seconds = (before.cpu_seconds + after.cpu_seconds) / 2
                yield Row(
                    f"{what} ÷ empty request, {CLIENTS} clients, in CPU",
                    f"{milliseconds(page.cpu_seconds)} each ({milliseconds(first)} for the first "
                    f"to ask), {per_second(page.load.rate)}, p99 {milliseconds(page.load.p99)}",
                    f"{milliseconds(empty_seconds)}, {per_second(before.load.rate)}",
                    empty_seconds / page.cpu_seconds,
                    SHARE_LEAST,
                )


@dataclass(frozen=True)
class Measured:
    """What was reached, and the server's processor time for each answer."""

    load: Load
    cpu_seconds: float


def _open_each(served: server.Served, paths: list[str]) -> float:
    """Ask for each address once. Returns the processor time for each; with one or two addresses
    that is no more than a hint.
    """
    used = served.cpu_seconds()
    for path in paths:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{served.port}{path}",
            headers=dict(each.split(": ", 1) for each in BROWSER),
        )
        urllib.request.urlopen(asked, timeout=60).close()
    return (served.cpu_seconds() - used) / len(paths)


def _measure(served: server.Served, seconds: float, *paths: str) -> Measured:
    """Addresses, asked for by all clients in turn."""
    used = served.cpu_seconds()
    load = run_load(
        load_command(served.port, *paths, clients=CLIENTS, seconds=seconds, headers=BROWSER)
    )
    return Measured(load, (served.cpu_seconds() - used) / sum(load.statuses.values()))


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
