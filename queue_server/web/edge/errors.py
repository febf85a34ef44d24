"""Every refusal as an answer: problem+json for programs, a page for people."""

from __future__ import annotations

import json
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests

from queue_server.domain import errors
from queue_server.domain.errors import DomainError
from queue_server.store.writer.database import OutcomeUnknown

from .access.csrf import CSRF_FIELD, BadCsrf, is_from_here
from .access.principals import Forbidden, NotSignedIn, current
from .access.routes import MustAddSecondFactor, MustChangePassword
from .access.step_up import FIELD, PASSKEY_FIELD, StepUpNeeded, find_ways
from .context import context, now, on_the_clock
from .locale import gettext as _
from .long_work.beside import RETRY_SECONDS, Overloaded
from .resending import find_resend
from .strangers.proofs import make_challenge
from .words.refusals import refusal_words

log = structlog.get_logger()

PROBLEM = "application/problem+json"
RESENDABLE = frozenset({429, 500, 502, 503, 504})
"""Answers after which the very same form, sent once more, may well be taken."""
OPS_PATHS = frozenset({"/livez", "/readyz", "/version", "/metrics"})

_STATUS: dict[type[DomainError], int] = {
    errors.BadInput: 422,
    errors.BadReading: 422,
    errors.KeyReused: 422,
    errors.Unknown: 404,
    errors.WrongProof: 403,
    errors.PairingExpired: 410,
    errors.ProofNeeded: 428,
}


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal: 409 unless its kind has another."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 409)


def problem(status: int, code: str, detail: str, /, **facts: Any) -> Response:
    """An answer in the form of RFC 9457. Facts never replace its own members."""
    body = {
        **facts,
        "type": f"urn:antrean:problem:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
    }
    response = Response(json.dumps(body, default=str), status, content_type=PROBLEM)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="antrean"'
    return response


def wants_problem() -> bool:
    """Whether the caller is a program."""
    return request.path.startswith("/api/") or request.path in OPS_PATHS


def _answer(status: int, code: str, detail: str, /, **facts: Any) -> Response:
    if wants_problem():
        return problem(status, code, detail, **facts)
    is_token_old = code == "bad_csrf"
    resend = (
        find_resend(is_token_old=is_token_old) if is_token_old or status in RESENDABLE else None
    )
    page = render_template("error.html", **error_page(status, detail, code), resend=resend)
    return Response(page, status, content_type="text/html; charset=utf-8")


def error_page(status: int, detail: str, code: str = "") -> dict[str, Any]:
    """The title and the next step an error page shows."""
    titles: dict[int | str, str] = {
        "unknown_code": _("We do not find this ticket"),
        "unknown_link": _("This link leads nowhere"),
        "unknown_office": _("We do not find this office"),
        "unknown_service": _("We do not find this service"),
        400: _("This request is incomplete"),
        403: _("You may not open this page"),
        404: _("This page does not exist"),
        405: _("This does not work here"),
        409: _("That is not possible now"),
        410: _("This is no longer here"),
        413: _("That is too much at once"),
        422: _("Something is not right with this request"),
        429: _("Too many requests"),
        503: _("The service is busy"),
    }
    title = titles.get(code) or titles.get(status, _("Something went wrong on our side"))
    return {
        "status": status,
        "title": title,
        "text": detail,
        "links": [(_("To the first page"), url_for("public.home"))],
    }


def _refused(error: DomainError) -> Response:
    facts = on_the_clock(error.facts)
    if isinstance(error, errors.ProofNeeded) and "office" in g:
        challenge = make_challenge(context().secret_key, g.office, int(facts["seconds"]), now())
        facts |= {"challenge": challenge.text, "bits": challenge.bits, "units": challenge.units}
    return _answer(status_of(error), error.code, refusal_words(error.code, facts), **facts)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:
        return Response.force_type(error.get_response(), request.environ)
    code, detail = {
        400: ("bad_input", _("The request could not be read.")),
        404: (
            "not_found",
            _("There is nothing at this address. Please check it, or start from the first page."),
        ),
        405: ("method_not_allowed", _("This address does not take that kind of request.")),
        413: ("too_large", _("The request is too large.")),
        415: ("unsupported_media_type", _("Please send JSON.")),
        429: (
            "too_many_requests",
            _("There were too many requests. Please wait a minute and try again."),
        ),
    }.get(status, ("http_error", _("The request could not be answered.")))
    response = _answer(status, code, detail)
    if isinstance(error, TooManyRequests) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _not_signed_in(_error: NotSignedIn) -> ResponseReturnValue:
    if wants_problem():
        return problem(401, "unauthorized", _("Please sign in, or send a valid token."))
    return Response.force_type(
        redirect(url_for("account.login", next=request.full_path.rstrip("?"))), request.environ
    )


def _forbidden(_error: Forbidden) -> Response:
    return _answer(
        403, "forbidden", _("Your account may not do this. Ask your manager if you need it.")
    )


def _must_change(_error: MustChangePassword) -> ResponseReturnValue:
    if wants_problem():
        return problem(
            403,
            "password_change_required",
            _("Please change your password first, on the page “My password”."),
        )
    target = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    return Response.force_type(
        redirect(url_for("account.password", next=target), 303), request.environ
    )


def _must_add_factor(_error: MustAddSecondFactor) -> ResponseReturnValue:
    if wants_problem():
        return problem(
            403,
            "second_factor_required",
            _("Please add a second factor first, on the page “Second factor”."),
        )
    target = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    return Response.force_type(
        redirect(url_for("account.second_factor", next=target), 303), request.environ
    )


def _step_up(error: StepUpNeeded) -> ResponseReturnValue:
    """Ask who it is, with the form that was sent and is not lost. What is only looked at has no
    form: its address is gone on to afterwards.
    """
    if wants_problem():
        return problem(
            403,
            "step_up_required",
            _("Please enter your password again first, on the page “Is it you?”."),
        )
    if request.method in ("GET", "HEAD"):
        target = request.full_path.rstrip("?")
        return Response.force_type(
            redirect(url_for("account.confirm", next=target), 303), request.environ
        )
    wrong, status = "", 403
    paused = isinstance(error.refused, errors.SignInPaused)
    if error.wrong:
        wrong, status = _("This is neither your password nor a good code. Please try again"), 422
    elif error.refused is not None:
        wrong = refusal_words(error.refused.code, error.refused.facts)
        status = 429 if paused else 422
    elif error.overloaded:
        wrong, status = overloaded_words(), 503
    page = render_template(
        "confirm.html",
        action=request.full_path.rstrip("?"),
        fields=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in (CSRF_FIELD, FIELD, PASSKEY_FIELD)
        ],
        errors={FIELD if paused or error.wrong else "": wrong} if wrong else {},
        ways=find_ways(current()),
    )
    response = Response(page, status, content_type="text/html; charset=utf-8")
    if error.refused is not None and paused:
        response.headers["Retry-After"] = str(error.refused.facts["seconds"])
    elif error.overloaded:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def overloaded_words() -> str:
    """What to do when too much long work waits."""
    return _(
        "Many people need this at the same moment. Nothing is lost: please wait a few seconds and "
        "press the button again."
    )


def _overloaded(_error: Overloaded) -> Response:
    response = _answer(503, "overloaded", overloaded_words())
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _bad_csrf(_error: BadCsrf) -> Response:
    return _answer(
        403,
        "bad_csrf",
        _("This page was open for too long.")
        if is_from_here()
        else _("This page was open for too long. Please go back, reload it and try again."),
    )


def _first_line(error: Exception) -> str:
    """What the database said of itself: its further lines may quote a row, and so a person."""
    return str(getattr(error, "orig", "")).partition("\n")[0][:200]


def _database_failed(error: SQLAlchemyError | OutcomeUnknown) -> Response:
    reference = uuid.uuid4().hex[:8]
    log.error(
        "database_failed", reference=reference, kind=type(error).__name__, reason=_first_line(error)
    )
    response = _answer(
        503,
        "unavailable",
        _("We could not save this. Please try again in a moment."),
        reference=reference,
    )
    response.headers["Retry-After"] = "2"
    return response


def _failed(error: Exception) -> Response:
    reference = uuid.uuid4().hex[:8]
    log.exception(
        "request_failed",
        reference=reference,
        path=request.url_rule.rule if request.url_rule else "",
        kind=type(error).__name__,
    )
    detail = _(
        "Something went wrong on our side. Please try again; if it stays so, tell our staff."
    )
    return _answer(500, "internal", detail, reference=reference)


def install(app: Flask) -> None:
    """Answer every kind of refusal and failure."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(NotSignedIn, _not_signed_in)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(MustChangePassword, _must_change)
    app.register_error_handler(MustAddSecondFactor, _must_add_factor)
    app.register_error_handler(StepUpNeeded, _step_up)
    app.register_error_handler(Overloaded, _overloaded)
    app.register_error_handler(BadCsrf, _bad_csrf)
    app.register_error_handler(SQLAlchemyError, _database_failed)
    app.register_error_handler(OutcomeUnknown, _database_failed)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)
