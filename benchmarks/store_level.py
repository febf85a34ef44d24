"""Tickets issued by the real command through the real store, without the web, against raw durable
commits.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import floors, stage
from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database

SERVICES = ("REK", "CTK", "KK", "AKL", "SNK", "PGD")


def issue_one(database: Database, service: str = "REK") -> None:
    """One walk-in, as the kiosk asks for it: the clock is read when the request comes in."""
    now = stage.clock()
    drawn = draw()
    database.write(
        [(stage.OFFICE, stage.TODAY)],
        lambda tx: arrival.issue_walk_in(tx, stage.OFFICE, arrival.WalkIn(service), drawn, now),
    )


def issue_per_second(database: Database, writers: int, seconds: float) -> tuple[float, float]:
    """Tickets a second with this many writers (greenlets if gevent has patched threading), and the
    worst latency.
    """
    counts, worst = [0] * writers, [0.0] * writers
    stop = time.perf_counter() + seconds

    def work(place: int) -> None:
        while (begun := time.perf_counter()) < stop:
            issue_one(database)
            worst[place] = max(worst[place], time.perf_counter() - begun)
            counts[place] += 1

    return _together(writers, work) * sum(counts), max(worst)


def _together(writers: int, work: Callable[[int], None]) -> float:
    """Run `work` in parallel; returns 1 / seconds it took."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    started = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return 1 / (time.perf_counter() - started)


def measure_floor(url: str | None, folder: Path, seconds: float) -> float:
    """The machine's own rate, taken before and after, so that a passing slow moment of the disk
    does not flatter us.
    """
    return (
        floors.one_row_updates_per_second(url, seconds)
        if url
        else floors.raw_commits_per_second(folder, seconds)
    )


def main() -> None:
    """Run in a process of its own, with greenlets as the server has them; prints `writers rate
    floor worst cpu` lines.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--url")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--writers", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    gather = None
    if "gevent" in sys.modules:
        import gevent

        gather = lambda: gevent.sleep(0)  # noqa: E731 - the same one line that the server gives
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = arguments.url or f"sqlite:///{folder / 'store.db'}"
        stage.prepare(url, days_of_slots=1)
        database = Database(url, gather=gather)
        issue_one(database)
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)  # as the server does once it is up
        for writers in arguments.writers:
            floor = measure_floor(arguments.url, folder, arguments.seconds / 3)
            if arguments.profile:
                profile = cProfile.Profile()
                profile.runcall(issue_per_second, database, writers, arguments.seconds)
                pstats.Stats(profile).sort_stats("tottime").print_stats(35)
                continue
            used = time.process_time()
            rate, worst = issue_per_second(database, writers, arguments.seconds)
            cpu = (time.process_time() - used) / (rate * arguments.seconds)
            floor = max(floor, measure_floor(arguments.url, folder, arguments.seconds / 3))
            print(writers, f"{rate:.1f}", f"{floor:.1f}", f"{worst:.5f}", f"{cpu:.7f}", flush=True)
        database.close()


if __name__ == "__main__":
    if "--greenlets" in sys.argv:
        sys.argv.remove("--greenlets")
        from gevent import monkey

        monkey.patch_all()
    main()
