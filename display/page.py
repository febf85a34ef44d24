"""What the browsers of the TV and of the entry screen may request from their agent: pages, files,
the stream, and reports of what the browser can do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template, request, send_file

from display.stream import Stream
from display.words import LANGUAGES, words
from queue_server.protocol.design import TOKENS_CSS

FOLDER = Path(__file__).parent
REPORT_LIMIT_BYTES = 2048
REPORTED = {
    "screen": str,
    "layout": str,
    "sound": str,
    "voice_missing": int,
    "last_call": str,
    "showing": str,
    "queued": int,
    "width": int,
    "height": int,
}
"""What a page says of itself. `sound` is ok, blocked, missing, off or quiet; `showing` what stands
in large letters; `queued` how many calls wait to be announced.
"""


def build_of_page() -> str:
    """A short identifier of this version of the page; it changes with any of its files."""
    digest = hashlib.sha256(TOKENS_CSS.read_bytes())
    for pattern in ("static/*", "templates/*", "translations/**/*.mo", "*.py"):
        for path in sorted(FOLDER.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def create_page(
    stream: Stream,
    build: str,
    reported: Callable[[dict[str, Any]], None],
    announced: Callable[[list[str]], None],
) -> Flask:
    """The agent's little web application. `reported` receives what a page says about itself,
    `announced` the ids of the calls that it has announced.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = REPORT_LIMIT_BYTES
    all_words = {language: words(language) for language in LANGUAGES}

    @app.get("/")
    def tv() -> str:
        return render_template("tv.html", build=build, words=all_words)

    @app.get("/entry")
    def entry() -> str:
        return render_template("entry.html", build=build, words=all_words)

    @app.get("/tokens.css")
    def tokens() -> Response:
        return send_file(TOKENS_CSS, mimetype="text/css")

    @app.get("/stream")
    def events() -> Response:
        return Response(
            stream.events(), mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )

    @app.post("/report")
    def report() -> tuple[str, int] | Response:
        facts = _read_json()
        if not isinstance(facts, dict):
            return _refuse()
        reported(
            {name: facts[name] for name, kind in REPORTED.items() if type(facts.get(name)) is kind}
        )
        return "", 204

    @app.post("/announced")
    def note_announced() -> tuple[str, int] | Response:
        ids = _read_json()
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            return _refuse()
        announced(ids)
        return "", 204

    @app.after_request
    def never_stale(answer: Response) -> Response:
        now = request.endpoint in ("tv", "entry", "events", "report", "note_announced")
        answer.headers.setdefault("Cache-Control", "no-store" if now else "no-cache")
        return answer

    return app


def _read_json() -> Any:
    """What a page has sent; None if it is no JSON."""
    try:
        return json.loads(request.get_data())
    except ValueError:
        return None


def _refuse() -> Response:
    answer = jsonify(code="bad_input")
    answer.status_code = 422
    return answer
