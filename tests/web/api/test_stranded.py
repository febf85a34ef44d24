"""Bookings without a time over the API: moved or cancelled together, each once, each with a
message, and nothing by a dry run.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.messages.message import MessageKind
from queue_server.services.booking import stranded as stranded_bookings
from queue_server.store import tables
from tests.fixtures.application import ELSEWHERE, HOME, TODAY, House
from tests.web.problems import problem

NIKS = ("9101014507880042", "9101014507880043", "9101014507880044")
TOMORROW = TODAY.replace(day=TODAY.day + 1).isoformat()
URL = f"/offices/{HOME}/stranded"


def lose_times(house: House) -> list[dict[str, Any]]:
    """Three bookings for tomorrow, which is then closed. Returns what the API lists of them."""
    for place, nik in enumerate(NIKS):
        house.book(nik=nik, phone=f"+62812987654{place:02d}")
    body = {"days": [{"date": TOMORROW, "openings": []}]}
    assert house.ask("PUT", f"/offices/{HOME}/hours", "manager", json=body).status_code == 200
    found: list[dict[str, Any]] = house.get(URL, "manager").get_json()["stranded"]
    assert len(found) == 3
    return found


def moves(found: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"ticket": each["ticket"], "slot": each["slot"]} for each in found]


def told(house: House, kind: MessageKind) -> int:
    statement = (
        sa.select(sa.func.count())
        .select_from(tables.messages)
        .where(tables.messages.c.kind == kind.value)
    )
    with house.database.read() as connection:
        return int(connection.execute(statement).scalar_one())


def states(house: House, found: list[dict[str, Any]]) -> list[str]:
    return [house.get(f"/tickets/{each['code']}").get_json()["status"] for each in found]


def test_bookings_are_moved_together_and_their_holders_told(both_houses: House) -> None:
    house = both_houses
    found = lose_times(house)
    before = house.dump("answers", "tokens")
    tried = house.post(f"{URL}/move", "manager", {"bookings": moves(found), "dry_run": True})
    assert tried.status_code == 200, tried.text
    assert house.dump("answers", "tokens") == before, "a dry run changes nothing"
    done = house.post(f"{URL}/move", "manager", {"bookings": moves(found)}, key="k")
    assert done.get_json() == {
        "office": HOME,
        "dry_run": False,
        "done": 3,
        "left": 0,
        "bookings": [{"ticket": each["ticket"], "done": True, "reason": None} for each in found],
    }
    assert tried.get_json() == {**done.get_json(), "dry_run": True}, (
        "it shows just what the move then does"
    )
    assert states(house, found) == ["BOOKED"] * 3 and told(house, MessageKind.MOVED) == 3
    moved = house.dump("tokens")
    assert (
        house.post(f"{URL}/move", "manager", {"bookings": moves(found)}, key="k").get_json()
        == done.get_json()
    )
    assert house.dump("tokens") == moved, "the same key does nothing again"
    problem(
        house.post(f"{URL}/move", "manager", {"bookings": moves(found[:1])}, key="k"),
        422,
        "key_reused",
    )
    again = house.post(f"{URL}/move", "manager", {"bookings": moves(found)}).get_json()
    assert (again["done"], {each["reason"] for each in again["bookings"]}) == (0, {"not_stranded"})


def test_bookings_are_sought_by_service_day_and_urgency(both_houses: House) -> None:
    house = both_houses
    lose_times(house)

    def count(query: str) -> int:
        answer = house.get(f"{URL}?{query}", "manager")
        assert answer.status_code == 200, answer.text
        return len(answer.get_json()["stranded"])

    assert count("service=REK") == count(f"date={TOMORROW}") == count("urgent=no") == 3
    assert count("service=KTP") == count("date=2026-11-30") == count("urgent=yes") == 0
    for query in ("urgent=maybe", "date=tomorrow", "service="):
        problem(house.get(f"{URL}?{query}", "manager"), 422, "bad_input")


def test_one_whose_time_is_gone_is_left_and_stops_no_other(house: House) -> None:
    found = lose_times(house)
    wanted = moves(found)
    wanted[0]["slot"] = house.slot(3, day=2)
    wanted[1]["ticket"] = "nobody"
    for body in ({"bookings": wanted, "dry_run": True}, {"bookings": wanted}):
        done = house.post(f"{URL}/move", "manager", body).get_json()
        assert [each["reason"] for each in done["bookings"]] == [
            "unknown_slot",
            "unknown_ticket",
            None,
        ]
        assert (done["done"], done["left"]) == (1, 2)
    assert states(house, found) == ["STRANDED", "STRANDED", "BOOKED"]


def test_a_dry_run_gives_no_place_twice(house: House) -> None:
    """The last place of a time goes to one of two, in a dry run as well."""
    found = lose_times(house)
    with house.database.read() as connection:
        ids = [each["ticket"] for each in found]
        rows = connection.execute(
            sa.select(tables.tickets.c.id).where(tables.tickets.c.id.in_(ids))
        ).all()
    assert len(rows) == 3
    house.database.write(
        [], lambda tx: tx.change(tables.stream_slots.update().values(online=1, walk_in=0, urgent=0))
    )
    slot = house.slot(10, day=2)
    body = {"bookings": [{"ticket": each["ticket"], "slot": slot} for each in found]}
    shown = house.post(f"{URL}/move", "manager", {**body, "dry_run": True}).get_json()
    done = house.post(f"{URL}/move", "manager", body).get_json()
    assert [each["reason"] for each in shown["bookings"]] == [None, "slot_full", "slot_full"]
    assert {**done, "dry_run": True} == shown


def test_a_request_cut_off_half_way_goes_on_under_its_key(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = lose_times(house)
    body = {"tickets": [each["ticket"] for each in found]}
    cancel, seen = stranded_bookings.cancel, []

    def fail_at_the_second(*given: Any, **named: Any) -> bool:
        seen.append(named["ticket"])
        if len(seen) == 2:
            raise RuntimeError("the power is gone")
        return cancel(*given, **named)

    monkeypatch.setattr(stranded_bookings, "cancel", fail_at_the_second)
    assert house.post(f"{URL}/cancel", "manager", body, key="k").status_code == 500
    assert states(house, found) == ["CANCELLED", "STRANDED", "STRANDED"]
    monkeypatch.setattr(stranded_bookings, "cancel", cancel)
    done = house.post(f"{URL}/cancel", "manager", body, key="k").get_json()
    assert (done["done"], done["left"]) == (3, 0), "what was done is answered as done"
    assert states(house, found) == ["CANCELLED"] * 3 and told(house, MessageKind.CANCELLED) == 3


def test_bookings_are_cancelled_together(both_houses: House) -> None:
    house = both_houses
    found = lose_times(house)
    body = {"tickets": [each["ticket"] for each in found[:2]]}
    before = house.dump("answers", "tokens")
    assert house.post(f"{URL}/cancel", "manager", {**body, "dry_run": True}).get_json()["done"] == 2
    assert house.dump("answers", "tokens") == before
    assert house.post(f"{URL}/cancel", "manager", body, key="k").get_json()["done"] == 2
    assert house.post(f"{URL}/cancel", "manager", body, key="k").get_json()["done"] == 2
    assert (
        states(house, found) == ["CANCELLED", "CANCELLED", "STRANDED"]
        and told(house, MessageKind.CANCELLED) == 2
    )


def test_another_offices_bookings_are_unknown(house: House) -> None:
    found = lose_times(house)
    for path, body in (
        ("move", {"bookings": moves(found)}),
        ("cancel", {"tickets": [found[0]["ticket"]]}),
    ):
        problem(house.post(f"{URL}/{path}", "manager_elsewhere", body), 403, "forbidden")
        other = house.post(
            f"/offices/{ELSEWHERE}/stranded/{path}", "manager_elsewhere", body
        ).get_json()
        assert {each["reason"] for each in other["bookings"]} == {"unknown_ticket"}
    assert states(house, found) == ["STRANDED"] * 3


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("move", {}),
        ("move", {"bookings": []}),
        ("move", {"bookings": [{"ticket": "a"}]}),
        ("move", {"bookings": [{"ticket": "a", "slot": "soon"}]}),
        ("move", {"bookings": [{"ticket": "a", "slot": "20261125T0300Z"}] * 2}),
        ("move", {"bookings": [{"ticket": f"t{n}", "slot": "20261125T0300Z"} for n in range(501)]}),
        ("cancel", {"tickets": []}),
        ("cancel", {"tickets": ["a", "a"]}),
        ("cancel", {"tickets": ["a\u0000"]}),
        ("cancel", {"tickets": ["a"], "dry_run": "maybe"}),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    house: House, path: str, body: dict[str, Any]
) -> None:
    before = house.dump()
    problem(house.post(f"{URL}/{path}", "manager", body), 422, "bad_input")
    assert house.dump() == before


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_key_that_cannot_be_is_refused(house: House, dry_run: bool) -> None:
    before = house.dump()
    for path, body in (
        ("stranded/cancel", {"tickets": ["a"]}),
        ("holidays", {"year": 2027}),
        ("limit", {"limit": 9}),
    ):
        done = house.post(
            f"/offices/{HOME}/{path}", "manager", {**body, "dry_run": dry_run}, key="k" * 201
        )
        problem(done, 422, "bad_input")
    assert house.dump() == before
