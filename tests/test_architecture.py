"""The page docs/architecture.md says where things are; here it is held against the code."""

from __future__ import annotations

import ast
import configparser
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.test_contracts import PARTS, ROOT, source_files

PAGE = ROOT / "docs" / "architecture.md"
RULES_LEAST = 40
MODULES_MOST = 15
VERSIONS = "queue_server/store/migrations/versions"
"""One file for each change of the schema: the folder grows for ever."""


def section(name: str) -> list[str]:
    """The lines of the page between two marks."""
    page = PAGE.read_text(encoding="utf-8")
    return page.split(f"<!-- {name}:begin -->")[1].split(f"<!-- {name}:end -->")[0].splitlines()


def listed_rules() -> list[tuple[str, str, str]]:
    """The rows of the table of rules: rule, file, name."""
    found = [re.fullmatch(r"\| (.+) \| `(.+)` \| `(.+)` \|", line) for line in section("rules")]
    return [(match[1], match[2], match[3]) for match in found if match]


def listed_folders() -> set[str]:
    """Each folder that the tree shows, by its path: a deeper line belongs to the last shallower
    one.
    """
    folders: set[str] = set()
    above: list[str] = []
    for line in section("tree"):
        match = re.match(r"((?:  )*)(\w+)/ ", line)
        if match:
            above = [*above[: len(match[1]) // 2], match[2]]
            folders.add("/".join(above))
    return folders


def defined_names(file: Path) -> set[str]:
    """The functions, classes and constants that a module defines itself, imports left out."""

    def targets(node: ast.stmt) -> Iterator[ast.expr]:
        if isinstance(node, ast.Assign):
            yield from node.targets
        elif isinstance(node, ast.AnnAssign):
            yield node.target

    tree = ast.parse(file.read_text(encoding="utf-8"))
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in tree.body if isinstance(node, defined)} | {
        each.id for node in tree.body for each in targets(node) if isinstance(each, ast.Name)
    }


def modules_by_folder() -> Counter[str]:
    return Counter(
        file.parent.relative_to(ROOT).as_posix()
        for part in PARTS
        for file in source_files(part)
        if file.name != "__init__.py"
    )


def test_every_rule_is_where_the_page_says() -> None:
    wrong = {
        (rule, file, name)
        for rule, file, name in listed_rules()
        if not (ROOT / file).is_file() or name not in defined_names(ROOT / file)
    }
    assert wrong == set()


def test_the_page_lists_enough_rules_and_each_once() -> None:
    rules = [rule for rule, _, _ in listed_rules()]
    assert len(rules) >= RULES_LEAST
    assert [rule for rule, times in Counter(rules).items() if times > 1] == []


def test_every_line_of_the_table_of_rules_is_read() -> None:
    lines = [line for line in section("rules") if line.strip()]
    assert len(lines) == len(listed_rules()) + 2  # the head and the rule below it


def test_every_folder_of_the_tree_exists() -> None:
    folders = listed_folders()
    assert len(folders) > len(PARTS)
    assert {each for each in folders if not (ROOT / each).is_dir()} == set()


def test_the_tree_shows_every_folder_with_code() -> None:
    assert set(modules_by_folder()) - listed_folders() == set()


def test_the_page_tells_every_import_contract() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    prefix = "importlinter:contract:"
    kept = {each.removeprefix(prefix) for each in config.sections() if each.startswith(prefix)}
    page = PAGE.read_text(encoding="utf-8")
    table = page.split("### Import contracts")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == kept


def test_no_folder_holds_more_modules_than_a_reader_takes_in() -> None:
    over = {
        folder: count
        for folder, count in modules_by_folder().items()
        if count > MODULES_MOST and folder != VERSIONS
    }
    assert over == {}
