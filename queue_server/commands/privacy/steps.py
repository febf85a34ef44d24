"""The steps of an incident as the command line takes them: those of the database, and those with
files.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from queue_server.domain.privacy.incident import Incident, Step, next_step
from queue_server.key_files import replace_key
from queue_server.nik_key import change_nik_key
from queue_server.services.privacy import incident as service
from queue_server.settings import Settings
from queue_server.store.access import second_factors
from queue_server.store.office import offices as office_store
from queue_server.store.privacy import incidents as incident_store
from queue_server.store.writer.database import Database
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.reports.csv_file import FORMULA_SIGNS
from queue_server.web.edge.words.privacy.notice import write_notice

LIST_NAME = "persons.csv"
_HEAD = ("office", "ticket", "name", "phone", "email", "language", "reachable_from", "until")


def find_open(database: Database) -> Incident | None:
    """The incident that is not dealt with to its end."""
    with database.read() as connection:
        return incident_store.find_open(connection)


@dataclass(frozen=True)
class People:
    """Whom new passwords and second factors would concern: how many accounts, how many have a
    second factor, and how many could not sign in by themselves.
    """

    accounts: int
    with_factor: int
    helpless: int


def count_people(database: Database, offices: tuple[str, ...], choices: frozenset[Step]) -> People:
    """Whom it would concern, as it is now."""
    with database.read() as connection:
        known = service.list_accounts(connection, offices)
        having = second_factors.list_having(connection)
        helpless = service.count_helpless(connection, known, choices)
    return People(len(known), sum(each.id in having for each in known), helpless)


def tell_all(database: Database) -> list[dict[str, Any]]:
    """Every incident as plain values."""
    with database.read() as connection:
        return [_tell(each) for each in incident_store.list_all(connection)]


def run(
    settings: Settings,
    database: Database,
    since: datetime,
    noticed_at: datetime,
    choices: frozenset[Step],
    out: Path | None,
    now: datetime,
    offices: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Take every step that is still to be taken. Raises `BadInput`, `UnknownOffice`, `BadSettings`,
    `OSError`.
    """
    incident = service.start(database, since, noticed_at, choices, now, offices)
    folder = out or Path(f"incident-{incident.id}")
    steps: dict[Step, Callable[[Incident], Incident]] = {
        Step.SESSIONS: lambda it: service.close_sessions(database, it, now),
        Step.TOKENS: lambda it: service.revoke_tokens(database, it, now),
        Step.PASSWORDS: lambda it: service.distrust_passwords(database, it, now),
        Step.SECOND_FACTORS: lambda it: service.reset_second_factors(database, it, now),
        Step.DEVICES: lambda it: service.revoke_devices(database, it, now),
        Step.SECRET_KEY: lambda it: _replace_secret_key(settings, database, it),
        Step.NIK_KEY: lambda it: _replace_nik_key(settings, database, it, now),
        Step.LIST: lambda it: _write_list(database, it, folder),
        Step.DRAFT: lambda it: _write_drafts(database, it, folder),
    }
    while (step := next_step(incident)) is not None:
        incident = steps[step](incident)
    incident = service.end(database, incident, now)
    persons = incident.steps[Step.LIST]["by_office"]
    return {**_tell(incident), "persons": persons, "folder": str(folder)}


def _tell(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "since": incident.since.isoformat(),
        "noticed_at": incident.noticed_at.isoformat(),
        "notice_due_at": incident.notice_due_at.isoformat(),
        "started_at": incident.started_at.isoformat(),
        "ended_at": incident.ended_at and incident.ended_at.isoformat(),
        "steps": {step.value: dict(counts) for step, counts in incident.steps.items()},
    }


def _make_folder(folder: Path) -> None:
    """Only now: access is closed even where no file can be written."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _replace_secret_key(settings: Settings, database: Database, incident: Incident) -> Incident:
    replace_key(settings.secret_key_file)
    return service.note_done(database, incident, Step.SECRET_KEY)


def _replace_nik_key(
    settings: Settings, database: Database, incident: Incident, now: datetime
) -> Incident:
    id, aside = change_nik_key(database, settings.nik_key_file, now)
    facts = {"id": id} if aside is None else {"id": id, "before": aside.name}
    return service.note_done(database, incident, Step.NIK_KEY, **facts)


def _write_list(database: Database, incident: Incident, folder: Path) -> Incident:
    """Whose data were there, and from when to when: one line for each visit and wish."""
    text, counts = StringIO(), Counter[str]()
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    with database.read() as connection:
        for each in incident_store.iterate_reachable(connection, incident.noticed_at):
            reachable_from = max(each.stored_at, incident.since)
            counts[each.office] += 1
            row = (each.office, each.about, each.name, each.phone, each.email, each.language)
            moments = (reachable_from.isoformat(), incident.noticed_at.isoformat())
            writer.writerow([_safe(value) for value in (*row, *moments)])
        forgotten = incident_store.count_forgotten(connection, incident.since.date())
    _make_folder(folder)
    _put_private(folder / LIST_NAME, b"\xef\xbb\xbf" + text.getvalue().encode())
    return service.note_done(
        database,
        incident,
        Step.LIST,
        persons=sum(counts.values()),
        by_office=dict(counts),
        forgotten=forgotten,
    )


def _safe(value: str | None) -> str:
    text = value or ""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _write_drafts(database: Database, incident: Incident, folder: Path) -> Incident:
    with database.read() as connection:
        offices = {
            code: database.offices.get(connection, code)
            for code in sorted(office_store.all_codes(connection))
        }
    told = incident.steps[Step.LIST]
    _make_folder(folder)
    for language in LANGUAGES:
        draft = write_notice(incident, offices, told["by_office"], told["forgotten"], language)
        _put_private(folder / f"notice.{language}.md", draft.encode())
    return service.note_done(database, incident, Step.DRAFT, languages=len(LANGUAGES))


def _put_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
