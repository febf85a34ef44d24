"""A published rule as managers read it, and the rules that are set together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RuleWords:
    """One rule as managers read it. `unit` stands behind the field."""

    name: str
    label: str
    hint: str = ""
    unit: str = ""


@dataclass(frozen=True)
class RuleGroup:
    """Rules that are set together, under a heading. `id` is the heading's in the page."""

    id: str
    title: str
    rules: Sequence[RuleWords]
