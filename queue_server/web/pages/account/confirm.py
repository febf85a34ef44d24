"""The page that asks "Is it you?" before something that is only looked at: forms ask by
themselves.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.web.edge.access.passkey_site import answer_options
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import PEOPLE, confirmed
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
    """Go on to what was asked for: that this form was let in says that it is you."""
    return redirect(safe_next(request.form.get("next", ""), who.role), 303)
