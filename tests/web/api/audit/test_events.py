"""The log of a day for auditors: a stranger proves it with the standard library. On both
databases.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.fixtures.application import HOME, House
from tests.fixtures.parts import ROOT
from tests.services.audit.tampering import DAY, chain, last_seq, serve_some

PAGE = ROOT / "docs" / "audit.md"


def prove(pages: list[dict[str, Any]]) -> subprocess.CompletedProcess[str]:
    """Run the program of docs/audit.md, with nothing but the standard library."""
    program = PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    assert len(program.splitlines()) <= 20
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        input="\n".join(map(json.dumps, pages)),
        capture_output=True,
        text=True,
        timeout=60,
    )


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
    assert len(pages) > 2
    proved = prove(pages)
    assert proved.returncode == 0 and proved.stdout.startswith(f"{last_seq(house)} events"), proved
    pages[1]["events"][2]["facts"]["by"] = "somebody else"
    changed = prove(pages)
    assert changed.returncode == 1 and "event 10 of 2026-11-23 is not" in changed.stderr
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
