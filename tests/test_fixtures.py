"""The test equipment itself: real servers, a fresh database for each test, checkers that do find
faults.
"""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, func, insert, inspect, select, text, update
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from queue_server.store.tables import key_ids, metadata
from queue_server.store.writer.database import Database
from tests.fixtures.browser import OwnBrowser, Pages, Rooms
from tests.fixtures.emptied import emptied_database, refilled_database
from tests.fixtures.parts import need
from tests.fixtures.services import Service
from tests.services import stage

_KEY = {"name": "nik", "id": "one", "since": stage.MIDNIGHT}


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


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_a_migrated_database_without_a_row(migrated_url: str, turn: int) -> None:
    """And reads what it wrote itself, though the address and the statements are the same."""
    database = Database(migrated_url)
    with database.read() as connection:
        rows = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    assert len(rows) > 40 and not any(rows.values()), rows
    stage.open_office(database, stage.small_office("o1", limit=turn))
    assert database.find_office("o1").people_limit == turn
    noon = stage.at(12 * 60)
    number = database.write(
        [("o1", stage.TODAY)],
        lambda tx: arrival.issue_walk_in(tx, "o1", arrival.WalkIn("REK"), draw(), noon),
    ).ticket.number
    assert number == "A001"
    database.close()


@pytest.mark.requires_postgresql
def test_an_emptied_database_keeps_nothing_of_the_test_before(postgresql_server: URL) -> None:
    """Neither rows nor what a session holds that was never closed: a transaction, locks, prepared
    statements.
    """
    with emptied_database(postgresql_server) as url:
        left = create_engine(url, poolclass=NullPool).connect()
        left.execute(insert(key_ids).values(_KEY))
        left.commit()
        left.execute(text("SELECT pg_advisory_lock(7)"))
        left.execute(text("PREPARE known AS SELECT 1"))
        left.execute(text("LOCK TABLE key_ids IN ACCESS EXCLUSIVE MODE"))
    with emptied_database(postgresql_server) as again:
        assert again == url
        with create_engine(again, poolclass=NullPool).connect() as connection:
            for found, what in (
                (0, "count(*) FROM key_ids"),
                (0, "count(*) FROM pg_prepared_statements"),
                (True, "pg_try_advisory_lock(7)"),
            ):
                assert connection.execute(text(f"SELECT {what}")).scalar_one() == found, what
    left.invalidate()
    left.close()


@pytest.mark.requires_postgresql
@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE key_ids ADD COLUMN more integer",
        "CREATE TABLE more (id integer)",
        "ANALYZE",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_a_database_with_more_changed_than_rows_is_not_used_again(
    postgresql_server: URL, change: str
) -> None:
    with emptied_database(postgresql_server) as url:
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(insert(key_ids).values(_KEY))
            connection.execute(text(change))
    with emptied_database(postgresql_server) as other:
        assert other != url


@pytest.mark.requires_postgresql
def test_a_database_in_use_is_nobody_elses(postgresql_server: URL) -> None:
    with emptied_database(postgresql_server) as one, emptied_database(postgresql_server) as other:
        assert one != other


def _note_a_key(url: str) -> str:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(insert(key_ids).values(_KEY))
    return "noted"


@pytest.mark.requires_postgresql
def test_a_filled_database_is_as_it_was_filled_for_the_next_test(postgresql_server: URL) -> None:
    used = []
    for _ in range(2):
        with refilled_database(postgresql_server, _note_a_key) as (url, given):
            used.append(url)
            engine = create_engine(url, poolclass=NullPool)
            with engine.begin() as connection:
                assert connection.execute(select(key_ids.c.id)).scalars().all() == ["one"]
                assert given == "noted"
                connection.execute(update(key_ids).values(id="other"))
                connection.execute(insert(key_ids).values({**_KEY, "name": "more"}))
    assert used[0] == used[1]


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


@pytest.mark.requires_browser
def test_a_page_finds_nothing_of_the_one_before(rooms: Rooms, two_servers: list[int]) -> None:
    url = f"http://127.0.0.1:{two_servers[0]}/"
    contexts = []
    for _ in range(2):
        pages = Pages(rooms)
        page = pages(360, 740, "en-GB")
        contexts.append(page.context)
        page.goto(url)
        assert page.evaluate("[document.cookie, localStorage.length]") == ["", 0]
        page.evaluate("document.cookie = 'known=1'; localStorage.setItem('known', '1')")
        page.context.set_offline(True)
        pages.close()
    assert contexts[0] is contexts[1]


@pytest.mark.requires_browser
@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: page.clock.install(),
        lambda page: page.context.add_init_script("window.known = 1"),
        lambda page: page.context.route("**/*", lambda route: route.abort()),
        lambda page: page.context.close(),
    ],
)
def test_what_cannot_be_taken_back_is_not_handed_on(
    rooms: Rooms, spoil: Callable[[Page], object]
) -> None:
    contexts = []
    for _ in range(2):
        pages = Pages(rooms)
        page = pages(360, 740, "en-GB")
        contexts.append(page.context)
        spoil(page)
        pages.close()
    assert contexts[0] is not contexts[1]


@pytest.mark.requires_browser
def test_a_browser_that_hangs_is_started_anew(
    browser: OwnBrowser, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fixtures.browser.CLOSING_SECONDS", 0.2)
    pages = Pages(rooms)
    pages(360, 740, "en-GB")
    os.kill(browser.process, signal.SIGSTOP)
    pages.close()
    assert Pages(rooms)(360, 740, "en-GB").evaluate("1 + 1") == 2


def test_a_missing_part_skips_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTREAN_TEST_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs a printer: it is not there"):
        need("a printer", None, "it is not there")
    monkeypatch.setenv("ANTREAN_TEST_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="needs a printer"):
        need("a printer", None, "it is not there")
    need("a printer", "/usr/bin/printer", "it is there")


HANGING = """
import threading, pytest
pytestmark = [pytest.mark.requires_browser, pytest.mark.timeout(1)]
tries = []
def test_hangs_once():
    tries.append(1)
    if len(tries) == 1:
        threading.Event().wait()
def test_hangs_always():
    threading.Event().wait()
def test_fails():
    tries.append("once")
    assert tries.count("once") > 1
"""


def test_a_test_whose_browser_hangs_has_a_second_try(tmp_path: Path) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGING)
    (tmp_path / "setup.cfg").write_text("[tool:pytest]\nmarkers = requires_browser: a browser\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.fixtures.hangs"]
    command += ["-c", str(tmp_path / "setup.cfg"), f"--rootdir={tmp_path}", str(tmp_path)]
    root = Path(__file__).parents[1]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout
    assert "2 failed, 1 passed, 2 rerun" in said
