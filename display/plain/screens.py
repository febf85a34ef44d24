"""The screens' pages on the queue server, for browsers without an agent: `/tv/<office>`.

They are the agent's own pages and scripts, fed by the server's live channel. What they need of the
server is handed in, so that this part knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, url_for

from display.page import FOLDER, build_of_page
from display.rendering import render
from queue_server.protocol.design import TOKENS_CSS
from queue_server.protocol.messages import Board, to_wire

from .listing import list_board
from .query import NAMES, ReadSettings, read_settings

View = Callable[..., Any]
QUERY = NAMES
"""What may stand in the address of these pages."""


@dataclass(frozen=True)
class Host:
    """What the pages need of the server that gives them.

    `public` opens a view to everybody. `keep` makes a page once for all who ask for its address,
    and `keep_board` does so while the board stays. `knows` says whether there is an office of this
    code, `offices` lists code and name of all; `counters` are the names of an office's counters, as
    calls give them; `board` is its present board. `send` answers with a file, `client` is the
    address of the Socket.IO client, `logo` that of an office's logo, empty without one.
    """

    public: Callable[[View], View]
    keep: Callable[[View], View]
    keep_board: Callable[[View], View]
    knows: Callable[[str], bool]
    offices: Callable[[], Sequence[tuple[str, str]]]
    counters: Callable[[str], Sequence[str]]
    board: Callable[[str], Board]
    send: Callable[[Path, bool], Response]
    client: Callable[[], str]
    logo: Callable[[str], str]


def make_screens(host: Host) -> Blueprint:
    """The pages of `/tv`, to be registered on the server."""
    screens = Blueprint("screens", __name__)
    build = build_of_page()

    def address_of(name: str) -> str:
        return url_for("screens.file", wanted=build, name=name)

    def read(office: str) -> ReadSettings:
        query = list(request.args.items(multi=True))
        return read_settings(query, host.counters(office), build)

    def draw(template: str, office: str, asked: ReadSettings) -> Response:
        logo = host.logo(office) if template == "entry.html" else ""
        setup = {
            "feed": "server",
            "office": office,
            "build": build,
            "build_address": url_for("screens.show_build"),
            "client": host.client(),
            "plain": url_for("screens.plain", office_code=office),
            "settings": to_wire(replace(asked.settings, logo=logo)),
        }
        return _page(render(template, build, address_of, setup, faults=", ".join(asked.wrong)))

    def choose(office: str | None) -> tuple[Response, int]:
        """The list of all offices, with a word on the one that there is not."""
        offices = [(name, url_for("screens.tv", office_code=code)) for code, name in host.offices()]
        page = render("choose.html", build, address_of, office=office, offices=offices)
        return _page(page), 200 if office is None else 404

    def of_office(keep: Callable[[View], View]) -> Callable[[View], View]:
        """A page about an office; who asks for one that there is not sees all that there are."""

        def decorate(view: View) -> View:
            kept = keep(view)

            def show(office_code: str) -> Any:
                is_known = host.knows(office_code)
                return kept(office_code=office_code) if is_known else choose(office_code)

            show.__name__ = view.__name__
            return host.public(show)

        return decorate

    @screens.get("/tv")
    @host.public
    def offices() -> Any:
        return choose(None)

    @screens.get("/tv/<office_code>")
    @of_office(host.keep)
    def tv(office_code: str) -> Any:
        asked = read(office_code)
        return draw(
            "entry.html" if asked.settings.layout == "entry" else "tv.html", office_code, asked
        )

    @screens.get("/tv/<office_code>/entry")
    @of_office(host.keep)
    def entry(office_code: str) -> Any:
        return draw("entry.html", office_code, read(office_code))

    @screens.get("/tv/<office_code>/plain")
    @of_office(host.keep_board)
    def plain(office_code: str) -> Any:
        listed, full = (
            list_board(host.board(office_code)),
            url_for("screens.tv", office_code=office_code),
        )
        return _page(render("plain.html", build, address_of, board=listed, full=full))

    @screens.get("/tv-build")
    @host.public
    def show_build() -> Response:
        answer = jsonify(build=build)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @screens.get("/tv-files/<wanted>/<path:name>")
    @host.public
    def file(wanted: str, name: str) -> Response:
        path = list_files().get(name) or abort(404)
        return host.send(path, wanted == build)

    return screens


@cache
def list_files() -> dict[str, Path]:
    """The scripts and styles of the pages, by name below `static`."""
    static = FOLDER / "static"
    files = {
        each.relative_to(static).as_posix(): each
        for each in static.rglob("*")
        if each.suffix in (".js", ".css")
    }
    return files | {"tokens.css": TOKENS_CSS}


def _page(text: str) -> Response:
    answer = Response(text, mimetype="text/html")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
