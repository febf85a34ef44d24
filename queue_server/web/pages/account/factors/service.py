"""Signing in through the office's own sign-in service, where the settings name one: there and
back.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict
from datetime import timedelta

import structlog
from flask import abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.effects.access.sign_in_service import (
    Question,
    ServiceAway,
    ServiceLied,
    ServiceRefused,
    SignInService,
)
from queue_server.services.access.factors import identities
from queue_server.web.edge.access.principals import set_cookie
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.sealing import seal, unseal
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.account.entering import go_on
from queue_server.web.pages.account.sign_in import account, render_login

COOKIE = "antrean_service"
GOOD_FOR = timedelta(minutes=10)
CODE_LENGTH, TARGET_LENGTH = 2_000, 500

log = structlog.get_logger()


def has_service() -> bool:
    """Whether the settings name a sign-in service."""
    return context().sign_in_service is not None


def _service() -> SignInService:
    return context().sign_in_service or abort(404)


def _key() -> bytes:
    return hmac.digest(context().secret_key, b"sign-in service", "sha256")


def _callback() -> str:
    return context().settings.public_url + url_for("account.finish_service")


@account.get("/login/service")
@public
def ask_service() -> ResponseReturnValue:
    """Send the browser to the service."""
    service, target = _service(), request.args.get("next", "")[:TARGET_LENGTH]
    try:
        url, question = service.ask(_callback())
    except ServiceAway as away:
        log.warning("sign_in_service_away", reason=str(away))
        return _refuse(_away_words(), target, 503)
    kept = {**asdict(question), "target": target, "at": int(now().timestamp())}
    response = make_response(redirect(url, 303))
    set_cookie(response, COOKIE, seal(_key(), json.dumps(kept)))
    return response


@account.get("/login/service/callback")
@public
def finish_service() -> ResponseReturnValue:
    """Take back whom the service has sent, once for each time that they were sent there."""
    service, kept = _service(), _read_cookie()
    state = request.args.get("state", "")
    if kept is None or not hmac.compare_digest(state.encode(), kept[0].state.encode()):
        return _refuse(_("That took too long, or began in another browser. Please begin anew."), "")
    question, target = kept
    if "code" not in request.args:
        return _refuse(_nobody_words(), target)
    try:
        answer = service.take(_callback(), question, request.args["code"][:CODE_LENGTH])
    except ServiceAway as away:
        log.warning("sign_in_service_away", reason=str(away))
        return _refuse(_away_words(), target, 503)
    except ServiceRefused as refused:
        log.warning("sign_in_service_refused_us", reason=str(refused))
        return _refuse(_nobody_words(), target)
    except ServiceLied as lied:
        log.warning("sign_in_service_lied", reason=str(lied))
        return _refuse(
            _(
                "The answer of the sign-in service is not to be believed, so nobody is signed in. "
                "Sign in with your password, and tell the administrator."
            ),
            target,
        )
    database = context().database
    with database.read() as connection:
        linked = identities.find_linked(connection, service.issuer, answer.subject, answer.email)
    if linked is None or not database.write(
        [], lambda tx: identities.bind(tx, linked[1], answer.subject)
    ):
        return _refuse(
            _(
                "No account here is linked to you there. An administrator can link yours; until "
                "then sign in with your password."
            ),
            target,
        )
    response = go_on(linked[0], target, lambda _tx: {"way": "service"})
    response.delete_cookie(COOKIE, path="/")
    return response


def _read_cookie() -> tuple[Question, str] | None:
    """What was asked, and where to go on; None if nothing was, or too long ago."""
    text = unseal(_key(), request.cookies.get(COOKIE, "")[:4_000])
    if text is None:
        return None
    kept = json.loads(text)
    if not 0 <= now().timestamp() - kept["at"] <= GOOD_FOR.total_seconds():
        return None
    return Question(kept["state"], kept["nonce"], kept["verifier"]), kept["target"]


def _nobody_words() -> str:
    return _("The sign-in service let nobody in. Please begin anew.")


def _away_words() -> str:
    return _(
        "The sign-in service does not answer. Sign in with your password, or try again in a minute."
    )


def _refuse(words: str, target: str, status: int = 403) -> ResponseReturnValue:
    response = make_response(render_login({"": words}, target, ""), status)
    response.delete_cookie(COOKIE, path="/")
    return response
