"""The clips that the page may play: a folder for each language, a file for each key of a word."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask, Response, jsonify, send_file

from .words import LANGUAGES

KEY = re.compile(r"[A-Za-z0-9_-]{1,60}\Z")
KINDS = {".opus": "audio/ogg", ".ogg": "audio/ogg", ".wav": "audio/wav", ".mp3": "audio/mpeg"}


def list_clips(folder: Path, language: str) -> dict[str, Path]:
    """The clips of a language by key. A folder that is not there has none."""
    try:
        files = sorted((folder / language).iterdir())
    except OSError:
        return {}
    return {
        file.stem: file for file in files if file.suffix.lower() in KINDS and KEY.match(file.stem)
    }


def install_voice(page: Flask, folder: Path) -> None:
    """Let the page play the clips of a folder: `<language>/<key>.opus`, .ogg, .wav or .mp3."""

    @page.get("/voice")
    def list_voice() -> Response:
        return jsonify(
            {
                language: {key: f"/voice/{language}/{key}" for key in list_clips(folder, language)}
                for language in LANGUAGES
            }
        )

    @page.get("/voice/<language>/<key>")
    def play(language: str, key: str) -> Response | tuple[Response, int]:
        clip = list_clips(folder, language).get(key) if language in LANGUAGES else None
        if clip is None:
            return jsonify(code="unknown_clip"), 404
        return send_file(clip, mimetype=KINDS[clip.suffix.lower()])
