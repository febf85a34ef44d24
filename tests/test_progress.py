"""The bar of commands that take a while: on a terminal only."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from queue_server.demo import data, fill
from queue_server.demo.fill import Access
from queue_server.demo.scenarios import Scenario
from queue_server.progress import show_progress
from queue_server.settings import Settings
from queue_server.store.migrations import upgrade
from queue_server.store.writer.database import Database


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with show_progress("Filling") as step:
        step(0.5)
        step(0.25)
    seen = terminal.getvalue()
    assert "Filling" in seen and "100%" in seen


def test_a_file_or_a_pipe_gets_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    with show_progress("Filling") as step:
        step(1)
    assert pipe.getvalue() == ""


def test_filling_the_demonstration_shows_a_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'antrean.db'}"
    upgrade(url)
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)

    def half_fill(
        _database: Database,
        _settings: Settings,
        _clock: object,
        _scenario: Scenario,
        step: Callable[[float], None],
    ) -> Access:
        step(0.5)
        assert "50%" in terminal.getvalue()
        return Access({}, {}, "3674", ())

    monkeypatch.setattr(fill, "fill", half_fill)
    settings = Settings(
        database_url=url, nik_key_file=tmp_path / "nik.key", secret_key_file=tmp_path / "secret.key"
    )
    data.fill_empty(settings, "normal", tmp_path / "access.json")
    seen = terminal.getvalue()
    assert "Filling the demonstration" in seen and "100%" in seen
