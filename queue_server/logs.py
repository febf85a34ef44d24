"""Log lines: for people on a terminal, JSON elsewhere. Nothing personal is ever put into one, and a
last filter makes sure.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")


class _LossyStderr:
    """The error output, where a line that cannot be written is lost: a full disk under the log must
    not stop who has something to say.
    """

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def configure_logs(level: str) -> None:
    """Set up structlog for a process; call once at its start."""
    on_terminal = sys.stderr.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            strike_out_niks,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        # all of a file that is used
        logger_factory=structlog.PrintLoggerFactory(_LossyStderr()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )


def strike_out_niks(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace anything of 16 digits: an exception's text may quote what a visitor typed."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _NIK.sub("[16 digits]", value)
    return event
