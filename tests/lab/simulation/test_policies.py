"""What the policies cost: the evidence's prototype is found again, and the command prints what was
counted.
"""

from __future__ import annotations

import json
from random import Random
from statistics import fmean

import pytest
from click.testing import CliRunner

from queue_server.cli import main
from queue_server.domain.office.rules import CallPolicy, Rules
from queue_server.lab.policies.costs import Kind, play
from queue_server.lab.policies.play import Demand, as_table, compare_policies, draw_day
from queue_server.web.edge.words.rules.policies import POLICY_WAITS
from tests.fixtures.parts import ROOT

NOTES = ROOT / "docs" / "call-order.md"
SHOWN = {
    CallPolicy.TURN_TIME: "turn time",
    CallPolicy.FIFO: "first come",
    CallPolicy.RATIO: "ratio 3:1",
    CallPolicy.STRICT: "strict priority",
}
"""The policies that an office can choose, as the simulation names them."""


@pytest.mark.parametrize(("booked", "mean", "over_30"), [(7, 4.8, 0.026), (8, 9.3, 0.085)])
def test_the_prototype_of_the_evidence_is_found_again(
    booked: int, mean: float, over_30: float
) -> None:
    """Its 20,000 days of another program had these waits; 200 days of ours come within what chance
    leaves.
    """
    random, demand, waits = Random(1), Demand(booked_per_slot=booked, priority_share=0), []
    for _ in range(200):
        waits += [
            each.waited.total_seconds() / 60
            for each in play(draw_day(demand, random), Rules(), [frozenset("A")] * 4)
        ]
    assert fmean(waits) == pytest.approx(mean, rel=0.12)
    assert fmean(each > 30 for each in waits) == pytest.approx(over_30, abs=0.015)


def test_each_policy_favours_whom_it_names() -> None:
    costs = compare_policies(Demand(), Rules(), days=40, seed=3)
    mean = {
        name: {kind: each.mean_minutes for kind, each in by_kind.items()}
        for name, by_kind in costs.items()
    }
    assert (
        mean["strict priority"][Kind.PRIORITY]
        < mean["turn time"][Kind.PRIORITY]
        < mean["first come"][Kind.PRIORITY]
    )
    assert mean["turn time, walk-ins +15"][Kind.BOOKED] < mean["turn time"][Kind.BOOKED]
    assert (
        mean["ratio 1:1"][Kind.WALK_IN]
        < mean["turn time"][Kind.WALK_IN]
        < mean["ratio 3:1"][Kind.WALK_IN]
    )


@pytest.mark.parametrize("seed", [1, 3])
def test_the_waits_shown_beside_each_policy_are_those_the_simulator_finds(seed: int) -> None:
    """120 days of the 1,000 behind the page: the means differ by chance alone. No two policies
    would pass for each other.
    """
    costs = compare_policies(Demand(), Rules(), days=120, seed=seed)
    for policy, name in SHOWN.items():
        found = [costs[name][kind].mean_minutes for kind in Kind]
        assert found == pytest.approx(POLICY_WAITS[policy], rel=0.15, abs=0.3), name


@pytest.mark.slow
def test_the_waits_shown_and_those_in_the_notes_are_the_simulators_to_the_tenth() -> None:
    costs = compare_policies(Demand(), Rules(), days=1_000, seed=1)
    assert {
        policy: tuple(round(costs[name][kind].mean_minutes, 1) for kind in Kind)
        for policy, name in SHOWN.items()
    } == POLICY_WAITS
    assert as_table(costs) in NOTES.read_text(encoding="utf-8")


def test_the_command_prints_a_table_or_figures() -> None:
    table = CliRunner().invoke(main, ["policies", "--days", "2", "--seed", "5"])
    assert table.exit_code == 0
    assert "| strict priority |" in table.output
    figures = CliRunner().invoke(main, ["policies", "--days", "2", "--seed", "5", "--json"])
    found = json.loads(figures.output)
    assert (
        found["turn time"]["booked"]["visitors"] == found["first come"]["booked"]["visitors"] > 100
    )
    assert CliRunner().invoke(main, ["policies", "--days", "0"]).exit_code == 2
