"""A morning on which twenty people sign in at once, and three hundred connections say nothing: a
process beside a server.

`python -m tests.faults.morning URL USERNAMES PASSWORD SECONDS` prints what became of it as JSON:
sign-ins by status, and silent connections that were ended. USERNAMES are joined by commas; all of
them sign in at once, again and again.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import requests

from queue_server.web.edge.long_work.worker_process import make_patient

SILENT = 300
HALF_SAID = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\nX-"
ANSWER_SECONDS = 120
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def sign_in(url: str, username: str, password: str) -> int:
    """As a browser does it, with no cookie of an earlier visit. Returns the status: 303 for done,
    503 for too many at once.
    """
    with requests.Session() as browser:
        token = _TOKEN.search(browser.get(f"{url}/login", timeout=ANSWER_SECONDS).text)
        assert token is not None
        form = {"csrf_token": token[1], "username": username, "password": password}
        return browser.post(
            f"{url}/login", data=form, timeout=ANSWER_SECONDS, allow_redirects=False
        ).status_code


def say_nothing(url: str) -> list[socket.socket]:
    """Connections without a word, and every third with half a request."""
    where = urlsplit(url)
    opened = []
    for number in range(SILENT):
        connection = socket.create_connection(
            (where.hostname, where.port or 80), timeout=ANSWER_SECONDS
        )
        if number % 3 == 0:
            connection.sendall(HALF_SAID)
        opened.append(connection)
    return opened


def count_ended(connections: Sequence[socket.socket]) -> int:
    """How many the server has ended; the others are ended here."""
    ended = 0
    for each in connections:
        each.setblocking(False)
        with suppress(BlockingIOError):
            with suppress(ConnectionError):
                while each.recv(4096):
                    pass
            ended += 1
        each.close()
    return ended


def play(url: str, usernames: Sequence[str], password: str, seconds: float) -> dict[str, object]:
    """The whole morning."""
    silent, statuses = say_nothing(url), Counter[int]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        threads = [
            threading.Thread(
                target=lambda name=name: statuses.update([sign_in(url, name, password)])
            )
            for name in usernames
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    return {
        "signed_in": statuses[303],
        "others": sum(statuses.values()) - statuses[303],
        "ended": count_ended(silent),
    }


@contextmanager
def playing(
    url: str, usernames: Sequence[str], password: str, seconds: float
) -> Iterator[subprocess.Popen[str]]:
    """The morning while the block runs. What it prints can be read after `communicate`."""
    command = [
        sys.executable,
        "-m",
        "tests.faults.morning",
        url,
        ",".join(usernames),
        password,
        str(seconds),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


if __name__ == "__main__":
    # the others come from machines of their own: they must not take this one's processor from the
    # server
    make_patient()
    print(json.dumps(play(sys.argv[1], sys.argv[2].split(","), sys.argv[3], float(sys.argv[4]))))
