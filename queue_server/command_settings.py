"""The settings of a command of `antrean`."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the settings; bad ones end it with exit code 2, a database that cannot be used with 1."""

    @wraps(command)
    def run(**arguments: Any) -> Any:
        from .settings import BadSettings, load_settings

        try:
            settings = load_settings()
        except BadSettings as error:
            raise click.UsageError(str(error)) from None
        try:
            return command(settings=settings, **arguments)
        except Exception as error:
            from sqlalchemy.exc import OperationalError, ProgrammingError

            if not isinstance(error, OperationalError | ProgrammingError):
                raise
            why = str(error.orig).partition("\n")[0]
            raise click.ClickException(
                f"The database cannot be used: {why}. antrean doctor looks into it; antrean migrate brings its schema up to date."
            ) from None

    return run
