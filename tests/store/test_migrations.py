"""The migrations lead an empty database to the tables the code was written for."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.office.rules import CallPolicy, Rules, read_rules
from queue_server.store import relays as relay_store
from queue_server.store import tables
from queue_server.store.messages import messages as message_store
from queue_server.store.migrations import downgrade, upgrade
from queue_server.store.privacy import wiping as wiping_store
from tests.fixtures.rules import vary_rules


def test_the_migrated_database_has_the_declared_tables(database_url: str) -> None:
    upgrade(database_url)
    upgrade(database_url)  # a second time changes nothing
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, tables.metadata) == []
    finally:
        engine.dispose()


def test_a_database_of_the_first_release_keeps_what_is_in_it(database_url: str) -> None:
    """An office-day made before days were marked as wiped is there after the upgrade, not wiped
    yet, and after going back.
    """
    upgrade(database_url, "0001")
    engine = create_engine(database_url)
    day = {
        "office": "91",
        "date": "2026-11-23",
        "seq": 3,
        "persons_inside": 1,
        "parties_outside": 0,
        "correction": 0,
        "admitting": True,
        "planned_revision": 1,
        "open_counters": "[]",
        "streams": '{"A": [1, 0, null, null]}',
        "own_letters": "{}",
    }

    def rows() -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            found = connection.execute(text(f"SELECT {', '.join(day)} FROM office_days")).all()
        return [tuple(str(value) for value in row) for row in found]

    try:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO offices (code, name, address, phone, zone, rules) VALUES ('91', "
                    "'', '', '', 'UTC', '{}')"
                )
            )
            connection.execute(
                text(
                    f"INSERT INTO office_days ({', '.join(day)}) VALUES "
                    f"({', '.join(f':{name}' for name in day)})"
                ),
                day,
            )
        before = rows()
        upgrade(database_url)
        assert rows() == before
        with engine.connect() as connection:
            assert wiping_store.list_unwiped(connection, "91", date(2026, 11, 24), 10) == [
                date(2026, 11, 23)
            ]
        downgrade(database_url, "0001")
        assert rows() == before
    finally:
        engine.dispose()


def test_reactions_go_on_where_they_were_before_some_could_be_behind(database_url: str) -> None:
    """A day whose reactions had failed just before the upgrade is tried at once, from where they
    had come to; and keeps that when the release is taken back.
    """
    upgrade(database_url, "0010")
    engine = create_engine(database_url)
    moment = "now()" if engine.dialect.name == "postgresql" else "1900000000000000"
    try:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO offices (code, name, address, phone, zone, rules) VALUES ('91', "
                    "'', '', '', 'UTC', '{}')"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO office_days (office, date, seq, persons_inside, parties_outside, "
                    "correction, admitting, planned_revision, open_counters, streams, own_letters) "
                    "VALUES ('91', '2026-11-23', 9, 0, 0, 0, true, 1, '[]', '{}', '{}')"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO relays (office, date, relayed_seq, failures, retry_at, "
                    f"last_error) VALUES ('91', '2026-11-23', 4, 3, {moment}, 'OSError')"
                )
            )
        upgrade(database_url)
        with engine.connect() as connection:
            now = datetime(2026, 11, 23, 9, tzinfo=UTC)
            [backlog] = relay_store.list_backlogs(connection, now, date(2026, 11, 23))
        assert (backlog.relayed_seq, backlog.seq, dict(backlog.behind)) == (4, 9, {})
        downgrade(database_url, "0010")
        with engine.connect() as connection:
            kept = connection.execute(text("SELECT relayed_seq, failures FROM relays")).one()
        assert tuple(kept) == (4, 3)
    finally:
        engine.dispose()


def test_a_correction_that_took_ticketed_people_away_is_gone_and_cannot_come_back(
    database_url: str,
) -> None:
    """A day on which a guard had counted three off whose tickets were inside; and all other rules
    of both tables outlive the change.
    """
    upgrade(database_url, "0002")
    engine = create_engine(database_url)
    counts = "office, date, seq, persons_inside, parties_outside, correction"
    names = f"{counts}, admitting, planned_revision, open_counters, streams, own_letters"

    def add_day(date: str, correction: int, seq: int = 3) -> None:
        with engine.begin() as connection:
            values = f"'91', '{date}', {seq}, 5, 0, {correction}, true, 1, '[]', '{{}}', '{{}}'"
            connection.execute(text(f"INSERT INTO office_days ({names}) VALUES ({values})"))

    try:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO offices (code, name, address, phone, zone, rules) VALUES ('91', "
                    "'', '', '', 'UTC', '{}')"
                )
            )
        add_day("2026-11-23", -3)
        add_day("2026-11-24", 2)
        upgrade(database_url)
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT correction, over_since, over_seconds FROM office_days ORDER BY date")
            ).all()
        assert [tuple(row) for row in rows] == [(0, None, 0), (2, None, 0)]
        for refused in ({"correction": -1}, {"correction": 0, "seq": -1}):
            with pytest.raises(IntegrityError):
                add_day("2026-11-25", **refused)
        _add_alert(engine, "OVER_LIMIT")
        for kind, seen_by in (("NONSENSE", None), ("LONG_WAIT", "ani")):
            with pytest.raises(IntegrityError):
                _add_alert(engine, kind, seen_by)
        with pytest.raises(IntegrityError):
            _add_alert(engine, "OVER_LIMIT")
        downgrade(database_url, "0002")
        with pytest.raises(IntegrityError):
            _add_alert(engine, "OVER_LIMIT")
        with pytest.raises(IntegrityError):
            add_day("2026-11-26", 0, seq=-1)
    finally:
        engine.dispose()


def test_messages_of_before_stay_owed_and_the_new_kinds_go_when_one_goes_back(
    database_url: str,
) -> None:
    upgrade(database_url, "0013")
    engine = create_engine(database_url)
    moment = "now()" if engine.dialect.name == "postgresql" else "0"
    names = "id, office, ticket, kind, channel, state, created_at, attempts"

    def kept() -> list[tuple[str, str]]:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT id, state FROM messages ORDER BY id")).all()
        return [(row.id, row.state) for row in rows]

    try:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO offices (code, name, address, phone, zone, rules) VALUES ('91', "
                    "'', '', '', 'UTC', :rules)"
                ),
                {"rules": json.dumps({"door": {"pass_over_minutes": 7}})},
            )
            for id, kind in (("t1-4", "moved"), ("t1-5", "moved"), ("t2-offer", "offer")):
                at = {"t1-5": "1" if moment == "0" else "now() + interval '1 s'"}.get(id, moment)
                connection.execute(
                    text(
                        f"INSERT INTO messages ({names}) VALUES ('{id}', '91', '{id[:2]}', "
                        f"'{kind}', 'EMAIL', 'QUEUED', {at}, 0)"
                    )
                )
        upgrade(database_url)
        with engine.begin() as connection:
            now = datetime.now(UTC) + timedelta(hours=1)
            due = message_store.list_due(connection, MessageChannel.EMAIL, now, 9)
            assert sorted(each.id for each in due) == ["t1-4", "t1-5", "t2-offer"]
            for id, kind, channel in (("r", "reminder", "EMAIL"), ("s", "stranded", "PHONE")):
                connection.execute(
                    text(
                        f"INSERT INTO messages ({names}, occasion) VALUES ('{id}', '91', 't3', "
                        f"'{kind}', '{channel}', 'QUEUED', {moment}, 0, 'x')"
                    )
                )
            connection.execute(
                text("UPDATE offices SET rules = :rules"),
                {
                    "rules": json.dumps(
                        {"door": {"pass_over_minutes": 7}, "messages": {"ahead_parties": 2}}
                    )
                },
            )
        downgrade(database_url, "0013")
        assert kept() == [
            ("s", "BY_HAND"),
            ("t1-4", "QUEUED"),
            ("t1-5", "QUEUED"),
            ("t2-offer", "QUEUED"),
        ]
        stored = _json_of(engine, "SELECT rules FROM offices")
        assert stored == {"door": {"pass_over_minutes": 7}}
    finally:
        engine.dispose()


FLAT_RULES = {
    "slot_minutes": 30,
    "bookings_per_phone": 9,
    "kept_minutes_max": 3,
    "waitlist_per_contact": 2,
    "kiosk_burst": 4,
    "call_policy": "STRICT",
    "recall_seconds": [0, 45],
    "calls_max": 2,
    "target_minutes": 12,
    "alert_email": "a@kantor.go.id",
    "personal_data_days": 3,
}


def test_rules_of_before_the_groups_keep_their_values_and_the_log_its_names(
    database_url: str,
) -> None:
    upgrade(database_url, "0009")
    engine = create_engine(database_url)
    stored = {"flat": json.dumps(FLAT_RULES)}
    told = {"by": "budi", "changed": {"alert_oldest_minutes": [45, 50], "grace_minutes": [10, 5]}}
    moment = "now()" if engine.dialect.name == "postgresql" else "0"
    try:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO offices (code, name, address, phone, zone, rules)"
                    " VALUES ('91', '', '', '', 'UTC', :flat)"
                ),
                stored,
            )
            for seq, kind in enumerate(("rules_changed", "admitted"), 1):
                connection.execute(
                    text(
                        "INSERT INTO events (office, date, seq, type, at, facts)"
                        f" VALUES ('91', '2026-11-23', {seq}, '{kind}', {moment}, :facts)"
                    ),
                    {"facts": json.dumps(told)},
                )
        upgrade(database_url, "0010")
        rules = read_rules(_json_of(engine, "SELECT rules FROM offices"))
        assert rules == vary_rules(
            Rules(),
            booking={"slot_minutes": 30, "people_per_phone_max": 9, "held_back_minutes_max": 3},
            waitlist={"entries_per_contact_max": 2},
            door={"kiosk_burst_numbers": 4},
            calling={"policy": CallPolicy.STRICT, "recall_seconds": (0, 45), "calls_max": 2},
            alerts={"target_minutes": 12, "email": "a@kantor.go.id"},
            privacy={"personal_data_days": 3},
        )
        changed = {"alerts.longest_wait_minutes": [45, 50], "calling.grace_minutes": [10, 5]}
        facts = "SELECT facts FROM events WHERE seq = "
        assert _json_of(engine, f"{facts}1") == told | {"changed": changed}
        assert _json_of(engine, f"{facts}2") == told, "other events are as they were"
        downgrade(database_url, "0009")
        assert _json_of(engine, "SELECT rules FROM offices") == FLAT_RULES
        assert _json_of(engine, f"{facts}1") == told
    finally:
        engine.dispose()


def test_every_rule_of_before_has_a_place_in_a_group() -> None:
    moved = import_module("queue_server.store.migrations.versions.0010_rules_in_groups").DOTTED
    assert len(set(moved.values())) == len(moved) == 52


def test_services_learn_the_truth_of_their_channels_and_go_back(database_url: str) -> None:
    """Legalising needs a visit and a complaint does not; and what an older release cannot store is
    gone when it comes back.
    """
    upgrade(database_url, "0012")
    engine = create_engine(database_url)
    columns = "office, code, position, letter, name, summary, requirements, channel, minutes"

    def add_service(code: str, channel: str, position: int = 0) -> None:
        values = f"'91', '{code}', {position}, 'U', '{{}}', '{{}}', '{{}}', '{channel}', 5"
        with engine.begin() as connection:
            connection.execute(text(f"INSERT INTO services ({columns}) VALUES ({values})"))

    def channels() -> dict[str, str]:
        with engine.connect() as connection:
            return dict(connection.execute(text("SELECT code, channel FROM services")).all())

    try:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO offices (code, name, address, phone, zone, rules) VALUES ('91', "
                    "'', '', '', 'UTC', '{}')"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO streams (office, letter, position, name) "
                    "VALUES ('91', 'U', 0, '{}')"
                )
            )
        for code, channel in (("LEG", "HYBRID"), ("PGD", "HYBRID"), ("KIA", "HYBRID")):
            add_service(code, channel)
        upgrade(database_url, "0013")
        assert channels() == {"LEG": "MUST_COME", "PGD": "EITHER", "KIA": "HYBRID"}
        assert _json_of(engine, "SELECT location FROM offices") == {}
        assert _json_of(engine, "SELECT search_words FROM services WHERE code = 'KIA'") == []
        add_service("NEW", "EITHER")
        with pytest.raises(IntegrityError):
            add_service("BAD", "SOMETIMES")
        downgrade(database_url, "0012")
        assert channels() == dict.fromkeys(("LEG", "PGD", "KIA", "NEW"), "HYBRID")
        with pytest.raises(IntegrityError):
            add_service("BAD", "EITHER")
    finally:
        engine.dispose()


def _json_of(engine: Engine, query: str) -> Any:
    with engine.connect() as connection:
        value = connection.execute(text(query)).scalar_one()
    return json.loads(value) if isinstance(value, str) else value


def _add_alert(engine: Engine, kind: str, seen_by: str | None = None) -> None:
    moment = "now()" if engine.dialect.name == "postgresql" else "0"
    with engine.begin() as connection:
        id = connection.execute(text("SELECT count(*) FROM alerts")).scalar_one()
        connection.execute(
            text(
                "INSERT INTO alerts (id, office, date, kind, subject, facts, raised_at, "
                "acknowledged_by)"
                f" VALUES ('{id}', '91', '2026-11-23', :kind, '', '{{}}', {moment}, :by)"
            ),
            {"kind": kind, "by": seen_by},
        )


def test_of_the_screens_of_an_office_the_oldest_speaks_on(database_url: str) -> None:
    upgrade(database_url, "0022")
    engine = create_engine(database_url)
    office = (
        "INSERT INTO offices (code, name, address, phone, zone, rules) "
        "VALUES (:code, '', '', '', 'UTC', '{}')"
    )
    device = (
        "INSERT INTO devices (id, kind, name, office, state, requested_at, health) "
        "VALUES (:id, :kind, '', :office, :state, :at, '{}')"
    )
    known = [
        ("late", "display", "91", "PAIRED", "2026-11-03"),
        ("first", "display", "91", "APPROVED", "2026-11-02"),
        ("cut-off", "display", "91", "REVOKED", "2026-11-01"),
        ("kiosk", "kiosk", "91", "PAIRED", "2026-11-01"),
        ("other", "display", "92", "PAIRED", "2026-11-04"),
        ("of-nobody", "display", None, "PENDING", "2026-11-01"),
        ("astray", "display", "99", "PAIRED", "2026-11-01"),
    ]
    try:
        with engine.begin() as connection:
            connection.execute(text(office), [{"code": "91"}, {"code": "92"}])
            rows = [
                {
                    "id": id,
                    "kind": kind,
                    "office": of,
                    "state": state,
                    "at": f"{day} 08:00:00.000000+00:00",
                }
                for id, kind, of, state, day in known
            ]
            connection.execute(text(device), rows)
        upgrade(database_url)
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT device, office, zone, voice FROM display_settings ORDER BY device")
            ).all()
            assert [(row.device, row.office, row.zone, bool(row.voice)) for row in found] == [
                ("first", "91", "", True),
                ("late", "91", "", False),
                ("other", "92", "", True),
            ]
        downgrade(database_url, "0022")
    finally:
        engine.dispose()
