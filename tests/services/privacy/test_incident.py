"""The drill of an incident: access closed, keys replaced, persons listed, the notice drafted;
stopped halfway and taken up again. On both databases.
"""

from __future__ import annotations

import csv
import json
import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from queue_server.cli import main
from queue_server.commands.privacy import steps
from queue_server.domain.privacy.incident import Step
from queue_server.store import tables
from tests.fixtures.application import EMAIL, HOME, HOST, NAME, PHONE, House


@pytest.fixture
def house(both_houses: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> House:
    """An office with a booking, and the command line on its database and keys."""
    monkeypatch.chdir(tmp_path)
    settings = both_houses.settings
    for name in ("database_url", "secret_key_file", "nik_key_file"):
        monkeypatch.setenv(f"ANTREAN_{name.upper()}", str(getattr(settings, name)))
    both_houses.book()
    return both_houses


def antrean(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def start(*arguments: str) -> dict[str, Any]:
    done = antrean("incident", "start", "--yes", "--json", "--out", "drill", *arguments)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def persons(folder: Path = Path("drill")) -> list[dict[str, str]]:
    with (folder / steps.LIST_NAME).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def events(house: House) -> list[str]:
    with house.database.read() as connection:
        statement = sa.select(tables.events.c.type).where(tables.events.c.type.like("incident_%"))
        return sorted(connection.execute(statement).scalars())


def test_the_drill(house: House) -> None:
    browser, _token = house.sign_in("manager")
    keys = [house.settings.secret_key_file, house.settings.nik_key_file]
    before = [each.read_text() for each in keys]
    told = start("--since", "2026-11-20T08:00+07:00")
    assert told["steps"]["sessions"]["ended"] == 1
    assert told["steps"]["tokens"]["revoked"] == 10, "one for each member of staff"
    assert browser.get("/manage", headers={"Host": HOST}).status_code == 302
    house.application.flask.extensions["antrean"].known_tokens.clear()
    assert house.get(f"/offices/{HOME}/queue", "clerk").status_code == 401
    assert house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"}).status_code == 201, (
        "devices go on unless it was chosen"
    )
    after = [each.read_text() for each in keys]
    assert after[0] != before[0] and after[1] == before[1]
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    due = datetime.fromisoformat(told["notice_due_at"])
    assert due - datetime.fromisoformat(told["noticed_at"]) == timedelta(hours=72)
    assert told["persons"] == {HOME: 1}
    [row] = persons()
    assert (row["office"], row["name"], row["phone"]) == (HOME, NAME, f"'{PHONE}")
    assert row["email"] == EMAIL and row["reachable_from"] <= row["until"]
    for name in (steps.LIST_NAME, "notice.id.md", "notice.en.md"):
        assert stat.S_IMODE(Path("drill", name).stat().st_mode) == 0o600
    indonesian, english = (Path("drill", f"notice.{each}.md").read_text() for each in ("id", "en"))
    assert "3 × 24 jam" in indonesian and "3 × 24 hours" in english
    assert NAME not in indonesian and "Kantor 9101: 1 entri" in indonesian
    assert "All sign-ins of the staff were ended." in english
    assert events(house) == ["incident_secured", "incident_started"]
    with house.database.read() as connection:
        facts = connection.execute(sa.select(tables.events.c.facts)).scalars().all()
    assert NAME not in repr(facts) and PHONE not in repr(facts)


def test_devices_and_the_nik_key_by_choice(house: House) -> None:
    before = house.settings.nik_key_file.read_text()
    told = start("--devices", "--nik-key")
    assert told["steps"]["devices"]["revoked"] == 5
    assert house.settings.nik_key_file.read_text() != before
    house.application.flask.extensions["antrean"].known_tokens.clear()
    denied = house.post(f"/offices/{HOME}/tickets", "kiosk", {"service": "REK"})
    assert denied.status_code == 401
    assert antrean("nik-key", "show").exit_code == 0


@pytest.mark.parametrize("killed_at", [Step.TOKENS, Step.SECRET_KEY, Step.LIST, Step.DRAFT])
def test_one_that_was_stopped_goes_on_with_its_first_choices(
    house: House, killed_at: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = steps.next_step

    def stop(incident: Any) -> Step | None:
        step = real(incident)
        if step is killed_at:
            raise OSError(28, "No space left on device", "drill")
        return step

    with monkeypatch.context() as stopped:
        stopped.setattr(steps, "next_step", stop)
        done = antrean("incident", "start", "--yes", "--out", "drill", "--devices")
    assert done.exit_code == 1 and "Not all is done; run it again" in done.output
    assert "not done: run antrean incident start" in antrean("incident", "list").output
    told = start("--nik-key")
    assert set(told["steps"]) == {each.value for each in Step} - {"nik_key"}
    assert events(house) == ["incident_secured", "incident_started"]
    assert len(persons()) == 1


def test_it_asks_first_and_refuses_times_that_cannot_be(house: House) -> None:
    before = house.dump()
    asked = CliRunner().invoke(main, ["incident", "start"], input="n\n")
    assert asked.exit_code == 1 and house.dump() == before
    for wrong in (
        ("--noticed", "2999-01-01T00:00+00:00"),
        ("--noticed", "2026-11-20T00:00+00:00", "--since", "2026-11-21T00:00+00:00"),
    ):
        done = antrean("incident", "start", "--yes", *wrong)
        assert done.exit_code == 2, done.output
    assert house.dump() == before and not Path("drill").exists()


def test_access_is_closed_even_where_no_file_can_be_written(house: House) -> None:
    house.sign_in("manager")
    Path("drill").write_text("in the way")
    done = antrean("incident", "start", "--yes", "--out", "drill/list")
    assert done.exit_code == 1 and "run it again" in done.output
    with house.database.read() as connection:
        open_sessions = connection.execute(
            sa.select(sa.func.count())
            .select_from(tables.sessions)
            .where(tables.sessions.c.revoked_at.is_(None))
        ).scalar_one()
    assert open_sessions == 0
    Path("drill").unlink()
    assert start()["persons"] == {HOME: 1}
    shutil.rmtree("drill")
