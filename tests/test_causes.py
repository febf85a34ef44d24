"""Why something failed, as a log line says it: enough to act on, and nobody's data."""

from __future__ import annotations

import errno
import smtplib
import sqlite3

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from queue_server.causes import name_cause, say_cause
from queue_server.domain.errors import SlotFull
from queue_server.domain.visit.identity import parse_nik
from queue_server.effects.messages.letters import LetterDelivery
from queue_server.effects.relay import Relay
from queue_server.services import upkeep
from queue_server.store.writer.database import Database
from tests.fixtures.application import EMAIL, NIK, House


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError(f"could not convert {NIK}"), "ValueError"),
        (KeyError(EMAIL), "KeyError"),
        (
            OSError(errno.ENOSPC, "No space left on device", f"/mail/{EMAIL}"),
            "OSError: No space left on device",
        ),
        (
            ConnectionRefusedError(111, "Connection refused"),
            "ConnectionRefusedError: Connection refused",
        ),
        (smtplib.SMTPDataError(554, f"no such user {EMAIL}".encode()), "SMTPDataError: answer 554"),
        (SlotFull(free=0), "SlotFull: slot_full"),
        (
            sa.exc.OperationalError(
                "INSERT", {"name": NIK}, sqlite3.OperationalError("database or disk is full")
            ),
            "OperationalError: database or disk is full",
        ),
        (
            ExceptionGroup("some", [ValueError(NIK), SlotFull(), ValueError(EMAIL)]),
            "SlotFull, ValueError: slot_full",
        ),
    ],
)
def test_a_cause_is_named_by_its_class_and_a_reason_that_quotes_nobody(
    error: Exception, said: str
) -> None:
    assert say_cause(error) == said
    assert NIK not in str(name_cause(error)) and EMAIL not in str(name_cause(error))


@pytest.mark.requires_postgresql
def test_postgresqls_own_words_are_left_out_since_they_quote_values(migrated_url: str) -> None:
    if migrated_url.startswith("sqlite"):
        pytest.skip("SQLite quotes no values")
    database = Database(migrated_url)
    with pytest.raises(sa.exc.DataError) as refused, database.read() as connection:
        connection.execute(
            sa.text("SELECT CAST('x' || CAST(:nik AS text) AS integer)"), {"nik": NIK}
        )
    database.close()
    assert say_cause(refused.value) == "DataError: InvalidTextRepresentation 22P02"


def test_where_it_failed_is_the_last_step_of_our_own() -> None:
    with pytest.raises(Exception) as refused:
        parse_nik(NIK, None)  # type: ignore[arg-type]  # what fails is the comparison in there
    assert name_cause(refused.value)["where"].startswith("domain/visit/identity.py:")


def test_each_loop_names_what_stopped_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    application = house.application
    relay, mailer = (
        Relay(house.database, {}, house.clock),
        LetterDelivery(house.database, None, lambda *_: pytest.fail(""), house.clock),
    )

    def fail(*_arguments: object, **_options: object) -> None:
        for each in (relay, mailer, application.background):
            each.stop()
        raise sa.exc.OperationalError(
            "UPDATE x", {"nik": NIK}, sqlite3.OperationalError("database or disk is full")
        )

    monkeypatch.setattr(Relay, "step_seconds", 0)
    monkeypatch.setattr(LetterDelivery, "step_seconds", 0)
    monkeypatch.setattr(upkeep, "PIECES", {"missed": fail})
    with capture_logs() as logs:
        application.background._run_upkeep()
        monkeypatch.setattr(house.database, "read", fail)
        for loop in (relay, mailer):
            loop._is_stopped = False
            loop.run()
    assert [(each["event"], each["kind"], each["reason"]) for each in logs] == [
        (name, "OperationalError", "database or disk is full")
        for name in ("upkeep_failed", "relay_failed", "mail_failed")
    ]
    assert logs[0]["piece"] == "missed" and all(NIK not in str(each) for each in logs)
