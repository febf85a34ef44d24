"""The command `antrean simulate`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from queue_server.progress import show_progress

if TYPE_CHECKING:
    from .report import Report


@click.command()
@click.option(
    "--scenario",
    "name",
    type=click.Choice(["normal", "flood", "urgent-only"]),
    default="normal",
    show_default=True,
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="the same seed gives the same report",
)
@click.option(
    "--office", default="3674", show_default=True, help="one of the demonstration's offices"
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="a working day; left out, the scenario's own",
)
@click.option(
    "--demand",
    type=click.FloatRange(0, 100),
    help="how many times the visits it manages are wanted, instead of the scenario's",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="the same as --format json")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="draw the day into FILE.svg or FILE.pdf",
)
@click.option("--database", help="an empty database to play in and keep; left out, a temporary one")
def simulate(
    name: str,
    seed: int,
    office: str,
    day: datetime | None,
    demand: float | None,
    kind: str,
    as_json: bool,
    picture: Path | None,
    database: str | None,
) -> None:
    """Simulate a day of one office with invented people, through the server's own commands and a
    real database.

    \b
    normal       as many want a visit as the office manages
    flood        40 times as many, with brokers: who gets in, who waits outside, who is refused
    urgent-only  23 March 2020: only urgent cases are served

    \b
    limit, max_inside         persons that may be, and at most were, inside
    minutes_above             minutes with more inside than the limit
    booked, walk_ins          visits booked ahead, numbers given at the door
    admitted, held_outside    visits that came in, and those that had to wait outside first
    diverted, refused         sent online and content; turned away at the door
    served                    served to the end

    The text report explains every figure. Exit code 1 if ever more persons were inside than the
    limit allows.

    Example: antrean simulate --scenario flood --seed 7 --json --picture day.svg
    """
    from sqlalchemy.exc import SQLAlchemyError

    from .picture import draw_pdf, draw_svg
    from .report import as_csv, as_text
    from .report import as_json as to_json
    from .run import NotSimulated
    from .run import simulate as play
    from .scenarios import SCENARIOS

    painters = {".svg": draw_svg, ".pdf": draw_pdf}
    if picture is not None and picture.suffix.lower() not in painters:
        raise click.BadParameter("the file's name must end in .svg or .pdf", param_hint="--picture")
    if picture is not None and not picture.absolute().parent.is_dir():
        raise click.BadParameter("its folder does not exist", param_hint="--picture")
    try:
        with _database(database) as url, show_progress("Playing the day") as step:
            report: Report = play(
                url, SCENARIOS[name], office, seed, demand=demand, day=_date(day), step=step
            )
    except NotSimulated as error:
        raise click.UsageError(str(error)) from None
    except SQLAlchemyError as error:
        raise click.UsageError(f"The database cannot be used ({type(error).__name__}).") from None
    if picture is not None:
        picture.write_bytes(painters[picture.suffix.lower()](report))
    click.echo(
        {"text": as_text, "csv": as_csv, "json": to_json}["json" if as_json else kind](report)
    )
    sys.exit(report.exit_code)


def _date(day: datetime | None) -> date | None:
    return None if day is None else day.date()


@contextmanager
def _database(url: str | None) -> Iterator[str]:
    """The database asked for, or a temporary one."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="antrean-simulation-") as folder:
        yield f"sqlite:///{Path(folder) / 'day.db'}"
