"""`antrean waits evaluate`: snapshots read and refused, waits rebuilt, days kept apart, and figures
that are right.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import fmean

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import main
from queue_server.lab.wait_evaluation.evaluate import BadSplit, evaluate, split_days
from queue_server.lab.wait_evaluation.rebuild import RebuiltTicket, rebuild_days
from queue_server.lab.wait_evaluation.snapshots import (
    COLUMNS,
    BadSnapshots,
    Snapshot,
    read_snapshots,
)
from tests.domain.waiting_line import play

KEYS = {
    "tickets",
    "mae",
    "bias",
    "coverage",
    "coverage_by_bin",
    "interval_score",
    "late_share",
    "baselines",
    "shown",
    "shown_by_bin",
    "by_day",
    "repeated_snapshots",
}
DATES = [f"2021-03-{day:02}" for day in (1, 2, 3, 4, 5, 8, 9, 10)]

Row = tuple[str, str, str, str, int, int, int, str]


def office_rows(
    date: str,
    queue: str = "7",
    *,
    counters: int = 3,
    minutes: float = 9.0,
    step: int = 5,
    seed: int = 0,
) -> Iterator[Row]:
    """One queue's day, 8:00 to 14:00, played out and looked at every few minutes."""
    random = Random(f"{date}-{queue}-{seed}")
    visits = [
        each
        for each in play(
            partial(random.expovariate, 1.15 * counters / minutes),
            partial(random.expovariate, 1 / minutes),
            counters,
            400,
        )
        if each.arrived_at < 300
    ]
    for minute in range(0, 360, step):
        issued = sum(each.arrived_at <= minute for each in visits)
        called = sum(each.arrived_at + each.wait <= minute for each in visits)
        time = f"{8 + minute // 60:02}:{minute % 60:02}"
        yield (
            "North",
            queue,
            date,
            time,
            counters,
            10,
            issued - called,
            f"K{called:03}" if called else "",
        )


def write(path: Path, rows: Sequence[Row], header: Sequence[str] = COLUMNS) -> Path:
    with (
        gzip.open(path, "wt", newline="")
        if path.suffix == ".gz"
        else path.open("w", newline="") as text
    ):
        writer = csv.writer(text)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`all.csv.gz` holds eight days of two queues, `early.csv` and `late.csv.gz` its first five and
    last three.
    """
    folder = tmp_path_factory.mktemp("snapshots")

    def rows(dates: Sequence[str]) -> list[Row]:
        queues = (("7", 3, 9.0), ("8", 2, 5.0))
        return [
            row
            for date in dates
            for queue, counters, minutes in queues
            for row in office_rows(date, queue, counters=counters, minutes=minutes)
        ]

    write(folder / "all.csv.gz", rows(DATES))
    write(folder / "early.csv", rows(DATES[:5]))
    write(folder / "late.csv.gz", rows(DATES[5:]))
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["waits", "evaluate", *map(str, arguments)])


def figures(*arguments: str | Path) -> dict[str, object]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_prints_the_figures_of_the_contract(folder: Path) -> None:
    found = figures("--learn", folder / "early.csv", "--score", folder / "late.csv.gz")
    assert set(found) == KEYS
    baselines, by_bin = found["baselines"], found["coverage_by_bin"]
    assert isinstance(baselines, dict)
    assert isinstance(by_bin, dict)
    assert set(baselines) == {"vendor", "history", "les", "queue_length"}
    assert isinstance(found["mae"], float)
    assert found["mae"] < 0.9 * min(baselines["vendor"], baselines["history"], baselines["les"])
    assert all(0 <= share <= 1 for share in by_bin.values())


def test_one_file_twice_scores_its_last_five_days(folder: Path) -> None:
    days = rebuild_days(read_snapshots(folder / "all.csv.gz").snapshots)
    learn, score = split_days(days, days)
    assert list(learn) == DATES[:3]
    assert list(score) == DATES[3:]
    found = figures("--learn", folder / "all.csv.gz", "--score", folder / "all.csv.gz")
    assert found["tickets"] == sum(len(score[day]) for day in score)


def test_the_table_for_people_says_the_same(folder: Path) -> None:
    arguments = ("--learn", folder / "early.csv", "--score", folder / "late.csv.gz")
    found, shown = figures(*arguments), run(*arguments).stdout
    assert f"{found['tickets']} waits on 3 days, learnt from 5 other days" in shown
    assert f"{found['mae']:.2f} min" in shown
    assert f"{found['coverage']:.3f}" in shown
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    by_bin, by_day = found["shown_by_bin"], found["by_day"]
    assert isinstance(by_bin, dict) and isinstance(by_day, dict)
    for label, bin in by_bin.items():
        assert (
            f"{label} {bin['tickets']} {bin['coverage']:.3f} {bin['late_share']:.3f} "
            f"{bin['width']:.1f} min {bin['ratio']:.2f}" in lines
        )
    for name, day in by_day.items():
        assert (
            f"{name} {day['tickets']} {day['mae']:.2f} min {day['bias']:+.2f} min "
            f"{day['shown_coverage']:.3f}" in lines
        )


def test_what_is_shown_is_measured_as_it_is_shown(folder: Path) -> None:
    """Four in five of the waits of every size, no wider than the range before it is put on its
    steps; parts add up to the whole.
    """
    learn, score = (
        rebuild_days(read_snapshots(folder / name).snapshots)
        for name in ("early.csv", "late.csv.gz")
    )
    found = evaluate(learn, score)
    bins = found.shown_by_bin.values()
    assert list(found.shown_by_bin) == list(found.coverage_by_bin)
    assert found.shown.tickets == sum(each.tickets for each in bins) <= found.tickets
    for name in ("coverage", "late_share", "width"):
        whole = fmean(getattr(each, name) for each in bins for _ in range(each.tickets))
        assert getattr(found.shown, name) == pytest.approx(whole)
    assert found.shown.coverage == pytest.approx(found.coverage, abs=0.05)
    assert list(found.by_day) == DATES[5:]
    assert found.tickets == sum(each.tickets for each in found.by_day.values())
    assert found.mae == pytest.approx(
        fmean(each.mae for each in found.by_day.values() for _ in range(each.tickets))
    )


def test_who_is_promised_nothing_is_not_counted_as_shown(folder: Path) -> None:
    learn = rebuild_days(read_snapshots(folder / "early.csv").snapshots)
    score = rebuild_days(read_snapshots(folder / "late.csv.gz").snapshots)
    stalled = {
        day: [
            replace(
                each,
                record=replace(each.record, sight=replace(each.record.sight, silent_minutes=31.0)),
            )
            for each in tickets
        ]
        for day, tickets in score.items()
    }
    found = evaluate(learn, stalled)
    assert found.tickets > 0 and found.shown.tickets == 0


def test_a_copy_of_the_file_counts_as_the_file(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv.gz"
    copy.write_bytes((folder / "all.csv.gz").read_bytes())
    twice = figures("--learn", folder / "all.csv.gz", "--score", folder / "all.csv.gz")
    assert figures("--learn", folder / "all.csv.gz", "--score", copy) == twice


def test_a_day_is_never_learnt_and_scored(folder: Path) -> None:
    """The days that both files hold are learnt from; the others are scored."""
    late = figures("--learn", folder / "early.csv", "--score", folder / "late.csv.gz")
    assert figures("--learn", folder / "early.csv", "--score", folder / "all.csv.gz") == late


def test_scored_days_do_not_reach_what_was_learnt(folder: Path) -> None:
    """The first scored day is predicted the same whatever follows it, and whatever comes of it."""
    learn = rebuild_days(read_snapshots(folder / "early.csv").snapshots)
    score = rebuild_days(read_snapshots(folder / "late.csv.gz").snapshots)
    first = score[DATES[5]]
    alone = evaluate(learn, {DATES[5]: first})
    endless = [
        replace(each, record=replace(each.record, wait=each.record.wait + 1_000)) for each in first
    ]
    assert evaluate(learn, {DATES[5]: endless}).bias == pytest.approx(alone.bias - 1_000)
    assert evaluate(learn, score).tickets > alone.tickets


def test_the_figures_are_what_their_names_say(folder: Path) -> None:
    """Against figures computed here from the rebuilt tickets alone."""
    learn = rebuild_days(read_snapshots(folder / "early.csv").snapshots)
    score = rebuild_days(read_snapshots(folder / "late.csv.gz").snapshots)
    found = evaluate(learn, score)
    tickets = [each for day in score.values() for each in day]
    assert found.tickets == len(tickets)
    assert found.baselines["vendor"] == pytest.approx(
        fmean(abs(10 - each.record.wait) for each in tickets)
    )
    assert found.baselines["les"] == pytest.approx(
        fmean(
            abs(max(1.0, each.record.sight.last_wait or 0.0) - each.record.wait) for each in tickets
        )
    )
    rates: dict[str, list[float]] = {}
    waits: dict[tuple[str, int], list[float]] = {}
    for each in (each for day in learn.values() for each in day):
        waits.setdefault((each.record.stream, each.record.sight.hour), []).append(each.record.wait)
        rates.setdefault(each.record.stream, []).append(each.window_calls / each.window_minutes)
    assert found.baselines["queue_length"] == pytest.approx(
        fmean(
            abs(
                max(1.0, each.record.sight.line / fmean(rates[each.record.stream]))
                - each.record.wait
            )
            for each in tickets
        )
    )
    known = [each for each in tickets if (each.record.stream, each.record.sight.hour) in waits]
    assert len(known) == len(tickets)
    assert found.baselines["history"] == pytest.approx(
        fmean(
            abs(
                max(1.0, fmean(waits[each.record.stream, each.record.sight.hour]))
                - each.record.wait
            )
            for each in known
        )
    )


def test_queues_without_a_learnt_day_are_left_out(folder: Path) -> None:
    learn = rebuild_days(read_snapshots(folder / "early.csv").snapshots)
    score = rebuild_days(read_snapshots(folder / "late.csv.gz").snapshots)
    only = {
        day: [each for each in tickets if each.record.stream == "North/7"]
        for day, tickets in learn.items()
    }
    assert evaluate(only, score).tickets == sum(
        each.record.stream == "North/7" for day in score.values() for each in day
    )
    with pytest.raises(BadSplit, match="No queue"):
        evaluate(
            only,
            {
                day: [each for each in tickets if each.record.stream != "North/7"]
                for day, tickets in score.items()
            },
        )


def test_rebuilds_the_waits_of_a_queue_called_like_a_clock() -> None:
    """One call and one new ticket every five minutes, eight waiting: each waits 40 minutes, less
    half a step for the snapshot.
    """
    rows = [Snapshot(480 + 5 * step, 1, 0, 8, 1 + step) for step in range(60)]
    (tickets,) = rebuild_days({("N/1", "2021-03-01"): rows}).values()
    assert len(tickets) == 49
    assert {each.record.wait for each in tickets} == {37.5}
    assert [each.issued_at for each in tickets] == [495 + 5 * step for step in range(49)]
    late = tickets[20]
    assert (
        late.record.sight.line,
        late.record.sight.last_wait,
        late.window_calls,
        late.window_minutes,
    ) == (8, 40, 12, 60)
    assert late.record.sight.calls / late.record.sight.busy_minutes == pytest.approx(0.2, rel=0.1)


def rebuilt(rows: Sequence[Snapshot]) -> list[RebuiltTicket]:
    return [each for day in rebuild_days({("N/1", "2021-03-01"): rows}).values() for each in day]


STEADY = [Snapshot(480 + 5 * step, 1, 0, 8, 1 + step) for step in range(60)]


@pytest.mark.parametrize(
    "rows",
    [
        STEADY[:19],
        [Snapshot(each.minute, 1, 0, 4, each.number) for each in STEADY],
        [Snapshot(each.minute, 1, 0, 8, (each.number or 0) // 3) for each in STEADY],
        [
            *STEADY[:30],
            *(Snapshot(each.minute, 1, 0, 8, (each.number or 0) + 31) for each in STEADY[30:]),
        ],
        [
            Snapshot(each.minute, 1, 0, 8, (each.number or 0) - 5 * (place % 10 == 9))
            for place, each in enumerate(STEADY)
        ],
        [
            Snapshot(each.minute, 1, 0, 8 + 9 * (place % 2), each.number)
            for place, each in enumerate(STEADY)
        ],
    ],
    ids=["short", "never busy", "few numbers", "jumps", "falls", "shrinks"],
)
def test_queue_days_that_cannot_be_followed_are_dropped(rows: list[Snapshot]) -> None:
    assert len(rebuilt(STEADY)) == 49
    assert rebuilt(rows) == []


def test_snapshots_without_a_number_are_passed_over() -> None:
    rows = [Snapshot(each.minute + 2, 1, 0, 99, None) for each in STEADY]
    assert rebuilt([*rows, *STEADY]) == rebuilt(STEADY)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("North,7,2021-03-01,25:00,1,10,3,K001", "25:00"),
        ("North,7,2021-02-30,08:00,1,10,3,K001", "day"),
        ("North,7,2021-03-01,08:00,1,10,-3,K001", "'-3'"),
        ("North,7,2021-03-01,08:00,1,ten,3,K001", "'ten'"),
        ("North,7,2021-03-01,08:00,1", "range"),
        ("North,7,2021-03-01,08:00,1,10,99999999999,K001", "99999999999"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"{','.join(COLUMNS)}\nNorth,7,2021-03-01,07:55,1,10,3,K001\n{line}\n")
    with pytest.raises(BadSnapshots, match="line 3") as refused:
        read_snapshots(path)
    assert why in str(refused.value)


SNAPSHOT: Row = ("North", "7", "2021-03-01", "08:00", 1, 10, 3, "K001")


@pytest.mark.parametrize(
    "other",
    [
        ("North", "7", "2021-03-01", "08:00", 2, 10, 3, "K001"),
        ("North", "7", "2021-03-01", "08:00", 1, 11, 3, "K001"),
        ("North", "7", "2021-03-01", "08:00", 1, 10, 4, "K001"),
        ("North", "7", "2021-03-01", "08:00", 1, 10, 3, "K002"),
        ("North", "7", "2021-03-01", "08:00", 1, 10, 3, "A001"),
        ("North", "7", "2021-03-01", "08:00", 1, 10, 3, ""),
    ],
)
def test_two_lines_that_contradict_each_other_are_refused_and_named(
    tmp_path: Path, other: Row
) -> None:
    between: Row = ("North", "7", "2021-03-01", "08:05", 1, 10, 3, "K001")
    with pytest.raises(BadSnapshots, match="line 5 contradicts line 2"):
        read_snapshots(write(tmp_path / "odd.csv", [SNAPSHOT, between, SNAPSHOT, other]))


def test_a_line_that_stands_there_again_is_dropped_and_counted(tmp_path: Path) -> None:
    record = read_snapshots(write(tmp_path / "twice.csv", [SNAPSHOT] * 3))
    assert record.repeats == 2
    assert record.snapshots == {("North/7", "2021-03-01"): [Snapshot(480, 1, 10, 3, 1)]}


def test_a_record_put_together_from_pieces_that_overlap_gives_the_same_figures(
    folder: Path, tmp_path: Path
) -> None:
    with gzip.open(folder / "all.csv.gz", "rt") as file:
        header, *lines = file.read().splitlines()
    doubled = tmp_path / "doubled.csv"
    doubled.write_text("\n".join([header, *lines, *lines[:100]]) + "\n")
    once = figures("--learn", folder / "all.csv.gz", "--score", folder / "all.csv.gz")
    twice = figures("--learn", doubled, "--score", doubled)
    assert (once.pop("repeated_snapshots"), twice.pop("repeated_snapshots")) == (0, 100), (
        "of one file given twice they count once"
    )
    assert once == twice
    assert (
        "100 lines stood in a file more than once"
        in run("--learn", doubled, "--score", folder / "all.csv.gz").stdout
    )
    assert (
        "more than once"
        not in run("--learn", folder / "all.csv.gz", "--score", folder / "all.csv.gz").stdout
    )


def test_columns_may_stand_in_any_order_with_others(tmp_path: Path) -> None:
    path = tmp_path / "order.csv"
    path.write_text(
        "\ufeffcurrent_ticket,note,waiting,vendor_minutes,counters_open,time,date,queue_id,office\n"
        "K012,x,3,10,2,08:05,2021-03-01,7,North\n\n,x,0,0,0,08:00,2021-03-01,7,North\n",
        encoding="utf-8",
    )
    assert read_snapshots(path).snapshots == {
        ("North/7", "2021-03-01"): [Snapshot(480, 0, 0, 0, None), Snapshot(485, 2, 10, 3, 12)]
    }


@pytest.mark.parametrize(
    "content",
    [b"", b"office,queue_id\n", b"\x1f\x8b\x08nonsense", b"\xff\xfe\x00\x01", b"a,b\n1,2\n"],
)
def test_what_is_no_snapshot_file_ends_with_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    result = run("--learn", path, "--score", path)
    assert result.exit_code == 1
    assert result.output.startswith("Error: odd.csv")
    assert "Traceback" not in result.output


def test_a_missing_file_is_a_wrong_use(tmp_path: Path) -> None:
    assert run("--learn", tmp_path / "none.csv", "--score", tmp_path / "none.csv").exit_code == 2


def test_too_few_days_end_with_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "short.csv", [row for date in DATES[:3] for row in office_rows(date)])
    result = run("--learn", path, "--score", path)
    assert result.exit_code == 1
    assert "0 days to learn from" in result.output
