"""The pure parts of announcing, run as they are in the page: by node, a line for each question."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

RUNNER = Path(__file__).with_name("runner.mjs")


class Announcing:
    """The modules, and one state of the rule."""

    def __init__(self, node: str) -> None:
        self._process = subprocess.Popen(
            [node, str(RUNNER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self, **memory: Any) -> dict[str, Any]:
        """A page opens."""
        answer: dict[str, Any] = self.ask("begin", memory)
        return answer

    def take(self, **board: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask("take", board)
        return answer

    def note(self, awake_ms: float) -> dict[str, Any]:
        """The last word of the present announcement begins."""
        answer: dict[str, Any] = self.ask("note", awake_ms)
        return answer

    def finish(self, awake_ms: float) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask("finish", awake_ms)
        return answer

    def ask(self, step: str, given: Any) -> Any:
        """What one of the runner's steps gives."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([step, given]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
