"""Scripts, styles, templates and what is deployed: lines that fit beside each other, and nothing
exported that nobody imports.

The layout of scripts and styles is prettier's, which leaves comments and long strings as they are.
Templates are laid out by hand.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_contracts import ROOT

LINE_LONGEST = 100
TAB_WIDTH = 2
FOLDERS = ("queue_server", "kiosk", "display", "tests/journeys", "tests/web")
FILES = sorted(
    file
    for folder in FOLDERS
    for suffix in ("js", "mjs", "css", "html")
    for file in (ROOT / folder).rglob(f"*.{suffix}")
    if "vendor" not in file.parts
)
DEPLOYMENT = sorted(
    file
    for folder in ("deploy", "script", ".ci")
    for file in (ROOT / folder).rglob("*")
    if file.is_file() and file.suffix != ".pyc"
)
SCRIPTS = [file for file in FILES if file.suffix == ".js"]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def exported_names(script: str) -> set[str]:
    """What a module offers to others."""
    return set(re.findall(r"^export (?:async )?(?:function|const|let|class) (\w+)", script, re.M))


def imported_names(script: Path) -> set[tuple[Path, str]]:
    """What a module takes from others, each with the module it stands in."""
    statements = re.findall(r'import \{([^}]+)\} from "([^"]+)"', script.read_text("utf-8"))
    return {
        (named(script, address), name.split(" as ")[0].strip())
        for names, address in statements
        for name in names.split(",")
        if name.strip()
    }


def named(script: Path, address: str) -> Path:
    """The file that an import names. The pages' folders stand beside the shared scripts in
    addresses, though not on disk.
    """
    file = (script.parent / address).resolve()
    if file.is_file():
        return file
    name = re.sub(r"^(\.\./)+", "", address)
    web = ROOT / "queue_server" / "web"
    return next(
        each for each in (web / "edge/static" / name, web / "pages" / name) if each.exists()
    )


def test_there_are_scripts_styles_and_templates_to_look_at() -> None:
    assert len(FILES) > 100


@pytest.mark.parametrize("file", FILES + DEPLOYMENT, ids=name_of)
def test_no_line_is_too_long(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    long = [
        number
        for number, line in enumerate(lines, 1)
        if len(line.expandtabs(TAB_WIDTH)) > LINE_LONGEST
    ]
    assert long == []


def test_every_export_is_imported_somewhere() -> None:
    imported = {each for script in SCRIPTS for each in imported_names(script)}
    offered = {
        (script, name) for script in SCRIPTS for name in exported_names(script.read_text("utf-8"))
    }
    assert {f"{name_of(script)}: {name}" for script, name in offered - imported} == set()
    assert {f"{name_of(script)}: {name}" for script, name in imported - offered} == set()
