"""What the data folder remembers of how it was filled."""
from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.demo.errors import StageError
from queue_server.demo.stage import SCENARIO, admit_scenario


def test_empty_data_takes_any_scenario(tmp_path: Path) -> None:
    admit_scenario(tmp_path, "full")
    (tmp_path / SCENARIO).write_text("normal")  # left behind by a start that was stopped before the data were whole
    admit_scenario(tmp_path, "full")


def test_filled_data_goes_on_with_its_own_scenario(tmp_path: Path) -> None:
    (tmp_path / "access.json").touch()
    (tmp_path / SCENARIO).write_text("urgent-only")
    admit_scenario(tmp_path, None)
    admit_scenario(tmp_path, "urgent-only")


@pytest.mark.parametrize(("note", "named"), [("urgent-only", 'scenario "urgent-only"'), (None, "an earlier version")])
def test_another_scenario_is_refused_with_what_to_do(tmp_path: Path, note: str | None, named: str) -> None:
    (tmp_path / "access.json").touch()
    if note:
        (tmp_path / SCENARIO).write_text(note)
    with pytest.raises(StageError) as refused:
        admit_scenario(tmp_path, "full")
    told = str(refused.value)
    assert named in told and '"full"' in told and "--data" in told and f"remove {tmp_path}" in told
