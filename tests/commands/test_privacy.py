"""`antrean privacy` on the command line: the purge with its proof, one person given out and erased.
On both databases.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import main
from queue_server.store import tables
from tests.fixtures.application import HOME, NAME, NIK, PHONE, House


@pytest.fixture
def house(both_houses: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """An office with a booking, and the command line on its database, key and clock."""
    settings = both_houses.settings
    for name in ("database_url", "secret_key_file", "nik_key_file"):
        monkeypatch.setenv(f"ANTREAN_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setattr("queue_server.app.make_clock", lambda _offset: both_houses.clock)
    monkeypatch.setattr(
        "queue_server.commands.privacy.acts.make_clock", lambda _offset: both_houses.clock
    )
    both_houses.book()
    return both_houses


def antrean(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["privacy", *arguments], input=typed)


def purge() -> dict[str, Any]:
    done = antrean("purge", "--json")
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_purge_is_printed_with_its_proof_and_changes_nothing_again(house: House) -> None:
    house.clock.pass_by(days=9)
    told = purge()
    [home, _elsewhere] = told["offices"]
    assert home["office"] == HOME and home["finished"] and home["proof_holds"]
    [night] = home["nights"]
    rows = {each["kind"]: each["rows"] for each in night["rows"]}
    assert rows["visitors"] == 1 and night["deleted"] == sum(rows.values())
    assert told["done"]["days_wiped"] > 0
    before = house.dump("wait_models")
    again = purge()
    assert again["offices"] == told["offices"] and not any(again["done"].values())
    assert house.dump("wait_models") == before
    shown = antrean("purge")
    assert shown.exit_code == 0 and night["digest"] in shown.output


def test_a_changed_proof_ends_with_exit_code_1(house: House) -> None:
    purge()
    house.database.write(
        [],
        lambda tx: tx.change(
            tables.purges.update()
            .where(tables.purges.c.kind == "visitors", tables.purges.c.office == HOME)
            .values(rows=9)
        ),
    )
    shown = antrean("purge")
    assert shown.exit_code == 1 and "was changed" in shown.output


def test_a_person_is_given_out_and_erased_without_a_number_on_the_command_line(
    house: House,
) -> None:
    given = antrean("export", "--office", HOME, typed=f"{NIK}\n")
    assert given.exit_code == 0, given.output
    assert [each["name"] for each in json.loads(given.stdout)["visits"]] == [NAME]
    refused = antrean("erase", "--office", HOME, "--by", "phone", "--yes", typed=f"{PHONE}\n")
    assert refused.exit_code == 1 and "--cancel cancels them first" in refused.output
    assert NAME in repr(house.dump())
    done = antrean(
        "erase", "--office", HOME, "--by", "phone", "--cancel", "--yes", typed=f"{PHONE}\n"
    )
    assert done.exit_code == 0, done.output
    receipt = json.loads(done.stdout)
    assert receipt["cancelled"] == 1 and receipt["is_clear"]
    assert not [each for each in (NAME, PHONE) if each in repr(house.dump())]


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("--office", HOME), "123", "no number"),
        (("--office", HOME, "--by", "phone"), "hello", "no phone"),
        (("--office", HOME, "--by", "code"), "NOBODYSCODE1", "Nothing is held"),
        (("--office", "0000"), NIK, "0000"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    house: House, arguments: tuple[str, ...], typed: str, words: str
) -> None:
    done = antrean("export", *arguments, typed=f"{typed}\n")
    assert done.exit_code == 1 and words in done.output
    assert "Traceback" not in done.output and NIK not in done.output
