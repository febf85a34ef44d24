"""The settings of a command of `antrean`."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the settings; bad ones end it with exit code 2."""

    @wraps(command)
    def run(**arguments: Any) -> Any:
        from .settings import BadSettings, load_settings

        try:
            settings = load_settings()
        except BadSettings as error:
            raise click.UsageError(str(error)) from None
        return command(settings=settings, **arguments)

    return run
