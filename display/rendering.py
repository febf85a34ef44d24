"""The pages of a screen as text: the same for the browser beside an agent and for any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from display.words import LANGUAGES, words

TEMPLATES = Path(__file__).with_name("templates")


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Every word of the pages by language and key."""
    return {language: words(language) for language in LANGUAGES}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def render(
    template: str,
    build: str,
    address_of: Callable[[str], str],
    setup: Mapping[str, Any] | None = None,
    **values: Any,
) -> str:
    """A page. `address_of` gives the address of a file below `static`, and of `tokens.css`; `setup`
    is what its scripts are told: `feed` is `agent` or `server`.
    """
    return (
        _environment()
        .get_template(template)
        .render(build=build, file=address_of, setup=setup, words=all_words(), **values)
    )
