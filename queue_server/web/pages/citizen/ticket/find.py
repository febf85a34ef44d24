"""Finding a ticket by its code."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_server.domain.errors import UnknownCode
from queue_server.domain.visit.numbering import parse_code
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.pages.citizen.blueprint import pages


@pages.get("/t")
@public
def find_ticket() -> Response | str:
    """Find a ticket, or a place on the waitlist, by its code, however it is typed."""
    typed = request.args.get("code", "")[:60]
    errors = {}
    if "code" in request.args and not typed.strip():
        errors["code"] = bad_input_words("code", "missing")
    elif "code" in request.args:
        try:
            code = parse_code(typed)
            return redirect(
                url_for("public.wait" if _is_waiting(code) else "public.ticket", code=code)
            )
        except UnknownCode as refused:
            errors["code"] = refusal_words(refused.code, refused.facts)
    return render_template("citizen/ticket/find.html", errors=errors, code=typed)


def _is_waiting(code: str) -> bool:
    """Whether a code is that of somebody on the waitlist."""
    try:
        with context().database.read() as connection:
            waitlist_store.find_by_code(connection, code)
    except UnknownCode:
        return False
    return True
