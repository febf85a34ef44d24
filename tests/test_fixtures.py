"""The test equipment itself: real servers, a fresh database for each test, checkers that do find
faults.
"""

from __future__ import annotations

import http.server
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.fixtures.browser import Pages
from tests.fixtures.parts import need
from tests.fixtures.services import Service


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database_on_disk(database_url: str, turn: int) -> None:
    engine = create_engine(database_url)
    try:
        assert inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE ticket (number text)"))
            connection.execute(text("INSERT INTO ticket VALUES ('A012')"))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT number FROM ticket")).scalar() == "A012"
    finally:
        engine.dispose()


@pytest.mark.requires_redis
def test_redis_answers(redis_url: str, redis_server: Service) -> None:
    done = subprocess.run(
        ["redis-cli", "-u", redis_url, "dbsize"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0"


class _Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        port = str(self.connection.getsockname()[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(port)))
        self.end_headers()
        self.wfile.write(port)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def two_servers() -> Iterator[list[int]]:
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Echo) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield [server.server_address[1] for server in servers]
    for server in servers:
        server.shutdown()
        server.server_close()


def test_nginx_spreads_requests(nginx_before: Callable[..., str], two_servers: list[int]) -> None:
    url = nginx_before(*two_servers)
    answered = set()
    for _ in range(6):
        with urllib.request.urlopen(url, timeout=10) as answer:
            answered.add(int(answer.read()))
    assert answered == set(two_servers)


@pytest.mark.requires_browser
def test_axe_finds_a_picture_without_words(page_at: Pages, axe: Callable[..., list[str]]) -> None:
    page = page_at(360, 740, "id-ID")
    page.set_content(
        '<html lang="id"><title>x</title><main><h1>Antrean</h1><img src="data:,"></main>'
    )
    found = axe(page)
    assert [line.split(":")[0] for line in found] == ["image-alt"]


@pytest.mark.requires_browser
def test_a_page_that_calls_out_is_caught(page_at: Pages) -> None:
    page = page_at()
    page.set_content(
        '<html lang="id"><title>x</title><img alt="" src="http://example.com/pixel.png">'
    )
    assert page_at.problems == ["left the machine: http://example.com/pixel.png"]
    page_at.problems.clear()


def test_a_missing_part_skips_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTREAN_TEST_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs a printer: it is not there"):
        need("a printer", None, "it is not there")
    monkeypatch.setenv("ANTREAN_TEST_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="needs a printer"):
        need("a printer", None, "it is not there")
    need("a printer", "/usr/bin/printer", "it is there")
