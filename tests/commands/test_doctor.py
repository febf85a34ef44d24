"""`antrean doctor` finds what is broken, and says what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from queue_server.cli import main
from queue_server.commands.doctor import CHECKS, START_TO_DO, examine
from queue_server.settings import Settings
from tests.commands.provoked import AROUND, EVERYWHERE, Ward, back_up
from tests.fixtures.application import House
from tests.fixtures.parts import ROOT


@pytest.fixture
def admit(tmp_path: Path) -> Iterator[Callable[[House], Ward]]:
    """Take a house in; it is mended afterwards."""
    with ExitStack() as after:
        yield lambda house: Ward(house, tmp_path, after)


def look_at(ward: Ward) -> dict[str, dict[str, Any]]:
    """What the doctor says, with the clock of the house."""
    offset = (ward.house.clock() - datetime.now(UTC)).total_seconds()
    given = ward.house.settings.model_dump() | {"clock_offset_seconds": offset} | ward.changes
    report = examine(Settings(**given), ward.port)
    json.dumps(report)
    return {each["name"]: each for each in report["checks"]}


def assert_found(ward: Ward, table: dict[str, Any], name: str) -> None:
    check, provoke = table[name]
    before = look_at(ward)
    assert [each for each in before.values() if not each["ok"]] == []
    assert not any(each["to_do"] for each in before.values())
    provoke(ward)
    found = look_at(ward)[check]
    assert not found["ok"], found
    assert len(found["detail"]) > 5 and len(found["to_do"]) > 15
    assert "\n" not in found["detail"] + found["to_do"]
    assert "geheim" not in str(found)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_fault_of_the_database_is_found_on_both_kinds(
    both_houses: House, admit: Callable[[House], Ward], name: str
) -> None:
    assert_found(admit(both_houses), EVERYWHERE, name)


@pytest.mark.parametrize("name", AROUND)
def test_a_fault_around_the_server_is_found(
    house: House, admit: Callable[[House], Ward], name: str
) -> None:
    assert_found(admit(house), AROUND, name)


def test_a_good_backup_with_its_key_is_read_to_its_end(
    house: House, admit: Callable[[House], Ward]
) -> None:
    ward = admit(house)
    back_up(ward)
    found = look_at(ward)["backups"]
    assert found["ok"] and "whole" in found["detail"]


def test_the_command_says_it_in_words_and_ends_with_1(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("database_url", "secret_key_file", "nik_key_file"):
        monkeypatch.setenv(f"ANTREAN_{name.upper()}", str(getattr(house.settings, name)))
    monkeypatch.setenv("ANTREAN_PUBLIC_URL", "http://antrean.contoh.id")
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    [line, to_do] = done.output.partition("FAIL address: ")[2].splitlines()[:2]
    assert "not https" in line and to_do.startswith("     -> put nginx")


def test_the_documents_list_every_check_and_every_fault() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    table = text.partition("<!-- doctor:begin -->")[2].partition("<!-- doctor:end -->")[0]
    listed = [row.split("|")[1:3] for row in table.splitlines() if row.startswith("| `")]
    known = {(check, name) for name, (check, _) in (EVERYWHERE | AROUND).items()}
    assert {(check.strip(" `"), name.strip()) for check, name in listed} == known
    assert len(known) >= 20
    assert len(CHECKS) + len(START_TO_DO) >= 20
