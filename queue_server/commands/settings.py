"""The settings of a command of `antrean`, and its message if the database cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click


class WronglySet(click.ClickException):
    """Wrong settings: one line for each, and exit code 2."""

    exit_code = 2


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the settings. Wrong settings end it with exit code 2, an unusable database
    with 1.
    """

    @wraps(command)
    def run(**arguments: Any) -> Any:
        from queue_server.settings import BadSettings, load_settings

        try:
            settings = load_settings()
        except BadSettings as error:
            raise WronglySet(str(error)) from None
        with reporting_the_database():
            return command(settings=settings, **arguments)

    return run


@contextmanager
def reporting_the_database() -> Iterator[None]:
    """Turn errors of an unusable database into one line and exit code 1."""
    try:
        yield
    except Exception as error:
        from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

        from queue_server.causes import say_database_error

        # A damaged file raises a plain DatabaseError; its subclasses may be caused by the command's
        # input.
        if (
            not isinstance(error, OperationalError | ProgrammingError)
            and type(error) is not DatabaseError
        ):
            raise
        raise click.ClickException(
            f"The database cannot be used: {say_database_error(error)}. "
            "antrean doctor looks into it; antrean migrate brings its schema up to date."
        ) from None
