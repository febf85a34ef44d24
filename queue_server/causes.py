"""Why something failed, in words that are safe to log: no visitor, no secret, no statement's
values.
"""

from __future__ import annotations

import smtplib
import sqlite3
import traceback
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from .domain.errors import DomainError

_OWN = Path(__file__).parent
_LONGEST = 120


def name_cause(error: BaseException) -> dict[str, str]:
    """What a log line says of a failure: `kind`, its class or those of a group; `reason`, where
    there is one that quotes nobody; and `where`, the last step in our own code.
    """
    if isinstance(error, BaseExceptionGroup):
        causes = [name_cause(each) for each in error.exceptions]
        return {
            name: ", ".join(sorted({each[name] for each in causes if name in each}))
            for name in ("kind", "reason", "where")
            if any(name in each for each in causes)
        }
    facts = {"kind": type(error).__name__, "reason": _reason(error), "where": _where(error)}
    return {name: text for name, text in facts.items() if text}


def say_cause(error: BaseException) -> str:
    """The same in one line."""
    cause = name_cause(error)
    return ": ".join(cause[name] for name in ("kind", "reason") if name in cause)


def say_database_error(error: SQLAlchemyError) -> str:
    """For the operator alone: the driver's own words, of which the first line says it all. It may
    name the server and the user.
    """
    return str(getattr(error, "orig", None) or error).partition("\n")[0].rstrip(".")


def _reason(error: BaseException) -> str:
    """Only texts that cannot quote what somebody typed: names and numbers of errors, and SQLite's
    words, which know no values.
    """
    match error:
        case DBAPIError():
            return _reason(error.orig) if error.orig is not None else ""
        case sqlite3.Error():
            return str(error).partition("\n")[0][:_LONGEST]
        case DomainError():
            return error.code
        case smtplib.SMTPResponseException():
            return f"answer {error.smtp_code}"
        case OSError():
            return (error.strerror or "")[:_LONGEST]
    state = getattr(error, "sqlstate", None)
    return (
        f"{type(error).__name__} {state}"
        if state
        else type(error).__name__
        if type(error).__module__.startswith("psycopg")
        else ""
    )


def _where(error: BaseException) -> str:
    """File and line of the last step that was ours."""
    for step in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(step.filename)
        if file.is_relative_to(_OWN):
            return f"{file.relative_to(_OWN)}:{step.lineno}"
    return ""
