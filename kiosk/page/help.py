"""What the page may ask about help: to call the staff, and to take that back."""

from __future__ import annotations

import json
import re
from typing import Protocol

from flask import Flask, Response, jsonify, request

from .words import LANGUAGES

SCREEN = re.compile(r"[a-z_]{1,20}\Z")
REASONS = frozenset({"VISITOR", "PAPER"})


class Line(Protocol):
    """The agent's call for help, as far as the page needs it."""

    def ask(self, language: str, screen: str, reason: str) -> str: ...

    def take_back(self) -> str: ...


def install_help(page: Flask, line: Line) -> None:
    """Let the page call for help."""

    @page.post("/help")
    def ask_help() -> tuple[Response, int] | Response:
        try:
            data = json.loads(request.get_data())
            language, screen, reason = data["language"], data["screen"], data["reason"]
            is_good = language in LANGUAGES and reason in REASONS and bool(SCREEN.match(screen))
        except (ValueError, KeyError, TypeError):
            is_good = False
        if not is_good:
            return jsonify(code="bad_input"), 422
        return jsonify(stage=line.ask(language, screen, reason))

    @page.post("/help/take-back")
    def take_help_back() -> Response:
        return jsonify(stage=line.take_back())
