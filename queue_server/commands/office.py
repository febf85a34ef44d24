"""The command group `antrean office`: an office as one file, a copy of it, and its end."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from .settings import with_settings


@click.group()
def office() -> None:
    """An office with all its settings, as one file.

    Example: antrean office export 3674 --file 3674.yaml
    """


@office.command("export")
@click.argument("code", metavar="OFFICE")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="where to write it; left out, it is printed",
)
@with_settings
def export(settings: Any, code: str, path: Path | None) -> None:
    """Write the settings of an office as YAML. The file holds no secret and nobody's data.

    Example: antrean office export 3674 --file 3674.yaml
    """
    from .administration import AdministrationError
    from .office_files import write_office

    try:
        text = write_office(settings, code)
        if path is None:
            sys.stdout.write(text)
        else:
            path.write_text(text, encoding="utf-8")
    except AdministrationError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"Cannot write {path}: {error.strerror}") from None


@office.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="say what it would change, and change nothing")
@click.option("--as", "code", help="another code than that in the file")
@with_settings
def import_(settings: Any, path: Path, dry_run: bool, code: str | None) -> None:
    """Make an office from a file, or put the file in the place of the office of its code. What is
    wrong is named with its path in the file, and then nothing is changed.

    Example: antrean office import 3674.yaml --dry-run
    """
    from .administration import AdministrationError
    from .office_files import take_file

    try:
        for line in take_file(settings, path, code, dry_run=dry_run):
            click.echo(line)
    except AdministrationError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"Cannot read {path}: {error.strerror}") from None


@office.command("copy")
@click.argument("code", metavar="OFFICE")
@click.argument("new_code", metavar="NEWCODE")
@click.option("--name", required=True, help="what the new office is called")
@with_settings
def copy(settings: Any, code: str, new_code: str, name: str) -> None:
    """Make another office with the same settings, without visits, staff and devices.

    Example: antrean office copy 3674 3675 --name "Disdukcapil Kota Baru"
    """
    from .administration import AdministrationError
    from .office_files import make_copy

    try:
        make_copy(settings, code, new_code, name)
    except AdministrationError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{new_code} is there. Staff and devices are added as for any new office.")


@office.command("close")
@click.argument("code", metavar="OFFICE")
@click.option(
    "--from",
    "first",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="the first day without visits, such as 2027-01-31",
)
@click.option("--notice-id", required=True, help="what the public is told, in Indonesian")
@click.option("--notice-en", default="", help="the same in English")
@click.option("--yes", is_flag=True, help="do not ask; without it, --json only says what it does")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def close(
    settings: Any,
    code: str,
    first: datetime,
    notice_id: str,
    notice_en: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Take no more visits from a day on, as on the page “Close the office”. Bookings from then on
    lose their time; it can be taken back under “Service mode”.

    Example: antrean office close 3674 --from 2027-01-31 --notice-id "Pindah ke Jl. Baru 9"
    """
    from .administration import AdministrationError
    from .office_end import close_office, preview_closing

    notice = {"id": notice_id, "en": notice_en}
    try:
        plan = preview_closing(settings, code, first.date(), notice)
        if not yes and not as_json:
            click.echo(f"From {first:%Y-%m-%d} on {code} takes no visits.")
            click.echo(f"Bookings that lose their time: {plan.stranded}.")
            click.confirm("Close it?", abort=True)
        if yes or not as_json:
            close_office(settings, plan)
    except AdministrationError as error:
        raise click.ClickException(str(error)) from None
    is_done = yes or not as_json
    if as_json:
        said = {"office": code, "from": f"{first:%Y-%m-%d}", "stranded": plan.stranded}
        click.echo(json.dumps({**said, "done": is_done}, indent=2))
    else:
        click.echo(f"{code} is closed from {first:%Y-%m-%d} on.")


@office.command("delete")
@click.argument("code", metavar="OFFICE")
@click.option("--yes", is_flag=True, help="do not ask for the code once more")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def delete(settings: Any, code: str, yes: bool, as_json: bool) -> None:
    """Delete an office for good, as on its page: with settings, accounts, devices, visits and
    figures. Refused while a visit is not over. Its log stays, so no other office gets its code.

    Example: antrean office delete 3675
    """
    from .administration import AdministrationError
    from .office_end import remove_office

    if not yes and as_json:
        raise click.UsageError("With --json nobody can be asked: give --yes too.")
    typed = code if yes else click.prompt(f"This cannot be undone. Type {code} to delete it")
    try:
        remove_office(settings, code, typed)
    except AdministrationError as error:
        raise click.ClickException(str(error)) from None
    said = json.dumps({"office": code, "done": True}, indent=2)
    click.echo(said if as_json else f"{code} is deleted.")
