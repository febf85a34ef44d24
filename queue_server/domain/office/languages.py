"""In which languages an office speaks to the public: on its pages, at its kiosks, on its slips and
in its messages.
"""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.domain.errors import BadInput

KNOWN_LANGUAGES = ("id", "en")
"""The languages that the software has words in, by code."""


def admit_languages(offered: Sequence[str]) -> None:
    """Refuse languages that an office cannot offer. Raises `BadInput` (languages; reason missing,
    unknown, taken).
    """
    if not offered:
        raise BadInput(field="languages", reason="missing")
    if not set(offered) <= set(KNOWN_LANGUAGES):
        raise BadInput(field="languages", reason="unknown")
    if len(set(offered)) < len(offered):
        raise BadInput(field="languages", reason="taken")


def choose_offered(offered: Sequence[str], wished: str) -> str:
    """The language in which somebody is spoken to: the one that they wish, or the office's first
    where it does not offer that.
    """
    return wished if wished in offered else offered[0]
