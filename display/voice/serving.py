"""How a page gets the voice: which clips there are, and each of them."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Blueprint, Response, jsonify, request

from .folders import VoiceFolders

MEDIA_TYPES = {"opus": "audio/ogg; codecs=opus", "mp3": "audio/mpeg"}
INDEX_KEPT_S = 2.0
KEPT_S = 31_536_000
"""A clip's address carries the mark of its content, so what was loaded once stays right."""


def make_voice(folders: Sequence[Path], clock: Callable[[], float] = time.monotonic) -> Blueprint:
    """`/voice/index.json` and the clips that it names, out of several folders: those of the packs
    first, then the office's own recordings, which need not exist. `clock` tells seconds.
    """
    voice = Blueprint("voice", __name__)
    clips = VoiceFolders(folders)
    made: tuple[float, bytes] | None = None

    def index_now() -> bytes:
        """The index, at most `INDEX_KEPT_S` old: all screens may ask for it at once."""
        nonlocal made
        now = clock()
        if made is None or now - made[0] >= INDEX_KEPT_S:
            content = json.dumps(clips.index(), ensure_ascii=False, separators=(",", ":"))
            made = now, content.encode()
        return made[1]

    @voice.get("/voice/index.json")
    def index() -> Response:
        content = index_now()
        answer = Response(content, mimetype="application/json")
        answer.set_etag(hashlib.sha256(content).hexdigest()[:24])
        answer.headers["Cache-Control"] = "no-cache"
        answer.make_conditional(request)
        return answer

    @voice.get("/voice/<language>/<name>")
    def clip(language: str, name: str) -> Response | tuple[Response, int]:
        read = clips.read(language, name)
        if read is None:
            return jsonify(code="unknown_clip"), 404
        content, mark = read
        answer = Response(content, content_type=MEDIA_TYPES[name.rpartition(".")[2]])
        answer.set_etag(mark)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        # An address from before the file was replaced must not keep the new content.
        right = request.args.get("v") == mark
        answer.headers["Cache-Control"] = (
            f"public, max-age={KEPT_S}, immutable" if right else "no-cache"
        )
        answer.make_conditional(request)
        return answer

    return voice
