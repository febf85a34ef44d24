"""The log of a day for auditors: a stranger proves it with the standard library. On both databases."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from tests.fixtures.application import HOME, House
from tests.services.audit.tampering import DAY, chain, last_seq, serve_some


def prove(pages: list[dict[str, Any]]) -> int:
    """What a stranger does with the answers of the API and the standard library: docs/audit.md."""
    office, date = pages[0]["office"], pages[0]["date"]
    value = hashlib.sha256(f"antrean day 1\n{office}\n{date}".encode()).digest()
    events = [event for page in pages for event in page["events"]]
    for seq, event in enumerate(events, 1):
        assert event["seq"] == seq
        at = datetime.fromisoformat(event["at"]).astimezone(UTC)
        told = {name: event[name] for name in ("seq", "type", "ticket", "facts")}
        told |= {"office": office, "date": date, "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
        text = json.dumps(told, sort_keys=True, separators=(",", ":"))
        value = hashlib.sha256(value + text.encode("ascii")).digest()
        assert value.hex() == event["chain"]
    return len(events)


def test_a_stranger_proves_a_day_and_replays_its_calls(both_houses: House) -> None:
    house = both_houses
    serve_some(house)
    chain(house)
    pages, cursor = [], ""
    while cursor is not None:
        query = f"?date={DAY}&limit=7" + (f"&cursor={cursor}" if cursor else "")
        answer = house.get(f"/offices/{HOME}/events{query}", "manager")
        assert answer.status_code == 200, answer.text
        pages.append(answer.get_json())
        cursor = pages[-1]["next"]
    assert prove(pages) == last_seq(house) and len(pages) > 2
    called = [e for page in pages for e in page["events"] if e["type"] == "called"]
    assert len(called) == 6 and all(each["ticket"] for each in called)


def test_the_log_is_for_managers_of_the_office_and_today_without_a_date(both_houses: House) -> None:
    house = both_houses
    house.walk_in()
    path = f"/offices/{HOME}/events"
    for who in ("supervisor", "clerk", "guard", "kiosk", "manager_elsewhere", None):
        assert house.get(path, who).status_code in (401, 403), who
    assert house.get(path, "admin").get_json()["date"] == DAY
    assert house.get(f"{path}?date=tomorrow", "admin").status_code == 422
    assert house.get(f"{path}?cursor=-1", "admin").status_code == 422
    [last] = house.get(f"{path}?cursor={last_seq(house) - 1}", "admin").get_json()["events"]
    assert last["chain"] is None, "the chain is behind"
