"""The page that asks "Is it you?" before something that is only looked at: forms ask by
themselves.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from queue_server.web.edge.access.passkey_site import answer_options
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import PEOPLE, access_of, confirmed
from queue_server.web.edge.access.staff_pages import own_page
from queue_server.web.edge.access.step_up import find_ways, offer_passkey

from .entering import safe_next
from .sign_in import account


@account.get("/account/confirm")
@own_page(PEOPLE)
def confirm(who: Principal) -> ResponseReturnValue:
    """Ask for the password, a code or a passkey."""
    return render_template(
        "confirm.html",
        action=url_for("account.confirm"),
        fields=[("next", request.args.get("next", ""))],
        errors={},
        ways=find_ways(who),
    )


@account.get("/account/confirm/passkey")
@own_page(PEOPLE)
def confirm_options(who: Principal) -> ResponseReturnValue:
    """What the browser needs to show by a passkey that it is you."""
    return answer_options(offer_passkey(who))


@account.post("/account/confirm")
@confirmed
@own_page(PEOPLE)
def do_confirm(who: Principal) -> ResponseReturnValue:
    """Go on to what was asked for: that this form was let in says that it is you. A file leaves the
    browser where it is, so a page of its own says that it comes, and leads back.
    """
    target = safe_next(request.form.get("next", ""), who.role)
    page = _page_of_file(target)
    if page is None:
        return redirect(target, 303)
    return render_template("account/file_comes.html", file=target, page=page)


def _page_of_file(target: str) -> str | None:
    """The address of the page that leads to a file; None for an address of no such file."""
    parts = urlsplit(target)
    try:
        endpoint, _values = current_app.url_map.bind("").match(parts.path, method="GET")
    except HTTPException:
        return None
    access = access_of(endpoint)
    if access is None or access.file_of is None:
        return None
    return urlunsplit(("", "", url_for(access.file_of), parts.query, ""))
