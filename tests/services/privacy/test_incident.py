"""The drill of an incident: access closed, keys replaced, persons listed, the notice drafted;
stopped halfway and taken up again. On both databases.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from queue_server.cli import main
from queue_server.commands.privacy import steps
from queue_server.domain.events import EventType
from queue_server.domain.privacy.incident import CHOSEN, Step
from queue_server.services.access import accounts, log
from queue_server.services.access.factors import codes
from queue_server.services.privacy import incident
from queue_server.store import tables
from queue_server.store.access import second_factors
from queue_server.store.access import users as user_store
from queue_server.store.writer.transaction import Transaction
from tests.fixtures.application import EMAIL, HOME, HOST, NAME, PASSWORD, PHONE, House
from tests.web.pages.account.factors.test_second_factor import is_in, send, show


@pytest.fixture
def house(both_houses: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> House:
    """An office with a booking, and the command line on its database, keys and day."""
    monkeypatch.chdir(tmp_path)
    settings = both_houses.settings
    for name in ("database_url", "secret_key_file", "nik_key_file"):
        monkeypatch.setenv(f"ANTREAN_{name.upper()}", str(getattr(settings, name)))
    offset = (both_houses.clock.now - datetime.now(UTC)).total_seconds()
    monkeypatch.setenv("ANTREAN_CLOCK_OFFSET_SECONDS", str(offset))
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
    assert set(told["steps"]) == {each.value for each in Step if each not in CHOSEN} | {"devices"}
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


def keep_recovery_codes(house: House, user: str) -> str:
    """Let somebody have an app, with recovery codes on paper. Returns one of those."""
    with house.database.read() as connection:
        account = user_store.find_user(connection, user)
    drawn = codes.draw_recovery_codes()

    def command(tx: Transaction) -> None:
        factor = second_factors.lock(tx, user)
        second_factors.save(tx, user, replace(factor, generation=1, confirmed_at=house.clock.now))
        codes.keep_recovery_codes(tx, account, drawn, house.clock.now)

    days = log.days_of(house.database, account.office, house.clock.now)
    house.database.write(days, command)
    return drawn[0]


def sign_in(house: House, username: str, password: str = PASSWORD) -> tuple[FlaskClient, str]:
    """A browser in which somebody has typed the password, and where that leads, or what is said."""
    browser = house.browser()
    done = send(browser, "/login", show(browser, "/login"), username=username, password=password)
    return browser, done.location or done.text


def logged(house: House, type: EventType) -> list[str]:
    with house.database.read() as connection:
        statement = sa.select(tables.events.c.facts).where(tables.events.c.type == type.value)
        return sorted(facts["user"] for facts in connection.execute(statement).scalars())


def test_passwords_that_may_be_known_sign_nobody_in_alone(house: House) -> None:
    paper = keep_recovery_codes(house, "manager")
    told = start("--passwords", "--office", HOME)
    with house.database.read() as connection:
        known = [each.id for each in incident.list_accounts(connection, [HOME])]
    assert "manager" in known and "admin" in known and "clerk_elsewhere" not in known
    assert told["steps"]["passwords"] == {
        "accounts": len(known),
        "need_administrator": len(known) - 1,
    }
    assert logged(house, EventType.PASSWORD_DISTRUSTED) == sorted(known)
    before = house.dump()
    browser, said = sign_in(house, "clerk")
    assert "Kata sandi ini mungkin diketahui orang lain" in said and not is_in(browser)
    assert house.dump() == before, "the right password alone changes nothing"
    other, to = sign_in(house, "clerk_elsewhere")
    assert is_in(other) and to == "/desk"

    browser, to = sign_in(house, "manager")
    assert to == "/login/code" and not is_in(browser)
    asked = show(browser, to)
    assert send(browser, to, asked, code=paper, next="/manage").location == "/password?next=/manage"
    assert show(browser, "/manage").location == "/password?next=/manage", "nothing else is open"
    page = show(browser, "/password?lang=en")
    assert "Somebody else may know the password" in page.text
    typed = {"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    assert send(browser, "/password", page, **typed).status_code == 422, "not the same again"
    typed |= {"password": "rusa-empat-lampu-batu", "again": "rusa-empat-lampu-batu"}
    assert send(browser, "/password", page, **typed).status_code == 303
    listed = show(browser, "/manage/staff?lang=en").text
    assert listed.count("Needs a new password") == len(known) - 2, "but oneself and the admin"
    assert "for a new password after an incident" in show(browser, "/supervise/audit?lang=en").text

    page = show(browser, "/manage/staff/clerk/password")
    shown = send(browser, "/manage/staff/clerk/password", page, office=HOME).text
    found = re.search(r'<code class="ticket__code"[^>]*>([^<]+)</code>', shown)
    assert found
    browser, to = sign_in(house, "clerk", found[1])
    assert to.startswith("/password") and is_in(browser)


def test_second_factors_are_reset_and_with_both_only_somebody_else_helps(house: House) -> None:
    paper = keep_recovery_codes(house, "manager")
    told = start("--second-factors", "--passwords")
    assert told["steps"]["second_factors"] == {"reset": 1}
    steps_of_people = told["steps"]["passwords"]
    assert steps_of_people["accounts"] == steps_of_people["need_administrator"] == 10
    assert logged(house, EventType.SECOND_FACTOR_RESET) == ["manager"]
    browser, said = sign_in(house, "manager")
    assert "Kata sandi ini mungkin diketahui orang lain" in said and not is_in(browser)
    with house.database.read() as connection:
        assert codes.judge(connection, b"", "manager", paper, house.clock.now) is None
    password = ["--password", "rusa-empat-lampu-batu"]
    assert antrean("user", "password", "manager", *password).exit_code == 0
    browser, to = sign_in(house, "manager", password[1])
    assert to.startswith("/password") and is_in(browser)


def test_the_plan_asks_and_says_what_happens_to_people(house: House) -> None:
    keep_recovery_codes(house, "manager")
    before = house.dump()
    asked = CliRunner().invoke(main, ["incident", "start"], input="y\ny\nn\n")
    assert asked.exit_code == 1 and house.dump() == before
    assert "of 10 accounts of all offices" in asked.output and "The others, 10, get" in asked.output
    assert "those of 1 accounts" in asked.output and "--passwords" not in asked.output
    only = CliRunner().invoke(main, ["incident", "start"], input="n\ny\nn\n").output
    assert "With --passwords nobody can" in only and "Passwords stay as they are" in only
    unknown = antrean("incident", "start", "--yes", "--passwords", "--office", "9999")
    assert unknown.exit_code == 2 and "no office 9999" in unknown.output
    assert house.dump() == before


def test_one_that_was_stopped_between_accounts_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = accounts.distrust_password, 3

    def stop(*arguments: Any, **facts: Any) -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device", "database")
        return real(*arguments, **facts)

    with monkeypatch.context() as stopped:
        stopped.setattr(accounts, "distrust_password", stop)
        done = antrean("incident", "start", "--yes", "--out", "drill", "--passwords")
    assert done.exit_code == 1 and len(logged(house, EventType.PASSWORD_DISTRUSTED)) == 3
    assert start()["steps"]["passwords"]["accounts"] == 10
    assert len(set(logged(house, EventType.PASSWORD_DISTRUSTED))) == 10
    assert len(logged(house, EventType.PASSWORD_DISTRUSTED)) == 10, "each once"
