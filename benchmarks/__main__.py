"""`python -m benchmarks [GROUP …] [--quick]`: measure and print the table."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from itertools import chain

from benchmarks import postgresql
from benchmarks.report import Row, markdown
from benchmarks.rows import (
    calm,
    exact,
    growth,
    http,
    live,
    morning,
    pages,
    reports,
    restart,
    scale,
    start,
    statements,
    store,
)
from benchmarks.rows.browser import console, painted, phone


def postgresql_rows(seconds: float) -> Iterator[Row]:
    """The store on PostgreSQL, or a line that says why not."""
    try:
        with postgresql.postgresql(1) as [url]:
            yield from store.postgresql_rows(url, seconds)
    except FileNotFoundError as missing:
        print(
            f"no rows for PostgreSQL: {missing.filename or missing} is not there", file=sys.stderr
        )


def in_browser(what: str, measure: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """Rows of a page in a real browser, or a line that says why not."""
    try:
        console.find_chromium()
    except FileNotFoundError as missing:
        print(f"no rows for {what}: {missing} is not there", file=sys.stderr)
    else:
        yield from measure()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure Antrean beside its floors, in one run."
    )
    groups: dict[str, Callable[[float, bool], Iterator[Row]]] = {
        "store": lambda seconds, quick: store.sqlite_rows(seconds),
        "postgresql": lambda seconds, quick: postgresql_rows(seconds),
        "statements": lambda seconds, quick: statements.rows(seconds),
        "http": lambda seconds, quick: http.rows(seconds),
        "pages": lambda seconds, quick: chain(pages.rows(seconds), morning.rows()),
        "calm": lambda seconds, quick: calm.rows(),
        "live": lambda seconds, quick: live.rows(seconds, quick=quick),
        "console": lambda seconds, quick: in_browser(
            "the console", lambda: console.rows(15 if quick else 30)
        ),
        "painted": lambda seconds, quick: in_browser(
            "the screens", lambda: painted.rows(10 if quick else 30)
        ),
        "phone": lambda seconds, quick: in_browser("the slow phone", phone.rows),
        "exact": lambda seconds, quick: exact.rows(),
        "start": lambda seconds, quick: start.rows(),
        "restart": lambda seconds, quick: restart.rows(1 if quick else 3),
        "scale": lambda seconds, quick: scale.rows(15 if quick else 30),
        "reports": lambda seconds, quick: reports.rows(quick=quick),
        "growth": lambda seconds, quick: growth.rows(100 if quick else 300, quick=quick),
    }
    parser.add_argument(
        "group", nargs="*", help=f"which rows: {', '.join(groups)}; all without any"
    )
    parser.add_argument(
        "--quick", action="store_true", help="shorter, and growth to 100,000 tickets only"
    )
    arguments = parser.parse_args()
    for each in arguments.group:
        if each not in groups:
            parser.error(f"no group {each!r}; there are {', '.join(groups)}")
    measured: list[Row] = []
    for group in arguments.group or groups:
        for row in groups[group](2.0 if arguments.quick else 5.0, arguments.quick):
            print(
                f"{'ok ' if row.holds else 'NO '} {row.what}: {row.measured}",
                file=sys.stderr,
                flush=True,
            )
            measured.append(row)
    load = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load average at the end "
        f"{load:.1f}\n"
    )
    print(markdown(measured))
    sys.exit(0 if all(row.holds for row in measured) else 1)


if __name__ == "__main__":
    main()
