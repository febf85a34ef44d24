"""The command `antrean policies`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace

import click


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, 100_000),
    default=500,
    show_default=True,
    help="days to play out",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="the same seed gives the same figures",
)
@click.option("--counters", type=click.IntRange(1, 200), default=4, show_default=True)
@click.option(
    "--booked",
    type=click.IntRange(0, 1000),
    default=8,
    show_default=True,
    help="bookings for each slot of 30 minutes",
)
@click.option(
    "--walk-ins",
    type=click.FloatRange(0, 1000),
    default=6,
    show_default=True,
    help="visitors without a booking an hour",
)
@click.option(
    "--priority",
    type=click.FloatRange(0, 1),
    default=0.12,
    show_default=True,
    help="share of visitors with priority",
)
@click.option(
    "--minutes",
    type=click.FloatRange(0.1, 480),
    default=12,
    show_default=True,
    help="mean service time",
)
@click.option("--json", "as_json", is_flag=True, help="figures for programs")
def policies(
    days: int,
    seed: int,
    counters: int,
    booked: int,
    walk_ins: float,
    priority: float,
    minutes: float,
    as_json: bool,
) -> None:
    """Show what each call policy costs whom: mean and 90 % wait in minutes of visitors with
    priority, booked and without a booking.

    Each policy calls the same invented days of 16 slots, with the functions that the server itself
    uses.

    Example: antrean policies --counters 6 --booked 12 --json
    """
    from queue_server.domain.office.rules import Rules

    from .play import Demand, as_table, compare_policies

    demand = replace(
        Demand(),
        counters=counters,
        booked_per_slot=booked,
        walk_ins_per_minute=walk_ins / 60,
        priority_share=priority,
        service_minutes=minutes,
    )
    if sys.stderr.isatty():
        with click.progressbar(length=100, label="Playing the days", file=sys.stderr) as bar:
            costs = compare_policies(
                demand, Rules(), days, seed, lambda share: bar.update(round(share * 100) - bar.pos)
            )
    else:
        costs = compare_policies(demand, Rules(), days, seed)
    if as_json:
        click.echo(
            json.dumps(
                {
                    name: {kind: asdict(cost) for kind, cost in by_kind.items()}
                    for name, by_kind in costs.items()
                }
            )
        )
    else:
        click.echo(as_table(costs))
