"""Log lines tell of a failure, never of the person it happened to."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.fixtures.application import EMAIL, NAME, NIK, PHONE

PROGRAM = """
import sys, structlog
from queue_server.logs import configure_logs
configure_logs("info")
log = structlog.get_logger()
nik, name, phone, email = sys.argv[1:]
def book(typed):
    raise ValueError(f"cannot read {typed['nik']}")
try:
    book({"nik": nik, "name": name, "phone": phone, "email": email})
except ValueError:
    log.exception("request_failed", reference="abc")
log.debug("unseen")
"""


@pytest.fixture(scope="module")
def line() -> str:
    command = [sys.executable, "-c", PROGRAM, NIK, NAME, PHONE, EMAIL]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    ).stderr


def test_a_failure_is_one_line_of_json_with_its_trace(line: str) -> None:
    event = json.loads(line)
    assert (event["event"], event["level"], event["reference"]) == (
        "request_failed",
        "error",
        "abc",
    )
    assert (
        "ValueError: cannot read [16 digits]" in event["exception"]
        and "in book" in event["exception"]
    )


def test_neither_the_local_values_nor_a_nik_in_the_words_of_an_error_are_in_it(line: str) -> None:
    assert not [each for each in (NIK, NAME, PHONE, EMAIL) if each in line]


def test_a_log_on_a_full_disk_stops_nobody() -> None:
    program = (
        "import structlog; from queue_server.logs import configure_logs; configure_logs('info'); "
        "structlog.get_logger().error('relay_failed', kind='OperationalError'); print('goes on', "
        "flush=True)"
    )
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            stdin=subprocess.DEVNULL,
        )
    assert done.stdout == "goes on\n"
