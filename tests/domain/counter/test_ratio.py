"""The runs of the policy RATIO: what stands is counted as if what was taken back had never been
called.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.counter.ratio import FavouredRuns, Ratio, TurnTaken, run_after
from tests.domain.examples import NINE, minutes

calls = st.lists(st.tuples(st.sampled_from("AB"), st.booleans(), st.integers(1, 3)), max_size=20)


def runs_of(turns: list[tuple[str, TurnTaken]]) -> FavouredRuns:
    runs = FavouredRuns()
    for letter, turn in turns:
        runs.take(letter, turn)
    return runs


@given(calls, st.data())
def test_a_call_taken_back_is_as_if_it_had_never_been_made(
    made: list[tuple[str, bool, int]], data: st.DataObject
) -> None:
    turns = [
        (letter, TurnTaken(str(place), favoured, share))
        for place, (letter, favoured, share) in enumerate(made)
    ]
    runs, left = runs_of(turns), list(turns)
    for _ in range(data.draw(st.integers(0, len(turns)))):
        gone = data.draw(st.sampled_from(left))
        left.remove(gone)
        runs.take_back(gone[1].ticket)
        without = runs_of(left)
        assert {letter: run for letter, run in runs.counts.items() if run} == {
            letter: run for letter, run in without.counts.items() if run
        }


def test_a_run_ends_with_another_one_and_never_passes_the_share() -> None:
    favoured, other = (TurnTaken("f", True, 2), TurnTaken("o", False, 2))
    runs = runs_of([("A", favoured)] * 3)
    assert runs.counts == {"A": 2}
    runs.take("A", other)
    assert runs.counts == {"A": 0}
    runs.take_back("o")
    assert runs.counts == {"A": 2}


def test_who_was_called_twice_loses_the_last_call_and_a_stranger_changes_nothing() -> None:
    runs = runs_of(
        [
            ("A", TurnTaken("f", True, 3)),
            ("A", TurnTaken("o", False, 3)),
            ("A", TurnTaken("f", True, 3)),
        ]
    )
    runs.take_back("nobody")
    assert runs.counts == {"A": 1}
    runs.take_back("f")
    assert runs.counts == {"A": 0}


@given(calls)
def test_a_run_is_counted_the_same_call_by_call_and_from_the_log(
    made: list[tuple[str, bool, int]],
) -> None:
    counts: dict[str, int] = {}
    for letter, favoured, share in made:
        turn_time = NINE - minutes(1) if favoured else NINE
        counts[letter] = Ratio(share, NINE, dict(counts)).run_after(letter, turn_time)
    turns = [
        (letter, TurnTaken(str(place), favoured, share))
        for place, (letter, favoured, share) in enumerate(made)
    ]
    assert runs_of(turns).counts == counts


def test_one_call_more_counts_as_far_as_the_share() -> None:
    assert [run_after(run, 2, favoured=True) for run in range(4)] == [1, 2, 2, 2]
    assert run_after(2, 2, favoured=False) == 0
