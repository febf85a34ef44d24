"""The fields of descriptions as managers type them: lines, and texts in two languages."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from queue_server.web.edge.forms.errors import check_line
from queue_server.web.edge.forms.reading import Refused
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.pages.manage.change_forms import Typed


def _admit_lines(typed: str) -> str:
    for line in typed.splitlines():
        problem = check_line(line.replace("\t", " "))
        if problem:
            raise Refused("characters", problem)
    return typed


LONGEST_TEXT = 4_000
"""Characters that are read of a field: more than any text may have, so that one too long is refused
and not cut.
"""

Lines = Annotated[str, AfterValidator(_admit_lines)]
"""A text of several lines as typed."""


def split_lines(text: str) -> list[str]:
    """The lines that say something, without the white space around and inside."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def read_words(typed: Typed, name: str) -> dict[str, str]:
    """A text by language, in one line each; a language without words is left out."""
    texts = {each: " ".join(split_lines(typed.get(f"{name}_{each}", ""))) for each in LANGUAGES}
    return {language: text for language, text in texts.items() if text}


def read_steps(typed: Typed, name: str) -> dict[str, str]:
    """Steps by language, one a line; a language without any is left out."""
    texts = {each: "\n".join(split_lines(typed.get(f"{name}_{each}", ""))) for each in LANGUAGES}
    return {language: text for language, text in texts.items() if text}
