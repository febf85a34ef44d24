"""The judge of booking under attack: people get most of the places, nothing is oversold, and the
manager sees who it was."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from queue_server.store import tables
from queue_server.web.edge.strangers import proofs
from tests.faults.crowd_of_robots import (
    DAY,
    OFFICE,
    PEOPLE,
    PLACES,
    Botnet,
    Person,
    open_hall,
    plan_of,
)
from tests.fixtures.application import House

Open = Callable[..., House]
MINUTES = 5


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One try or two make a second of work: the clock is the test's, and so is the price of a
    second."""
    monkeypatch.setattr(proofs, "SECOND_BITS", 1)


def play(house: House, seed: int, probes: int) -> tuple[Botnet, list[Person]]:
    """Robots begin the moment the places open; people open the first page within four seconds of
    it."""
    open_hall(house)
    chance = random.Random(seed)
    robots = Botnet(house, chance, probes)
    people = [Person(house, number, chance) for number in range(PEOPLE)]
    actors = [robots, *people]
    robots.crowd_waitlist(20)
    for _second in range(MINUTES * 60):
        chance.shuffle(actors)
        for each in actors:
            each.step()
        house.clock.pass_by(seconds=1)
    return robots, people


def check(house: House, robots: Botnet, people: list[Person]) -> None:
    got = sum(each.places for each in people)
    shares = {
        "people": got,
        "robots": robots.places,
        "waited": sorted(each.seconds_waited for each in people if each.places),
    }
    print(shares)
    assert got >= 60, shares
    assert max(shares["waited"]) <= MINUTES * 60, "bounded for everybody"
    with house.database.read() as connection:
        taken = connection.execute(
            sa.select(sa.func.sum(tables.tickets.c.party_size)).where(
                tables.tickets.c.office == OFFICE,
                tables.tickets.c.date == DAY,
                tables.tickets.c.claim_at.is_not(None),
            )
        ).scalar_one()
    assert taken == got + robots.places <= PLACES, "nothing is oversold"
    assert all(each.people.taken_total <= each.people.total for each in plan_of(house).slots)
    groups = house.get(f"/offices/{OFFICE}/anomalies", "admin").get_json()["groups"]
    with house.database.read() as connection:
        codes = {
            row.id: row.code
            for row in connection.execute(sa.select(tables.tickets.c.id, tables.tickets.c.code))
        }
    named = {codes[ticket] for group in groups for ticket in group["tickets"]}
    assert len(named & robots.mine) >= len(robots.mine) / 2, "the manager's list names the robots"
    assert named <= robots.mine, "and no person who came alone"


def test_people_get_most_places_in_a_rush_of_robots(open_house: Open) -> None:
    house = open_house(rate_limits=True, trusted_proxies=1)
    check(house, *play(house, seed=9, probes=5))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_people_get_most_places_whatever_chance_says(
    open_house: Open, kind: str, seed: int
) -> None:
    house = open_house(kind, rate_limits=True, trusted_proxies=1)
    check(house, *play(house, seed, probes=20))
