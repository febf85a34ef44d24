"""Log lines tell of a failure, never of the person it happened to; each is JSON."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.fixtures.application import EMAIL, NAME, NIK, PHONE

CODE = "K7QX-PLNT-42MZ"
PROGRAM = """
import logging, sys, warnings, structlog
from queue_server.logs import configure_logs
configure_logs("info")
log = structlog.get_logger()
nik, name, phone, email, code = sys.argv[1:]
def book(typed):
    raise ValueError(f"cannot read {typed}")
try:
    try:
        book({"nik": nik, "name": name, "phone": phone, "email": email, "code": code})
    except ValueError as error:
        raise KeyError(code) from error
except KeyError:
    log.exception("request_failed", reference="abc")
log.debug("unseen")
log.error("typed", text=nik)
logging.getLogger("some.library").warning("cannot reach %s", email)
logging.getLogger("some.library").error(f"lost {phone}")
try:
    book(name)
except ValueError:
    logging.getLogger("some.library").exception("failed for %s", name)
warnings.warn(f"old way to call {name}")
book(code)
"""


@pytest.fixture(scope="module")
def lines() -> list[str]:
    command = [sys.executable, "-c", PROGRAM, NIK, NAME, PHONE, EMAIL, CODE]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 1 and not done.stdout
    return done.stderr.splitlines()


def test_every_line_is_json_also_of_libraries_warnings_and_the_end(lines: list[str]) -> None:
    events = [json.loads(line) for line in lines]
    assert [each["event"] for each in events] == [
        "request_failed",
        "typed",
        *["library"] * 4,
        "crashed",
    ]
    assert all(each["level"] and each["timestamp"] for each in events)
    assert events[1]["text"] == "[16 digits]"
    assert (events[2]["logger"], events[2]["words"]) == ("some.library", "cannot reach %s")
    assert "words" not in events[3] and events[4]["kind"] == "ValueError"
    assert events[5]["logger"] == "py.warnings"


def test_a_failure_is_told_with_the_way_to_it_and_to_its_causes(lines: list[str]) -> None:
    event = json.loads(lines[0])
    assert (event["level"], event["reference"]) == ("error", "abc")
    error, cause = event["exception"].split("\ncaused by ")
    assert error.startswith("KeyError\n") and cause.startswith("ValueError\n")
    assert "in book" in cause


def test_nothing_that_somebody_typed_is_in_a_line(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert [each for each in (NIK, NAME, PHONE, EMAIL, CODE) if each in text] == []


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
