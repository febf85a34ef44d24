"""How a page gets the voice: which clips there are, and each of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Response, jsonify, request

from .folders import VoiceFolders

MEDIA_TYPES = {"opus": "audio/ogg; codecs=opus", "mp3": "audio/mpeg"}
KEPT_S = 31_536_000
"""A clip's address carries the mark of its content, so what was loaded once stays right."""


def make_voice(folders: Sequence[Path]) -> Blueprint:
    """`/voice/index.json` and the clips that it names, out of several folders: those of the packs
    first, then the office's own recordings, which need not exist.
    """
    voice = Blueprint("voice", __name__)
    clips = VoiceFolders(folders)

    @voice.get("/voice/index.json")
    def index() -> Response:
        content = json.dumps(clips.index(), ensure_ascii=False, separators=(",", ":")).encode()
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
