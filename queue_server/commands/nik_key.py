"""The command group `antrean nik-key`: shows the id of the key of the NIK fingerprints, and changes
the key on purpose.
"""

from __future__ import annotations

from typing import Any

import click

from .settings import with_settings

WARNING = """\
With another key no visitor is recognised again: limits per person and missed visits
begin anew for everybody, and whoever has booked may book once more. Tickets and bookings
that exist stay valid. Nothing brings the old fingerprints back but the old key.
Stop every server before, give the key file to each machine, and start them after."""


@click.group("nik-key")
def nik_key() -> None:
    """The key of the fingerprints that are kept in place of NIKs.

    Example: antrean nik-key show
    """


@nik_key.command()
@with_settings
def show(settings: Any) -> None:
    """Show which key the database was used with, and whether the file holds it. The key itself is
    never shown.

    Example: antrean nik-key show
    """
    from queue_server.nik_key import describe_nik_key
    from queue_server.settings import BadSettings
    from queue_server.store.writer.database import Database

    database = Database(settings.database_url)
    try:
        kept, own, wrong = describe_nik_key(database, settings.nik_key_file)
    except BadSettings as error:
        raise click.ClickException(str(error)) from None
    finally:
        database.close()
    click.echo(f"database: {kept or 'no key yet'}")
    click.echo(f"{settings.nik_key_file}: {own or 'not there'}")
    if wrong:
        raise click.ClickException(wrong)


@nik_key.command()
@click.option("--yes", is_flag=True, help="do not ask")
@with_settings
def change(settings: Any, yes: bool) -> None:
    """Use another key from now on, after a warning.

    If the file holds another key than the database was used with, that key is taken. Otherwise a
    new one is made, and the present one is moved aside to a file that has its id in its name.

    Example: antrean nik-key change
    """
    from queue_server.app import make_clock
    from queue_server.nik_key import change_nik_key
    from queue_server.settings import BadSettings
    from queue_server.store.writer.database import Database

    click.echo(WARNING, err=True)
    if not yes:
        click.confirm("Change the key?", abort=True, err=True)
    database = Database(settings.database_url)
    try:
        id, aside = change_nik_key(
            database, settings.nik_key_file, make_clock(settings.clock_offset_seconds)()
        )
    except BadSettings as error:
        raise click.ClickException(str(error)) from None
    finally:
        database.close()
    if aside is not None:
        click.echo(f"The key before lies in {aside}: delete it where it must not be used again.")
    click.echo(
        f"The key in use is {id}, in {settings.nik_key_file}. Keep a copy of the file apart from "
        "the database."
    )
