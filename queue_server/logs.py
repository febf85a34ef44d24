"""Log lines: for people on a terminal, JSON elsewhere, also of what libraries say and of warnings.
Nothing personal is ever put into one, and a last filter makes sure: of an exception its kinds and
the way to it are told and never its text, which may quote what somebody typed.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from types import TracebackType
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
            tell_the_way,
            strike_out_niks,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        # all of a file that is used
        logger_factory=structlog.PrintLoggerFactory(_LossyStderr()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [_OfLibraries(logging.WARNING)]
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught


class _OfLibraries(logging.Handler):
    """What a library logs, as a line of ours: who, where, and the words that stand in its code.
    What it has put into them is left out.
    """

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        facts = {
            "logger": record.name,
            "where": f"{record.module}:{record.lineno}",
            "words": record.msg if record.args and isinstance(record.msg, str) else None,
            "kind": kind.__name__ if kind else None,
        }
        tell = structlog.get_logger().error if record.levelno >= logging.ERROR else None
        tell = tell or structlog.get_logger().warning
        tell("library", **{name: value for name, value in facts.items() if value})


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What ends the process."""
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().error("crashed", exc_info=(kind, error, trace))


def tell_the_way(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by its kind, the steps that led to it, and those of its causes."""
    given = event.pop("exc_info", None)
    error = (
        given
        if isinstance(given, BaseException)
        else given[1]
        if isinstance(given, tuple)
        else sys.exc_info()[1]
        if given
        else None
    )
    if error is not None:
        event["exception"] = "\ncaused by ".join(_list_ways(error))
    return event


def _list_ways(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        frames = traceback.format_list(traceback.extract_tb(step.__traceback__))
        yield f"{type(step).__name__}\n{''.join(frames)}".rstrip()
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)


def strike_out_niks(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace anything of 16 digits, whoever has put it there."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _NIK.sub("[16 digits]", value)
    return event
