"""The command group `antrean office`: an office as one file, and a copy of it."""

from __future__ import annotations

import sys
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
