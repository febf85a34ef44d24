"""What the kiosk's browser may request from its agent: the page, its files, the state, and a
number.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from flask import Flask, Response, jsonify, render_template, request, send_file

from kiosk.issuing.stop import StopAnswer
from kiosk.records.codes import read_code
from kiosk.records.database import JournalUnwritable
from kiosk.records.journal import Entry, KeyReused, RequestState, Wish
from queue_server.protocol.codes import PARTY_SIZE_MAX, PRIORITIES, URGENCIES
from queue_server.protocol.design import TOKENS_CSS

from .words import CATALOGS, LANGUAGES, words

FOLDER = Path(__file__).parent
REQUEST_LIMIT_BYTES = 4096
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
SERVICE = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")
PIN = re.compile(r"[0-9]{6}\Z")


log = logging.getLogger("antrean.kiosk")


class BadWish(ValueError):
    """The data from the page is not a valid wish."""


class Taker(Protocol):
    """The agent's issuing, as far as the page needs it."""

    def take(self, key: str, wish: Wish) -> Entry: ...

    def give_up(self, key: str) -> None: ...

    def copy(self, key: str) -> Entry | None: ...

    def set_stop(self, pin: str, *, on: bool) -> StopAnswer: ...


def build_of_page() -> str:
    """A short identifier of this version of the page; it changes with any of its files."""
    digest = hashlib.sha256(TOKENS_CSS.read_bytes())
    files = [
        *FOLDER.glob("static/**/*.*"),
        *FOLDER.glob("templates/**/*.*"),
        *FOLDER.glob("*.py"),
        *CATALOGS.glob("**/*.mo"),
    ]
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def read_wish(data: Any) -> tuple[str, Wish]:
    """The key and the wish that the page sent. Raises `BadWish`."""
    if not isinstance(data, dict):
        raise BadWish("not an object")
    key, language = data.get("key"), data.get("language")
    if not isinstance(key, str) or not KEY.match(key) or language not in LANGUAGES:
        raise BadWish("key or language")
    code, service = data.get("code"), data.get("service")
    if code is not None:
        known = read_code(code) if isinstance(code, str) else None
        if known is None or service is not None:
            raise BadWish("code")
        return key, Wish(language, code=known)
    party_size, priority, urgency = (
        data.get("party_size"),
        data.get("priority"),
        data.get("urgency"),
    )
    if not isinstance(service, str) or not SERVICE.match(service):
        raise BadWish("service")
    if type(party_size) is not int or not 1 <= party_size <= PARTY_SIZE_MAX:
        raise BadWish("party_size")
    if (priority is not None and priority not in PRIORITIES) or (
        urgency is not None and urgency not in URGENCIES
    ):
        raise BadWish("priority or urgency")
    return key, Wish(language, service, party_size, priority, urgency)


def create_page(
    build: str,
    state: Callable[[], dict[str, Any]],
    taker: Taker,
    find: Callable[[str], Entry | None],
    view: Callable[[Entry], dict[str, Any]],
    guide: Callable[[], dict[str, Any]] = dict,
) -> Flask:
    """The agent's little web application.

    `state` returns what every screen needs, `find` a request by its key, `view` a request as the
    screen shows it, `guide` what is told before a number is taken.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_LIMIT_BYTES
    page_token = secrets.token_urlsafe(32)
    all_words = {language: words(language) for language in LANGUAGES}

    @app.get("/")
    def kiosk() -> str:
        return render_template(
            "kiosk.html",
            build=build,
            page_token=page_token,
            words=all_words,
            choices={"priorities": PRIORITIES, "urgencies": URGENCIES},
        )

    @app.get("/tokens.css")
    def tokens() -> Response:
        return send_file(TOKENS_CSS, mimetype="text/css")

    @app.get("/state")
    def current_state() -> Response:
        return jsonify(state())

    @app.get("/guide")
    def current_guide() -> Response:
        return jsonify(guide())

    @app.get("/requests/<key>")
    def show(key: str) -> Response:
        return _answer(find(key))

    @app.post("/requests")
    def take() -> Response:
        try:
            key, wish = read_wish(json.loads(request.get_data()))
        except ValueError:
            return _problem(422, "bad_input")
        try:
            return _answer(taker.take(key, wish))
        except KeyReused:
            return _problem(409, "key_reused")
        except JournalUnwritable:
            log.exception("request %s cannot be noted, so it is not sent", key)
            return jsonify(key=key, state=RequestState.ABANDONED.value)

    @app.post("/requests/<key>/give-up")
    def give_up(key: str) -> Response:
        taker.give_up(key)
        return _answer(find(key))

    @app.post("/requests/<key>/copy")
    def copy(key: str) -> Response:
        return _answer(taker.copy(key))

    @app.post("/stop")
    def stop() -> Response:
        try:
            asked = json.loads(request.get_data())
            pin, on = asked["pin"], asked["on"]
        except (ValueError, KeyError, TypeError):
            return _problem(422, "bad_input")
        if not isinstance(pin, str) or not PIN.match(pin) or not isinstance(on, bool):
            return _problem(422, "bad_input")
        try:
            answer = taker.set_stop(pin, on=on)
        except JournalUnwritable:
            log.exception("the stop of this kiosk cannot be noted")
            answer = StopAnswer("journal_full")
        return jsonify(code=answer.code, wait_seconds=answer.wait_seconds)

    def _answer(entry: Entry | None) -> Response:
        return _problem(404, "unknown_request") if entry is None else jsonify(view(entry))

    @app.before_request
    def only_this_page() -> Response | None:
        sent = request.headers.get("X-Page-Token", "")
        if request.method == "POST" and not hmac.compare_digest(sent.encode(), page_token.encode()):
            return _problem(403, "stale_page")
        return None

    @app.after_request
    def never_stale(answer: Response) -> Response:
        answer.headers["Cache-Control"] = (
            "no-cache" if request.endpoint in ("static", "tokens") else "no-store"
        )
        return answer

    return app


def _problem(status: int, code: str) -> Response:
    answer = jsonify(code=code)
    answer.status_code = status
    return answer
