"""The province board, its snapshot for the page's script, and alarms that somebody has seen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import UnknownAlert
from queue_server.services.province.alarms import list_quiet, view_alarms
from queue_server.services.province.board import view_province
from queue_server.services.supervisor.alerts import acknowledge
from queue_server.store.supervisor.announcements import date_of_alert
from queue_server.web.edge.access.principals import Principal, admit_office
from queue_server.web.edge.access.routes import WATCHERS
from queue_server.web.edge.access.staff_pages import offices_page
from queue_server.web.edge.context import context, find_office, now
from queue_server.web.edge.forms.commands import run_once
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.managing.many import offices_of

from .alarm_words import write_alarms
from .words import Board, write_board

province = Blueprint("province", __name__, url_prefix="/province")

RELOAD_SECONDS = 30
"""How often the page is loaded anew where no script keeps it up to date."""


def _look(who: Principal) -> Board:
    offices = offices_of(who)
    moment = now()
    with context().database.read() as connection:
        rows = view_province(connection, offices, moment)
        alarms = view_alarms(connection, offices, moment)
    return write_board(rows, write_alarms(alarms, list_quiet(offices, moment)), offices, moment)


@province.get("")
@offices_page(WATCHERS)
def board(who: Principal) -> ResponseReturnValue:
    """Every office in one line, the worst first; with `wall` in the address big, for a screen on
    the wall.
    """
    is_large = "wall" in request.args
    return render_template(
        "province/page.html",
        board=_look(who),
        is_large=is_large,
        reload_seconds=RELOAD_SECONDS,
        here=url_for("province.board") + ("?wall" if is_large else ""),
        done=_("Noted that you have seen it. It is not passed on any more.")
        if request.args.get("seen")
        else None,
    )


@province.get("/now")
@offices_page(WATCHERS)
def snapshot(who: Principal) -> ResponseReturnValue:
    """The board as data for the page's script; nothing is sent while nothing has changed."""
    text = json.dumps(asdict(_look(who)), separators=(",", ":"))
    response = Response(text, mimetype="application/json")
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:16])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@province.post("/alarms/<office>/<id>/seen")
@offices_page(WATCHERS)
def seen(who: Principal, office: str, id: str) -> ResponseReturnValue:
    """Note who has seen an alarm; then nobody else is told of it. Raises `UnknownAlert`."""
    admit_office(office)
    code, moment = find_office(office).code, now()
    with context().database.read() as connection:
        day = date_of_alert(connection, code, id)
    if day is None:
        raise UnknownAlert(alert=id)
    run_once(
        "alarm-seen",
        who.id,
        [code, id],
        [(code, day)],
        lambda tx: {"by": acknowledge(tx, code, id, who.id, moment).acknowledged_by},
    )
    return redirect(url_for("province.board", seen=1), 303)


@province.get("/alarms/<office>/<id>/seen")
@offices_page(WATCHERS)
def back_to_board(who: Principal, office: str, id: str) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the board."""
    admit_office(office)
    return redirect(url_for("province.board", lang=request.args.get("lang")))
