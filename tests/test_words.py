"""One word, one meaning: names in the code say what a thing is.

A word that once meant several things may stand only where it has the meaning that was kept.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.fixtures.parts import ROOT

PARTS = ("queue_server", "kiosk", "display", "printer", "benchmarks")
RELEASED = "queue_server/store/migrations/versions"
"""Migrations keep the names of their time."""


@dataclass(frozen=True)
class Kept:
    """Where a word may stand: in which folders or modules, or in which whole names anywhere."""

    meaning: str
    folders: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


WORDS: Mapping[str, Kept] = {
    "wall": Kept("the wall of a room, and the clock on it", ("queue_server/domain/room",)),
    "desk": Kept("the counter console's live audience, a name of the public contract"),
    "lobby": Kept("the snapshot of a lobby TV", ("queue_server/services/screens",)),
    "turn": Kept(
        "the key by which a visitor is called",
        (
            "queue_server/domain/visit",
            "queue_server/domain/counter",
            "queue_server/domain/door/steps.py",
            "queue_server/domain/waits",
            "queue_server/store/counter",
            "queue_server/store/visit",
            "queue_server/services/counter",
            "queue_server/services/screens",
            "queue_server/lab",
        ),
        frozenset(
            {
                "TurnBasis",
                "TURN_TIME",
                "turn_basis",
                "turn_words",
                "latest_turn",
                "is_call_in_turn",
                "resume_keeps_turn",
                "keep_turn",
            }
        ),
    ),
}


def words_of(name: str) -> set[str]:
    """The words of a name: `callInTurn` and `call_in_turn` have the same three. A standard term of
    two words counts as one.
    """
    name = name.replace("wall_clock", "clock").replace("turn_time", "call_key")
    return {
        word.removesuffix("s")
        for word in re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")
        if word
    }


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that a module gives or takes, with its line."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Name):
            yield line, node.id
        elif isinstance(node, ast.Attribute):
            yield line, node.attr
        elif isinstance(node, ast.arg):
            yield line, node.arg
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield line, node.name
        elif isinstance(node, ast.keyword) and node.arg is not None:
            yield line, node.arg
        elif isinstance(node, ast.alias):
            yield line, (node.asname or node.name).rpartition(".")[2]


@cache
def all_names() -> tuple[tuple[str, int, str], ...]:
    """Module, line and name of everything that has one."""
    return tuple(
        (path.relative_to(ROOT).as_posix(), line, name)
        for part in PARTS
        for path in sorted(Path(ROOT, part).rglob("*.py"))
        if not path.relative_to(ROOT).as_posix().startswith(RELEASED)
        for line, name in names_in(ast.parse(path.read_text()))
    )


def test_a_name_says_what_was_found() -> None:
    assert [f"{module}:{line}" for module, line, name in all_names() if name == "found"] == []


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_word_stands_only_where_it_has_the_meaning_that_was_kept(word: str) -> None:
    kept = WORDS[word]
    elsewhere = [
        f"{module}:{line} {name}"
        for module, line, name in all_names()
        if word in words_of(name)
        and name not in kept.names
        and not module.startswith(kept.folders or ("-",))
    ]
    assert elsewhere == [], f"{word} means: {kept.meaning}"


def test_place_is_a_slots_capacity_or_where_a_visitor_is_and_never_a_position_in_a_list() -> None:
    positions = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for part in PARTS
        for path in sorted(Path(ROOT, part).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.For, ast.comprehension))
        and any(isinstance(each, ast.Name) and each.id == "place" for each in ast.walk(node.target))
        for node in [node.target]
    ]
    assert positions == []
