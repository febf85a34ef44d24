"""The catalogues of services that this release brings, and those that an office brings itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from queue_server.domain.errors import BadInput
from queue_server.domain.office.whole.catalogue import Catalogue, read_catalogue

from .yaml_text import read_yaml

FOLDER = Path(__file__).parent / "catalogues"
DUKCAPIL = "dukcapil"

Judged = tuple[Catalogue | None, Mapping[str, Any] | None]
"""A catalogue, or the facts of why there is none."""


@cache
def load_catalogue(name: str) -> Catalogue:
    """A catalogue of this release, such as DUKCAPIL."""
    return read_catalogue_file(read_text(name).encode())


def read_text(name: str) -> str:
    """The file of a catalogue of this release."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def read_catalogue_file(content: bytes) -> Catalogue:
    """The catalogue in a file. Raises `BadInput` with the path in the file, and the reason."""
    return read_catalogue(read_yaml(content))


def judge_catalogue_file(content: bytes) -> Judged:
    """The same as an answer. A pure function: a large file takes a second."""
    try:
        return read_catalogue_file(content), None
    except BadInput as refused:
        return None, refused.facts
