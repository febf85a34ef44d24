"""A simulated day, on both databases: never too many inside, everybody accounted for, and the same
day again from the same seed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.engine import Connection

from queue_server.cli import main
from queue_server.domain.office.office import Office
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.transitions import PRESENT_STATES, State
from queue_server.lab.simulation import arrival
from queue_server.lab.simulation.people import Outcome
from queue_server.lab.simulation.report import DEFINITIONS, Report, as_csv, as_json, as_text
from queue_server.lab.simulation.run import simulate
from queue_server.lab.simulation.scenarios import SCENARIOS
from queue_server.lab.simulation.tally import place_after
from queue_server.store import tables
from queue_server.store.writer.database import Database

CONTRACT = {
    "limit",
    "max_inside",
    "minutes_above",
    "booked",
    "walk_ins",
    "admitted",
    "held_outside",
    "diverted",
    "refused",
    "served",
    "seed",
    "scenario",
    "demand",
    "offices",
}
HOME = "3674"
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.requires_postgresql)]
FLOODED = 1.4
"""Demand enough for a small flood: brokers take what there is."""


def play(url: str, name: str = "flood", *, seed: int = 3, demand: float = FLOODED) -> Report:
    return simulate(url, SCENARIOS[name], HOME, seed, demand=demand)


def persons_inside(connection: Connection) -> list[int]:
    """How many persons were inside after each event of the day, worked out from the log of events
    alone.
    """
    parties = connection.execute(sa.select(tables.tickets.c.id, tables.tickets.c.party_size))
    sizes = {row.id: row.party_size for row in parties}
    inside: dict[str, int] = {}
    others, found = 0, []
    columns = tables.events.c
    for ticket, facts in connection.execute(
        sa.select(columns.ticket, columns.facts)
        .where(columns.date == SCENARIOS["flood"].day)
        .order_by(columns.seq)
    ):
        moved = place_after(facts)
        if moved == "INSIDE":
            inside[ticket] = sizes[ticket]
        elif moved is None and "place" in facts.get("changed", {}):
            inside.pop(ticket, None)
        others += facts.get("delta", 0)
        found.append(sum(inside.values()) + others)
    return found


def count_tickets(connection: Connection, *conditions: sa.ColumnElement[bool]) -> int:
    return int(
        connection.execute(
            sa.select(sa.func.count()).select_from(tables.tickets).where(*conditions)
        ).scalar_one()
    )


@dataclass(frozen=True)
class Played:
    """A day that was played, and where: none of the tests changes it."""

    report: Report
    url: str


@pytest.fixture(scope="module")
def flooded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Played]:
    """`flooded(kind)` is a flooded day, the same on each kind of database, played once."""

    @cache
    def once(kind: str) -> Played:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('flood') / 'antrean.db'}"
        else:
            url = request.getfixturevalue("lasting_postgresql_url")
        return Played(play(url), url)

    return once


@pytest.mark.parametrize("kind", BOTH)
def test_a_flooded_day_never_exceeds_the_limit_and_leaves_nobody_behind(
    kind: str, flooded: Callable[[str], Played]
) -> None:
    report, database_url = flooded(kind).report, flooded(kind).url
    assert report.limit == 20
    assert (report.minutes_above, report.exceeded, report.exit_code) == (0, False, 0)
    columns = tables.tickets.c
    database = Database(database_url)
    try:
        with database.read() as connection:
            course = persons_inside(connection)
            assert max(course) == report.max_inside <= report.limit
            assert course[-1] == 0
            assert (
                count_tickets(
                    connection,
                    columns.state.in_(
                        [each.value for each in (*PRESENT_STATES, State.HELD, State.BOOKED)]
                    ),
                )
                == 0
            )
            assert count_tickets(connection, columns.state == "SERVED") == report.served
            assert count_tickets(connection, columns.origin == "WALK_IN") == report.walk_ins
            assert (
                count_tickets(connection, columns.origin == "ONLINE", columns.state != "EXPIRED")
                == report.booked
            )
            assert (
                count_tickets(connection, columns.arrived_at.is_not(None))
                == report.walk_ins + report.booked - report.absent - report.cancelled
            )
    finally:
        database.close()
    ends = sum(getattr(report, kind.value) for kind in Outcome)
    assert ends == report.people == round(FLOODED * 340) + report.broker_bookings
    assert report.broker_bookings > 0 < report.broker_refusals
    assert report.held_outside > 0 < report.refused
    assert report.diverted > 0 < report.waitlisted
    assert report.served <= report.admitted <= report.booked + report.walk_ins
    assert sum(each.served for each in report.hours) == report.served
    assert max(each.max_inside for each in report.hours) == report.max_inside


@pytest.mark.requires_postgresql
def test_both_databases_give_the_same_report_from_the_same_seed(
    flooded: Callable[[str], Played],
) -> None:
    here, there = flooded("sqlite").report, flooded("postgresql").report
    assert as_json(here) == as_json(there)
    assert here.course == there.course


def test_another_seed_gives_another_day(tmp_path: Path) -> None:
    one, again, other = (
        play(f"sqlite:///{tmp_path / name}", "normal", seed=seed, demand=0.1)
        for name, seed in (("1", 1), ("again", 1), ("2", 2))
    )
    assert as_json(one) == as_json(again)
    assert as_json(one) != as_json(other).replace('"seed": 2', '"seed": 1')


def test_a_guard_who_lets_people_in_without_room_is_found_out(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(_office: Office, _day: OfficeDay) -> bool:
        return True

    monkeypatch.setattr(arrival, "room_for", blind)
    monkeypatch.setattr(arrival, "STRANGER_EVERY_MINUTES", 4.0)
    report = play(sqlite_url)
    assert report.max_inside > 20
    assert report.exceeded and report.minutes_above > 1 and report.exit_code == 1
    assert "EXCEEDED" in as_text(report)


def test_in_urgent_only_nobody_else_gets_a_number_and_regular_bookings_are_stranded(
    sqlite_url: str,
) -> None:
    report = play(sqlite_url, "urgent-only", demand=0.8)
    assert report.date == "2020-03-23"
    assert report.stranded > 0 and report.stayed_home > 0 and report.refused > 0
    assert report.exit_code == 0
    database = Database(sqlite_url)
    try:
        with database.read() as connection:
            columns = tables.tickets.c
            assert (
                count_tickets(connection, columns.state == "SERVED", columns.channel == "URGENT")
                == report.served
                > 0
            )
            told = (
                tables.events.select()
                .with_only_columns(tables.events.c.ticket)
                .where(tables.events.c.type == "stranded")
            )
            assert (
                count_tickets(
                    connection,
                    columns.id.in_(told),
                    columns.channel == "REGULAR",
                    columns.state == "CANCELLED",
                )
                > 0
            )
            assert count_tickets(connection, columns.state == "STRANDED") == 0, (
                "the end of the day ends who was given no other time"
            )
    finally:
        database.close()


def test_who_comes_after_closing_time_counts_as_absent(sqlite_url: str) -> None:
    usual = SCENARIOS["normal"]
    all_late = replace(
        usual, habits=replace(usual.habits, late_share=1.0, late_minutes=240.0, absent_share=0.0)
    )
    report = simulate(sqlite_url, all_late, HOME, 2, demand=1)
    assert report.absent > 0
    database = Database(sqlite_url)
    try:
        with database.read() as connection:
            columns = tables.tickets.c
            assert (
                count_tickets(connection, columns.state == "NO_SHOW", columns.arrived_at.is_(None))
                == report.absent
            )
    finally:
        database.close()


def test_nobody_at_all_makes_an_empty_day(sqlite_url: str) -> None:
    report = simulate(sqlite_url, replace(SCENARIOS["normal"], demand=0), HOME, 1)
    assert (report.people, report.served, report.wait_booked_median) == (0, 0, None)
    assert json.loads(as_json(report))["served"] == 0


# --- the command


def antrean(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["simulate", *arguments])


SMALL = ("--scenario", "normal", "--demand", "0.2", "--seed", "5")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The day that the command plays when it is asked for `SMALL`."""
    return play(
        f"sqlite:///{tmp_path_factory.mktemp('small') / 'antrean.db'}", "normal", seed=5, demand=0.2
    )


def test_the_command_prints_json_with_the_keys_of_the_contract_and_draws_the_day(
    tmp_path: Path, small: Report
) -> None:
    picture = tmp_path / "day.svg"
    result = antrean(*SMALL, "--json", "--picture", str(picture))
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == as_json(small)
    figures = json.loads(result.stdout)
    assert set(figures) >= CONTRACT | set(DEFINITIONS)
    assert (figures["scenario"], figures["seed"], figures["demand"], figures["offices"]) == (
        "normal",
        5,
        0.2,
        [HOME],
    )
    root = ElementTree.parse(picture).getroot()
    words = " ".join(root.itertext())
    assert f"served {figures['served']}" in words and "limit 20" in words
    assert len(root.findall(".//{http://www.w3.org/2000/svg}polygon")) > 5


def test_the_command_prints_csv_that_says_the_same(tmp_path: Path, small: Report) -> None:
    picture = tmp_path / "day.pdf"
    table = antrean(*SMALL, "--format", "csv", "--picture", str(picture))
    figures = json.loads(as_json(small))
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    assert len(rows) == 1
    assert set(rows[0]) >= CONTRACT
    assert {name: rows[0][name] for name in DEFINITIONS} == {
        name: "" if figures[name] is None else str(figures[name]) for name in DEFINITIONS
    }
    assert picture.read_bytes().startswith(b"%PDF-")


def test_the_text_explains_every_figure(small: Report) -> None:
    text = as_text(small)
    assert "never exceeded" in text
    for name, meaning in DEFINITIONS.items():
        line = next(each for each in text.splitlines() if each.split()[:1] == [name])
        assert meaning in line and str(getattr(small, name)) in line
    assert as_csv(small).count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--picture", "day.gif"), ".svg or .pdf"),
        (("--picture", "/nowhere/at/all/day.svg"), "does not exist"),
        (("--office", "9999"), "no office 9999"),
        (("--date", "2020-11-15"), "closed on 2020-11-15"),
        (("--database", "nonsense"), "database cannot be used"),
        (("--demand", "-1"), "range"),
        (("--scenario", "quiet"), "invalid"),
    ],
)
def test_what_cannot_be_played_ends_with_a_sentence_and_exit_code_2(
    arguments: tuple[str, ...], said: str
) -> None:
    result = antrean("--demand", "0.1", *arguments)
    assert result.exit_code == 2
    assert said.lower() in result.output.lower()
    assert "Traceback" not in result.output


def test_a_database_in_use_is_not_played_in(sqlite_url: str) -> None:
    assert antrean("--demand", "0.1", "--database", sqlite_url).exit_code == 0
    again = antrean("--demand", "0.1", "--database", sqlite_url)
    assert again.exit_code == 2 and "not empty" in again.output


@pytest.mark.slow
def test_the_whole_flood(sqlite_url: str) -> None:
    report = simulate(sqlite_url, SCENARIOS["flood"], HOME, 1)
    assert report.people >= 13_600
    assert (report.minutes_above, report.exit_code, report.max_inside) == (0, 0, 20)
    assert report.refused > 1_000 and report.diverted > 1_000
    assert report.held_outside > 100 and report.served > 250
