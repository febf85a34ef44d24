"""What the browsers of the TV and of the entry screen may request from their agent: pages, files,
the stream, pictures and films, and reports of what the browser can do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, request, send_file

from display.media import MediaFolder
from display.rendering import render
from display.speaking import SpeakingPage
from display.stream import Stream
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
    "media_broken": int,
}
"""What a page says of itself. `sound` is ok, blocked, missing, off or quiet; `showing` what stands
in large letters; `queued` how many calls wait to be announced; `media_broken` how many pictures and
films cannot be shown.
"""


def build_of_page() -> str:
    """A short identifier of this version of the page; it changes with any of its files."""
    digest = hashlib.sha256(TOKENS_CSS.read_bytes())
    for pattern in ("static/**/*.*", "templates/*", "translations/**/*.mo", "*.py"):
        for path in sorted(FOLDER.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def create_page(
    stream: Stream,
    build: str,
    reported: Callable[[dict[str, Any]], None],
    announced: Callable[[list[str]], None],
    layout: Callable[[], str] = lambda: "main",
    media: MediaFolder | None = None,
    speaking: SpeakingPage | None = None,
) -> Flask:
    """The agent's little web application. `reported` receives what a page says about itself,
    `announced` the ids of the calls that it has announced, and may raise `OSError`; `layout` is the
    screen's present one, `media` holds its pictures and films, `speaking` tells which page has the
    voice.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = REPORT_LIMIT_BYTES
    voice = speaking or SpeakingPage()

    def draw(template: str, **setup: str) -> str:
        return render(template, build, _address_of, {"feed": "agent", "build": build, **setup})

    @app.get("/")
    def tv() -> str:
        if layout() == "entry":
            return draw("entry.html", face="entry")
        return draw("tv.html", face="tv")

    @app.get("/entry")
    def entry() -> str:
        return draw("entry.html")

    @app.get("/media/<name>")
    def show_media(name: str) -> Response:
        file = media and media.find(name)
        if not file:
            abort(404)
        return send_file(file[0], mimetype=file[1])

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
        page = facts.get("page")
        if not isinstance(page, str):
            speaks = False
        elif facts.get("closing") is True:
            voice.close(page)
            return "", 204
        else:
            speaks = voice.hear(page)
        # The page that speaks stands for the screen; another one only while none does.
        if speaks or not voice.is_there:
            reported(
                {
                    name: facts[name]
                    for name, kind in REPORTED.items()
                    if type(facts.get(name)) is kind
                }
            )
        return jsonify(speaks=speaks)

    @app.post("/announced")
    def note_announced() -> tuple[str, int] | Response:
        ids = _read_json()
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            return _refuse()
        try:
            announced(ids)
        except OSError:
            return "", 503  # the page asks again until it is on disk
        return "", 204

    @app.after_request
    def never_stale(answer: Response) -> Response:
        now = request.endpoint in ("tv", "entry", "events", "report", "note_announced")
        answer.headers.setdefault("Cache-Control", "no-store" if now else "no-cache")
        return answer

    return app


def _address_of(name: str) -> str:
    """Where the agent has a file of the page."""
    return "/tokens.css" if name == "tokens.css" else f"/static/{name}"


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
