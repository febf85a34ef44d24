"""What the pages of lobby screens need to know of the server that gives them to plain browsers. The
pages themselves are the display's; `app` joins the two.
"""

from __future__ import annotations

from pathlib import Path

from flask import Response, url_for

from queue_server.domain.errors import UnknownOffice
from queue_server.protocol.messages import Board
from queue_server.services.screens.lobby import view_board
from queue_server.web.edge import assets
from queue_server.web.edge.context import context, find_office, list_offices, now

VOICE = ("voice.index", "voice.clip")
"""What everybody may hear."""

CLIENT = "vendor/socket.io-client-4.8.4/socket.io.min.js"


def knows(office: str) -> bool:
    """Whether there is an office of this code."""
    try:
        find_office(office)
    except UnknownOffice:
        return False
    return True


def list_names() -> list[tuple[str, str]]:
    """Code and name of every office."""
    return [(each.code, each.name) for each in list_offices()]


def list_counters(office: str) -> list[str]:
    """The names of an office's counters, as calls give them. Raises `UnknownOffice`."""
    return [each.name for each in find_office(office).counters]


def settings_version(office_code: str) -> object:
    """The version of a page that depends on an office's settings alone. Raises `UnknownOffice`."""
    return find_office(office_code).revision


def show_board(office: str) -> Board:
    """The present board of an office. Raises `UnknownOffice`."""
    the_office = find_office(office)
    with context().database.read() as connection:
        return view_board(connection, the_office, now(), context().build, context().live.shown)


def send_file(path: Path, is_present: bool) -> Response:
    """A script or a style; one that `is_present` under its address may be kept for ever."""
    return assets.send(path, is_present=is_present)


def client_address() -> str:
    """Where the Socket.IO client is."""
    return assets.asset(CLIENT)


def logo_address(office: str) -> str:
    """Where the logo of an office is; empty without one. Raises `UnknownOffice`."""
    logo = find_office(office).slip.logo
    return url_for("public.logo", office_code=office, id=logo) if logo else ""
