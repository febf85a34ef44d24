"""The command group `antrean waits`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from .evaluate import Day, Days, Evaluation, Shown

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_BASELINE_NAMES = {
    "vendor": "figure of the queue system",
    "history": "mean of queue and hour",
    "les": "wait of the last one called",
    "queue_length": "waiting / usual rate",
}


@click.group()
def waits() -> None:
    """Predicted waiting times.

    Example: antrean waits evaluate --learn december.csv.gz --score january.csv.gz
    """


@waits.command("evaluate")
@click.option("--learn", "learn_path", type=_FILE, required=True, help="snapshots to learn from")
@click.option("--score", "score_path", type=_FILE, required=True, help="snapshots to score on")
@click.option("--json", "as_json", is_flag=True, help="print the figures as JSON")
def evaluate_waits(learn_path: Path, score_path: Path, as_json: bool) -> None:
    """Learn from one file of office snapshots, predict every wait of another, and print how well.

    The files are CSV, plain or gzip, with the columns office, queue_id, date, time, counters_open,
    vendor_minutes, waiting and current_ticket. The same file twice means: learn from its earlier
    days, score its last five. Days that both files hold are learnt from and not scored. Repeated
    lines are counted once; lines that contradict each other are refused.

    Example: antrean waits evaluate --learn december.csv.gz --score january.csv.gz --json
    """
    from .evaluate import BadSplit, evaluate, split_days
    from .rebuild import rebuild_days
    from .snapshots import BadSnapshots, read_snapshots

    one_file = learn_path.samefile(score_path)
    try:
        with _progress("Reading", 1 if one_file else 2) as step:
            record = read_snapshots(learn_path)
            learn: Days = rebuild_days(record.snapshots)
            repeats = record.repeats
            step()
            score: Days = learn
            if not one_file:
                record = read_snapshots(score_path)
                score = rebuild_days(record.snapshots)
                repeats += record.repeats
                step()
        learn, score = split_days(learn, score)
        with _progress("Scoring", 1 + len(score)) as step:
            result = evaluate(learn, score, step)
    except (BadSnapshots, BadSplit) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(
            json.dumps({**_rounded(asdict(result)), "repeated_snapshots": repeats}, indent=2)
        )
        return
    click.echo(_table(result, len(learn), len(score)))
    if repeats:
        click.echo(f"\n{repeats} lines stood in a file more than once and were counted once")


@contextmanager
def _progress(label: str, steps: int) -> Iterator[Callable[[], None]]:
    """A progress bar on the error output, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=steps, label=label, file=sys.stderr) as bar:
        bar.render_progress()
        yield lambda: bar.update(1)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def _table(result: Evaluation, learnt: int, scored: int) -> str:
    best = min(result.baselines.values())
    rows = [("this prediction", result.mae)] + [
        (_BASELINE_NAMES[name], mae) for name, mae in result.baselines.items()
    ]
    lines = [f"{result.tickets} waits on {scored} days, learnt from {learnt} other days", ""]
    lines += [f"  {name:30} {mae:6.2f} min mean absolute error" for name, mae in rows]
    lines += [
        "",
        f"  against the best of the others {result.mae / best:6.3f}" if best else "",
        f"  bias                           {result.bias:+6.2f} min",
        f"  80 % range covers              {result.coverage:6.3f}",
        f"  interval score                 {result.interval_score:6.2f} min",
        f"  longer than the range          {result.late_share:6.3f}",
        "",
        "  covered, by the size of the estimate in minutes",
    ]
    lines += [
        f"    {label:>10}                   {share:6.3f}"
        for label, share in result.coverage_by_bin.items()
    ]
    lines += ["", "  what is shown      waits  covers   later  mean width  upper / lower end"]
    lines += [
        _line_of_shown(label, each)
        for label, each in {"all": result.shown, **result.shown_by_bin}.items()
    ]
    lines += ["", "  day                waits      error        bias  covered by what is shown"]
    lines += [_line_of_day(name, each) for name, each in result.by_day.items()]
    return "\n".join(lines)


def _line_of_shown(label: str, shown: Shown) -> str:
    shares = f"{shown.coverage:6.3f}  {shown.late_share:6.3f}"
    return (
        f"    {label:>10}     {shown.tickets:7}  {shares}  {shown.width:6.1f} min  "
        f"{shown.ratio:17.2f}"
    )


def _line_of_day(name: str, day: Day) -> str:
    return (
        f"    {name}     {day.tickets:7}  {day.mae:5.2f} min  {day.bias:+6.2f} min  "
        f"{day.shown_coverage:24.3f}"
    )
