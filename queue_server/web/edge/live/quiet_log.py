"""What the libraries of the live channel may write into the log: that something failed and of what
kind, never what was said.

Their messages quote what a client sent, and their tracebacks may: a secret code, a token, a
session's id.
"""

from __future__ import annotations

import sys

import structlog

log = structlog.get_logger()


class QuietLog:
    """Takes the place of the logger of Engine.IO and Socket.IO."""

    def debug(self, _message: str, *_arguments: object, **_options: object) -> None:
        """Write nothing: what clients do is nobody's concern."""

    info = warning = error = debug

    def exception(self, _message: str, *_arguments: object, **_options: object) -> None:
        """Name the kind of the error that is being handled."""
        kind = sys.exc_info()[0]
        log.error("live_channel_failed", kind=None if kind is None else kind.__name__)
