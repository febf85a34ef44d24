"""What the machine itself can do: the figures that everything else is divided by, measured in the
same run.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from pathlib import Path


def raw_commits_per_second(folder: Path, seconds: float) -> float:
    """One client, one small row in each transaction, WAL with synchronous=FULL: the durable commits
    a second of this disk.
    """
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, number TEXT)")
    done, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t (number) VALUES (?)", (f"A{done:03d}",))
        connection.execute("COMMIT")
        done += 1
    connection.close()
    return done / elapsed


def one_row_updates_per_second(url: str, seconds: float) -> float:
    """One client, one row updated in each transaction, on PostgreSQL."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS floor (id int PRIMARY KEY, n int)")
        connection.execute("INSERT INTO floor VALUES (1, 0) ON CONFLICT DO NOTHING")
        done, started = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - started) < seconds:
            connection.execute("UPDATE floor SET n = n + 1 WHERE id = 1")
            done += 1
    return done / elapsed


def median(values: list[float]) -> float:
    return statistics.median(values)
