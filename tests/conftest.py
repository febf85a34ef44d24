"""What every test can rely on. The fixtures themselves are in tests/fixtures, one module per
outside program.
"""

from __future__ import annotations

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from tests.fixtures.compiled import share_compiled
from tests.fixtures.parts import PARTS, need
from tests.fixtures.waits import forgo_waits

__all__ = ["need"]

pytest_plugins = [
    "tests.fixtures.hangs",
    "tests.fixtures.services",
    "tests.fixtures.postgresql",
    "tests.fixtures.migrated",
    "tests.fixtures.redis",
    "tests.fixtures.nginx",
    "tests.fixtures.browser",
    "tests.fixtures.application",
    "tests.fixtures.nursery",
    "tests.fixtures.live_server",
]

# What Python compiles is kept, whatever the caller's environment says: this run and the hundreds of
# servers and devices that it starts load the same modules, and compiling them anew in each was a
# third of all its work.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A shared machine is slow at times, and that is no fault; a failing example is printed so that it
# can be run again.
settings.register_profile(
    "antrean", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("quick", settings.get_profile("antrean"), max_examples=20)
settings.load_profile("antrean")


def pytest_configure() -> None:
    """Each test has a server of its own; what they all compile is compiled once, and none waits
    for the machine.
    """
    share_compiled()
    forgo_waits()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Slow tests run only when asked for."""
    parser.addoption("--slow", action="store_true", help="run the tests marked slow too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the slow tests unless --slow, -m or -k chooses."""
    if config.getoption("--slow") or config.getoption("-m") or config.getoption("-k"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A marked test names the part it needs before any of its fixtures starts."""
    for marker, (part, find, why) in PARTS.items():
        if item.get_closest_marker(marker):
            need(part, find(), why)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking for garbage in it again and again took a fifteenth of
    the part that was measured.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
