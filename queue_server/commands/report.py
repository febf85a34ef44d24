"""The command `antrean report`: the figures of offices over a day, week, month or year."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from .settings import with_settings

_BINARY = ("xlsx", "pdf")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--office", "codes", multiple=True, help="the office's code; again for several")
@click.option("--all", "everywhere", is_flag=True, help="all offices together")
@click.option("--day", type=_DAY, help="a day, YYYY-MM-DD")
@click.option("--week", type=_DAY, help="the week of a day, YYYY-MM-DD")
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="a month, YYYY-MM")
@click.option("--year", type=click.DateTime(["%Y"]), help="a year, YYYY")
@click.option("--from", "first", type=_DAY, help="the first day, YYYY-MM-DD")
@click.option("--to", "last", type=_DAY, help="the last day, YYYY-MM-DD")
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month", "year"]),
    help="how long a line is; left out, as fits the dates",
)
@click.option(
    "--format",
    type=click.Choice(["table", "csv", "xlsx", "pdf", "json"]),
    default="table",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="the same as --format json")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="a file in place of the output; needed for xlsx and pdf",
)
@click.option(
    "--recount", is_flag=True, help="count every day from the log, whatever was counted before"
)
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@with_settings
def report(
    settings: Any,
    codes: tuple[str, ...],
    everywhere: bool,
    by: str | None,
    format: str,
    as_json: bool,
    output: Path | None,
    recount: bool,
    language: str,
    **dates: datetime | None,
) -> None:
    """Report visits, waits, occupancy and calls. Without dates: the present month.

    Example: antrean report --office 3674 --month 2026-11 --format pdf -o november.pdf
    """
    from queue_server.progress import show_progress

    from .administration import AdministrationError
    from .report_files import BadDates, make_file, put_file, read_dates

    if bool(codes) == everywhere:
        raise click.UsageError("Name offices with --office, or all of them with --all.")
    format = "json" if as_json else format
    if format in _BINARY and output is None:
        raise click.UsageError(f"A file is needed for {format}: -o FILE.")
    try:
        period = read_dates(settings, dates)
        with show_progress("Reading the log") as move:
            content = make_file(settings, codes, period, by, format, language, move, anew=recount)
        if output is None:
            sys.stdout.write(content.decode())
        else:
            put_file(output, content)
    except BadDates as error:
        raise click.UsageError(str(error)) from None
    except AdministrationError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"Cannot write {output}: {error.strerror}") from None
