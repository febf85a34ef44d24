"""The server holds a kiosk to its pace, whoever speaks in its name; the supervisor dashboard says
who must look.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from queue_server.domain.office.rules import Rules
from queue_server.services.supervisor.alerts import watch_thresholds
from queue_server.store.office import offices as office_store
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.application import HOME, House
from tests.web.problems import problem

TICKETS = f"/offices/{HOME}/tickets"


@pytest.fixture
def paced(both_houses: House) -> House:
    """An office with the pace that offices have if they say nothing else."""

    def set_pace(tx: Transaction) -> None:
        office, usual = tx.office(HOME), Rules()
        rules = replace(
            office.rules,
            door=replace(
                office.rules.door,
                kiosk_pace_seconds=usual.door.kiosk_pace_seconds,
                kiosk_party_max=usual.door.kiosk_party_max,
                kiosk_burst_numbers=usual.door.kiosk_burst_numbers,
            ),
        )
        office_store.save(tx, office, replace(office, rules=rules))
        office_store.revise(tx, HOME)

    both_houses.database.write([], set_pace)
    return both_houses


def test_a_script_in_the_kiosk_s_name_is_held_too(paced: House) -> None:
    answers = []
    for _ in range(40):
        answers.append(paced.post(TICKETS, "kiosk", {"service": "REK", "party_size": 3}))
        paced.clock.pass_by(seconds=14 / 40)
    given = [each for each in answers if each.status_code == 201]
    assert len(given) == 10
    body = problem(answers[-1], 409, "kiosk_resting")
    assert 1 <= body["retry_after_seconds"] <= 5
    paced.clock.pass_by(seconds=body["retry_after_seconds"])
    assert paced.post(TICKETS, "kiosk", {"service": "REK"}).status_code == 201


def test_one_party_every_six_seconds_is_never_stopped(paced: House) -> None:
    for _ in range(40):
        assert paced.post(TICKETS, "kiosk", {"service": "REK"}).status_code == 201
        paced.clock.pass_by(seconds=6)


def test_a_resent_touch_and_a_refused_one_cost_nothing(paced: House) -> None:
    for number in range(8):
        first = paced.post(TICKETS, "kiosk", {"service": "REK"}, key=f"touch-{number}")
        again = paced.post(TICKETS, "kiosk", {"service": "REK"}, key=f"touch-{number}")
        assert first.status_code == 201 and again.get_json() == first.get_json()
        if number < 7:
            problem(paced.post(TICKETS, "kiosk", {"service": "NOPE"}), 404, "unknown_service")
    problem(paced.post(TICKETS, "kiosk", {"service": "REK"}, key="touch-8"), 409, "kiosk_resting")


def test_staff_give_numbers_while_the_kiosk_rests(paced: House) -> None:
    for _ in range(9):
        last = paced.post(TICKETS, "kiosk", {"service": "REK"})
    problem(last, 409, "kiosk_resting")
    assert paced.post(TICKETS, "clerk", {"service": "REK", "party_size": 4}).status_code == 201


def test_a_party_above_three_is_the_staff_s_matter(paced: House) -> None:
    body = problem(
        paced.post(TICKETS, "kiosk", {"service": "REK", "party_size": 4}), 409, "party_for_staff"
    )
    assert body["limit"] == 3
    assert paced.get(f"/offices/{HOME}/offer", "kiosk").get_json()["party_max"] == 3


def test_the_dashboard_tells_of_many_numbers_and_that_it_is_over(both_houses: House) -> None:
    house = both_houses
    watch = partial(watch_thresholds, house.database)
    for _ in range(11):
        house.walk_in()
    watch(house.clock.now)

    def kinds() -> list[tuple[str, bool]]:
        alerts = house.get(f"/offices/{HOME}/dashboard", "supervisor").get_json()["alerts"]
        return [
            (each["kind"], each["ended_at"] is None)
            for each in alerts
            if each["kind"] == "MANY_NUMBERS"
        ]

    assert kinds() == []
    house.walk_in()
    watch(house.clock.now)
    assert kinds() == [("MANY_NUMBERS", True)]
    house.clock.pass_by(seconds=61)
    watch(house.clock.now)
    assert kinds() == [("MANY_NUMBERS", False)]
