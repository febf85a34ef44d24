"""The page that asks "Is it you?" before something that is only looked at: forms ask by
themselves.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import PEOPLE, confirmed
from queue_server.web.edge.access.staff_pages import own_page
from queue_server.web.edge.access.step_up import has_app

from .entering import safe_next
from .sign_in import account


@account.get("/account/confirm")
@own_page(PEOPLE)
def confirm(who: Principal) -> ResponseReturnValue:
    """Ask for the password or a code."""
    return render_template(
        "confirm.html",
        action=url_for("account.confirm"),
        fields=[("next", request.args.get("next", ""))],
        errors={},
        has_app=has_app(who),
    )


@account.post("/account/confirm")
@confirmed
@own_page(PEOPLE)
def do_confirm(who: Principal) -> ResponseReturnValue:
    """Go on to what was asked for: that this form was let in says that it is you."""
    return redirect(safe_next(request.form.get("next", ""), who.role), 303)
