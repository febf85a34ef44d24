"""The rules of the layout, checked by machine: who may import whom, what each part may need, words
complete in both languages.
"""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from queue_server.lab.state_diagram import draw_states
from queue_server.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("queue_server", "kiosk", "display", "printer")
SERVER_ONLY = (
    "alembic",
    "argon2",
    "flask_socketio",
    "holidays",
    "icalendar",
    "limits",
    "phonenumbers",
    "prometheus_client",
    "psycopg",
    "pydantic",
    "redis",
    "sqlalchemy",
    "structlog",
)
"""What the server needs and a kiosk, a TV box or a printer host must do without."""


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )


def source_files(package: str) -> list[Path]:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files, f"{package} has no modules"
    return files


@pytest.mark.parametrize("package", PARTS)
def test_every_folder_with_modules_is_a_package(package: str) -> None:
    """What is in no package is not installed: once, the migrations were left out."""
    folders = {each.parent for each in source_files(package)}
    assert [each for each in sorted(folders) if not (each / "__init__.py").exists()] == []


def imported_names(file: Path) -> Iterator[str]:
    """Every absolute module name the file imports, lazily or not; a relative import is made
    absolute.
    """
    package = ".".join(file.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            )
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def third_party(file: Path) -> set[str]:
    roots = {name.partition(".")[0] for name in imported_names(file)}
    return roots - sys.stdlib_module_names - set(PARTS)


def test_import_contracts_are_kept() -> None:
    done = run_python(
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(no_cache=True))"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_server_package_itself_imports_nothing() -> None:
    assert list(imported_names(ROOT / "queue_server" / "__init__.py")) == []
    code = (
        "import sys; before = set(sys.modules); import queue_server; "
        "print(*sorted(set(sys.modules) - before))"
    )
    assert run_python(code).stdout.split() == ["queue_server"]


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("queue_server/protocol", {"requests", "urllib3"}),
        ("queue_server/store", {"sqlalchemy", "alembic"}),
    ],
)
def test_a_core_package_uses_only_the_libraries_named_here(package: str, allowed: set[str]) -> None:
    found = {
        str(file.relative_to(ROOT)): third_party(file) - allowed for file in source_files(package)
    }
    assert {file: names for file, names in found.items() if names} == {}


def test_the_domain_imports_only_itself() -> None:
    strange = {
        (str(file.relative_to(ROOT)), name)
        for file in source_files("queue_server/domain")
        for name in imported_names(file)
        if name.partition(".")[0] in PARTS
        and name != "queue_server"
        and not name.startswith("queue_server.domain")
    }
    assert strange == set()


@pytest.mark.parametrize("part", ["kiosk", "display", "printer"])
def test_a_part_knows_of_the_server_its_protocol_alone(part: str) -> None:
    neighbours = {"kiosk": ("printer",)}.get(part, ())
    strange = {
        (str(file.relative_to(ROOT)), name)
        for file in source_files(part)
        for name in imported_names(file)
        if name.partition(".")[0] in PARTS
        and name.partition(".")[0] not in (part, *neighbours)
        and not (name == "queue_server" or name.startswith("queue_server.protocol"))
    }
    assert strange == set()


@pytest.mark.parametrize("part", ["kiosk", "display", "printer"])
def test_a_part_runs_without_the_dependencies_of_the_server(part: str) -> None:
    modules = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in source_files(part)
    ]
    code = """
import importlib, sys
blocked = set(sys.argv[1].split(","))
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"{name} belongs to the server", name=name)
sys.meta_path.insert(0, Blocker())
for module in sys.argv[2:]:
    importlib.import_module(module)
"""
    importable = [module for module in modules if not module.endswith("__main__")]
    done = run_python(code, ",".join(SERVER_ONLY), *importable)
    assert done.returncode == 0, done.stderr


def declared_for_all(config: configparser.ConfigParser) -> set[str]:
    """The distributions that every part needs."""
    return {
        re.split(r"[<>=]", line)[0].lower()
        for line in config["options"]["install_requires"].split()
    }


def declared_for(extra: str, config: configparser.ConfigParser) -> set[str]:
    """The distributions an extra installs by name, with what every part needs and the extras it
    includes.
    """
    names = declared_for_all(config)
    for line in filter(
        None, (line.strip() for line in config["options.extras_require"][extra].splitlines())
    ):
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[([^]]*)])?", line)
        assert match
        if match[1] == "antrean":
            names.update(*(declared_for(inner.strip(), config) for inner in match[2].split(",")))
        else:
            names.add(re.sub(r"[-_.]+", "-", match[1]).lower())
    return names


LOADED_BY_NAME = {"psycopg", "redis", "tzdata"}
"""Libraries that no file of ours imports: another library looks for them."""


@pytest.mark.parametrize(
    ("part", "extras"),
    [
        ("queue_server", ["server", "postgres", "redis"]),
        ("kiosk", ["kiosk"]),
        ("display", ["display", "voice"]),
        ("printer", ["printer"]),
    ],
)
def test_a_part_declares_the_libraries_it_imports_and_no_others(
    part: str, extras: list[str]
) -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    declared = set().union(*(declared_for(extra, config) for extra in extras))
    distributions = packages_distributions()
    imported: set[str] = set()
    # What a part imports of another one is that other's to declare, but the kiosk's extra brings
    # the printer's along.
    for file in [*source_files(part), *(source_files("printer") if part == "kiosk" else [])]:
        for module in third_party(file):
            owners = {
                re.sub(r"[-_.]+", "-", name).lower() for name in distributions.get(module, [module])
            }
            assert owners & declared, (
                f"{file.relative_to(ROOT)} imports {module}: declare {owners} in setup.cfg"
            )
            imported |= owners
    needed_everywhere = declared_for_all(config)
    assert declared - needed_everywhere - LOADED_BY_NAME - imported == set()


def test_catalogs_are_complete_compiled_and_current() -> None:
    done = subprocess.run(
        [sys.executable, "script/translate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_state_diagram_in_the_documents_is_the_transition_table() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = page.split("<!-- states:begin -->")[1].split("<!-- states:end -->")[0]
    assert shown.strip().splitlines() == ["```mermaid", *draw_states().splitlines(), "```"], (
        "run script/diagram"
    )


def test_every_setting_is_in_the_operations_page() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`ANTREAN_([A-Z_]+)`", page))
    assert told == {name.upper() for name in Settings.model_fields}
