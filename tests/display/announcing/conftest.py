"""The pure parts of announcing, in one process of node for each worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.display.announcing.node_process import Announcing
from tests.fixtures.parts import find_program, need


@pytest.fixture(scope="session")
def rule() -> Iterator[Announcing]:
    node = find_program("node")
    need("node", node, "install the package nodejs")
    running = Announcing(str(node))
    yield running
    running.close()
