"""The domain knows no clock, no randomness and no third party: it imports the quiet part of the
standard library and itself.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import queue_server.domain

MODULES = sorted(Path(queue_server.domain.__path__[0]).glob("*.py"))
QUIET = {
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "hmac",
    "heapq",
    "itertools",
    "math",
    "re",
    "typing",
    "unicodedata",
    "zoneinfo",
}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_imports_only_quiet_modules(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            assert {each.name.split(".")[0] for each in node.names} <= QUIET
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").split(".")[0] in QUIET


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_never_asks_what_time_it_is(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"now", "utcnow", "today", "fromtimestamp"}
