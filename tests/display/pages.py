"""Pages of a TV that a test feeds itself: the agent's own page, files and policy, but whole frames
straight from the test, so that a hundred pictures take seconds.

What the agent and its stream do is for `conftest.py`, where one of them runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from flask import Blueprint
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from display.page import build_of_page, create_page
from display.speaking import SILENT_SECONDS, SpeakingPage
from display.stream import Stream
from queue_server.protocol.displays import DisplaySettings
from queue_server.protocol.local_edge import LocalEdge
from queue_server.protocol.messages import (
    Board,
    BoardCall,
    BoardNotice,
    BoardStream,
    WaitRange,
    to_wire,
)

NOW = datetime(2026, 3, 23, 10, 0, tzinfo=timezone(timedelta(hours=7)))
"""When it is at the office: a Monday."""

USUAL_WAIT = WaitRange(20, 35)

_FEED = """
(() => {
  let source = null, waiting = null;
  const deliver = (data) => {
    const message = new MessageEvent("message", { data });
    source.dispatchEvent(message);
    if (source.onmessage) source.onmessage(message);
  };
  window.EventSource = class extends EventTarget {
    constructor(url) {
      super();
      this.url = url;
      this.readyState = 1;
      source = this;
      if (waiting !== null) setTimeout(() => deliver(waiting));
    }
    close() { this.readyState = 2; }
  };
  window.EventSource.CLOSED = 2;
  window.feedPage = (frame) => {
    waiting = JSON.stringify(frame);
    if (source) deliver(waiting);
    return new Promise((drawn) => requestAnimationFrame(() => drawn()));
  };
})();
"""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: thousands of files are asked for."""


@dataclass
class PageServer:
    """Serves the agent's page. `reports` and `announced` hold what the pages have sent; `now_s` is
    the time by which a page loses its voice.
    """

    build: str = field(default_factory=build_of_page)
    url: str = ""
    reports: list[dict[str, Any]] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)
    now_s: float = 0.0

    def note(self, ids: list[str]) -> None:
        """As the agent does: a page that got no answer says it again, and nothing is kept twice."""
        self.announced.extend(each for each in ids if each not in self.announced)

    def forget(self) -> None:
        """Know nothing of the pages of before. One of them may have gone without a word, and would
        keep the voice.
        """
        self.reports.clear()
        self.announced.clear()
        self.now_s += 2 * SILENT_SECONDS


@contextmanager
def serving_pages(*more: Blueprint) -> Iterator[PageServer]:
    """A server for all pages of a run: it has no state that a test could spoil but its lists.
    `more` is what it serves beside the page.
    """
    serving = PageServer()
    application = create_page(
        Stream(dict),
        serving.build,
        serving.reports.append,
        serving.note,
        speaking=SpeakingPage(lambda: serving.now_s),
    )
    for blueprint in more:
        application.register_blueprint(blueprint)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    server.app = LocalEdge(application, server.server_port)
    serving.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield serving
    server.shutdown()


def call(
    number: str = "A012",
    counter: str = "3",
    *,
    age_s: float = 0,
    times: int = 1,
    language: str = "id",
    id: str | None = None,
) -> BoardCall:
    """A call that was made `age_s` before `NOW`; the same number, counter and count give the same
    id.
    """
    at = (NOW - timedelta(seconds=age_s)).isoformat(timespec="milliseconds")
    return BoardCall(id or f"{number}-{counter}-{times}", number, counter, at, times, language)


def stream(
    letter: str = "A",
    name: str = "Perekaman KTP-el",
    english: str = "ID card enrolment",
    waiting: int = 12,
    wait: WaitRange | None = USUAL_WAIT,
) -> BoardStream:
    return BoardStream(letter, {"id": name, "en": english}, waiting, wait)


def notice(indonesian: str, english: str = "", id: str = "n1") -> BoardNotice:
    return BoardNotice(id, {"id": indonesian, "en": english})


def board(*calls: BoardCall, **changes: Any) -> Board:
    """An office's board in the middle of a usual day, with `calls`, newest first."""
    usual = Board(
        office="3674",
        office_name="Dukcapil Kota Tangerang Selatan",
        date=NOW.date().isoformat(),
        version=(NOW.date().isoformat(), 1),
        sent_at=NOW.isoformat(timespec="milliseconds"),
        build="server-1",
        zone="Asia/Jakarta",
        mode="NORMAL",
        open=True,
        inside=7,
        limit=20,
        waiting=12,
        calls=calls,
        streams=(stream(),),
    )
    return replace(usual, **changes)


def frame(
    board: Board | None, settings: DisplaySettings | None = None, **changes: Any
) -> dict[str, Any]:
    """What the agent sends to its pages."""
    return {
        "build": "",
        "server": "http://127.0.0.1:8000",
        "paired": True,
        "pairing_code": None,
        "connected": True,
        "age_seconds": 0.0,
        "office_time": NOW.timestamp(),
        "board": None if board is None else to_wire(board),
        "settings": to_wire(settings or DisplaySettings()),
        "announced": [],
        "test_call": None,
        **changes,
    }


@dataclass
class FedPage:
    """An open page of `server`, and the means to feed it."""

    page: Page
    server: PageServer

    def show(
        self, board: Board | None, settings: DisplaySettings | None = None, **changes: Any
    ) -> None:
        """Give the page a frame and wait until the browser is about to paint it. Calls that are not
        to be announced are old ones, or stand in `announced`.
        """
        given = frame(board, settings, **{"build": self.server.build, **changes})
        self.page.evaluate("frame => window.feedPage(frame)", given)

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def ask(self, expression: str, argument: Any = None) -> Any:
        return self.page.evaluate(expression, argument)

    def of_module(self, module: str, expression: str, argument: Any = None) -> Any:
        """The value of an expression about `module` (a file below `static`) and `given`."""
        return self.page.evaluate(
            f"async (given) => {{ const module = await import('/static/{module}');"
            f" return {expression}; }}",
            argument,
        )


FeedPage = Callable[..., FedPage]


def open_fed(page: Page, server: PageServer, path: str = "/", *scripts: str) -> FedPage:
    """Load `path` in a page that waits for frames of the test. `scripts` run before the page's."""
    for script in (_FEED, *scripts):
        page.add_init_script(script)
    page.goto(server.url + path)
    return FedPage(page, server)
