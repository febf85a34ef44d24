"""What each call policy costs whom: many invented days of one office, called by the same functions
that the server uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import exp, log, sqrt
from random import Random

from queue_server.domain.office.rules import CallPolicy, Rules

from .costs import Cost, Kind, Visit, compare_rules

OPENS_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""08:00 in Jakarta. The date does not matter."""


@dataclass(frozen=True)
class Demand:
    """A typical day: bookings by slot, some of whom do not come, and walk-ins at random.

    Minutes and persons; booked visitors come on average `early_minutes` before their slot, spread
    by `early_spread`, never before the doors open. Service is lognormal with a coefficient of
    variation.
    """

    counters: int = 4
    slots: int = 16
    slot_minutes: int = 30
    booked_per_slot: int = 8
    no_show_share: float = 0.2
    early_minutes: float = 8
    early_spread: float = 8
    walk_ins_per_minute: float = 0.1
    walk_in_minutes: float = 450
    priority_share: float = 0.12
    service_minutes: float = 12
    service_variation: float = 0.8


def draw_day(demand: Demand, random: Random) -> list[Visit]:
    """One day's visitors in order of arrival. The random numbers of each visitor are drawn in the
    same order, whatever the rules.
    """
    spread = sqrt(log(1 + demand.service_variation**2))
    middle = log(demand.service_minutes) - spread**2 / 2
    visits = []

    def come(minute: float, slot: float | None) -> None:
        service = timedelta(minutes=exp(random.gauss(middle, spread)))
        booked = None if slot is None else OPENS_AT + timedelta(minutes=slot)
        priority = random.random() < demand.priority_share
        visits.append(Visit(OPENS_AT + timedelta(minutes=minute), service, booked, priority))

    for index in range(demand.slots):
        for _ in range(demand.booked_per_slot):
            if random.random() >= demand.no_show_share:
                slot = index * demand.slot_minutes
                come(max(0.0, slot - random.gauss(demand.early_minutes, demand.early_spread)), slot)
    minute = (
        random.expovariate(demand.walk_ins_per_minute)
        if demand.walk_ins_per_minute
        else demand.walk_in_minutes
    )
    while minute < demand.walk_in_minutes:
        come(minute, None)
        minute += random.expovariate(demand.walk_ins_per_minute)
    return sorted(visits, key=lambda each: each.arrived_at)


def named_policies(rules: Rules) -> dict[str, Rules]:
    """The alternatives that an office may choose from, with its other rules."""
    return {
        "turn time": replace(rules, calling=replace(rules.calling, policy=CallPolicy.TURN_TIME)),
        "turn time, walk-ins +15": replace(
            rules,
            calling=replace(rules.calling, policy=CallPolicy.TURN_TIME, walk_in_offset_minutes=15),
        ),
        "first come": replace(rules, calling=replace(rules.calling, policy=CallPolicy.FIFO)),
        "ratio 3:1": replace(
            rules, calling=replace(rules.calling, policy=CallPolicy.RATIO, ratio=3)
        ),
        "ratio 1:1": replace(
            rules, calling=replace(rules.calling, policy=CallPolicy.RATIO, ratio=1)
        ),
        "strict priority": replace(rules, calling=replace(rules.calling, policy=CallPolicy.STRICT)),
    }


def compare_policies(
    demand: Demand,
    rules: Rules,
    days: int,
    seed: int,
    step: Callable[[float], None] = lambda _share: None,
) -> dict[str, dict[Kind, Cost]]:
    """What each policy would have cost each kind of visitors on the same invented days. `step` is
    called with the share that is done.
    """
    random = Random(seed)
    drawn = [draw_day(demand, random) for _ in range(days)]
    named = named_policies(rules)
    costs: dict[str, dict[Kind, Cost]] = {}
    for name, each in named.items():
        costs |= compare_rules(drawn, {name: each}, [frozenset("A")] * demand.counters)
        step(len(costs) / len(named))
    return costs


def as_table(costs: Mapping[str, Mapping[Kind, Cost]]) -> str:
    """A Markdown table: mean wait and 90 % wait in minutes."""
    lines = ["| policy | priority | booked | walk-in |", "|---|---|---|---|"]
    for name, by_kind in costs.items():
        cells = [
            f"{cost.mean_minutes:.1f} / {cost.p90_minutes:.0f}"
            if (cost := by_kind.get(kind))
            else "–"
            for kind in Kind
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
