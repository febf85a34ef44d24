"""What `antrean office` does on the database itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from queue_server.app import make_clock
from queue_server.domain.access.accounts import COMMAND_LINE
from queue_server.domain.errors import BadInput, DomainError, UnknownOffice
from queue_server.domain.office.office import Office
from queue_server.services import upkeep
from queue_server.services.office.whole.creating import (
    create_office,
    preview_replacing,
    replace_office,
)
from queue_server.services.office.whole.files import copy_office, export_office, read_office_file
from queue_server.services.office.whole.yaml_text import BYTES_MAX
from queue_server.settings import Settings
from queue_server.store.writer.database import Database
from queue_server.web.edge.locale import speaking
from queue_server.web.edge.words.office_file import (
    difference_words,
    fault_words,
    new_office_words,
    stranded_words,
)
from queue_server.web.edge.words.refusals import refusal_words

from .administration import AdministrationError


@contextmanager
def open_offices(settings: Settings) -> Iterator[Database]:
    """The database for one command, whose refusals say what is wrong in a file too."""
    database = Database(settings.database_url)
    with speaking("en"):
        try:
            yield database
        except UnknownOffice as error:
            raise AdministrationError(f"There is no office {error.facts['office']}.") from None
        except BadInput as error:
            raise AdministrationError(fault_words(error.facts)) from None
        except DomainError as error:
            raise AdministrationError(refusal_words(error.code, error.facts)) from None
        finally:
            database.close()


def write_office(settings: Settings, code: str) -> str:
    """The file of an office. Raises `AdministrationError` for an unknown one."""
    with open_offices(settings) as database, database.read() as connection:
        return export_office(connection, database.offices.get(connection, code))


def make_copy(settings: Settings, code: str, new_code: str, name: str) -> None:
    """Make another office with the same settings. Raises `AdministrationError`."""
    with open_offices(settings) as database:
        now = make_clock(settings.clock_offset_seconds)()
        with database.read() as connection:
            office, room = copy_office(
                connection, database.offices.get(connection, code), new_code, name
            )
        make = partial(create_office, office=office, room=room, by=COMMAND_LINE, now=now)
        database.write([], make)
        upkeep.plan_office(database, new_code, now)


def take_file(settings: Settings, path: Path, code: str | None, *, dry_run: bool) -> list[str]:
    """Take the office of a file in, or say what that would change. Returns the lines that say it.

    Raises `AdministrationError` with everything that is wrong, and `OSError`.
    """
    with path.open("rb") as file:
        content = file.read(BYTES_MAX + 1)
    described = read_office_file(content, code)
    if described.office is None:
        raise AdministrationError(_say_faults(described.faults))
    office = described.office
    with open_offices(settings) as database:
        now = make_clock(settings.clock_offset_seconds)()
        before = _find(database, office.code)
        if before is None:
            lines = new_office_words(office)
            make = partial(
                create_office, office=office, room=described.room, by=COMMAND_LINE, now=now
            )
        else:
            with database.read() as connection:
                differences, days = preview_replacing(connection, before, office, now)
            stranded = sum(len(day.stranded) for day in days)
            lines = [
                *(difference_words(each, before, office) for each in differences),
                stranded_words(stranded),
            ]
            make = partial(
                replace_office,
                after=office,
                room=described.room,
                by=COMMAND_LINE,
                now=now,
                revision=before.revision,
            )
        if dry_run:
            return [*lines, "Nothing was changed."]
        locked = [] if before is None else [(before.code, before.date_at(now))]
        database.write(locked, make)
        upkeep.plan_office(database, office.code, now)
        return [*lines, f"{office.code} is in force."]


def _find(database: Database, code: str) -> Office | None:
    try:
        with database.read() as connection:
            return database.offices.get(connection, code)
    except UnknownOffice:
        return None


def _say_faults(faults: tuple[Mapping[str, Any], ...]) -> str:
    with speaking("en"):
        lines = [f"  {fault_words(each)}" for each in faults]
    return "\n".join(["The file is not taken, and nothing was changed:", *lines])
