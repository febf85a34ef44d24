"""What the data folder remembers of how it was filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.demo.data import SCENARIO, admit_scenario, claim_data, fill_empty
from queue_server.demo.errors import StageError
from queue_server.demo.stage import make_environ, run_stage
from queue_server.settings import Settings, load_settings
from queue_server.store.migrations import upgrade
from tests.protocol.agents import free_port


def test_empty_data_refuses_no_scenario(tmp_path: Path) -> None:
    admit_scenario(tmp_path, "full")
    (tmp_path / SCENARIO).write_text(
        "normal"
    )  # left behind by a start that was stopped before the data were whole
    admit_scenario(tmp_path, "full")


def test_filled_data_does_not_refuse_its_own_scenario(tmp_path: Path) -> None:
    (tmp_path / "access.json").touch()
    (tmp_path / SCENARIO).write_text("urgent-only")
    admit_scenario(tmp_path, None)
    admit_scenario(tmp_path, "urgent-only")


@pytest.mark.parametrize(
    ("note", "named"), [("urgent-only", 'scenario "urgent-only"'), (None, "an earlier version")]
)
def test_another_scenario_is_refused_with_what_to_do(
    tmp_path: Path, note: str | None, named: str
) -> None:
    (tmp_path / "access.json").touch()
    if note:
        (tmp_path / SCENARIO).write_text(note)
    with pytest.raises(StageError) as refused:
        admit_scenario(tmp_path, "full")
    told = str(refused.value)
    assert named in told and '"full"' in told and "--data" in told and f"remove {tmp_path}" in told


def test_the_parts_know_the_demos_settings_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real server's settings lie here too: its screens must not hear of the demo, nor its mail
    server send for it.
    """
    monkeypatch.setenv("ANTREAN_SMTP_URL", "smtp://mail")
    file = tmp_path / "antrean.toml"
    file.write_text(
        'redis_url = "redis://cache"\nsmtp_url = "smtp://mail"\ndatabase_url = '
        '"postgresql+psycopg://db/x"\n'
    )
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/antrean.db",
        demo_access_file=tmp_path / "access.json",
        rate_limits=False,
    )
    environ = make_environ(settings)
    assert load_settings(environ, file) == settings and environ["PATH"]


def test_nothing_is_filled_whose_passwords_could_not_be_told(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'antrean.db'}", nik_key_file=tmp_path / "nik.key"
    )
    upgrade(settings.database_url)
    for _ in range(2):
        with pytest.raises(StageError, match=r"access\.json cannot be written"):
            fill_empty(settings, "normal", tmp_path / "nowhere" / "access.json")


def test_one_demo_at_a_time_works_on_the_data(tmp_path: Path) -> None:
    with (
        claim_data(tmp_path),
        pytest.raises(StageError, match="Another demo runs"),
        claim_data(tmp_path),
    ):
        pass
    with claim_data(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StageError, match=r"cannot be made \(Not a directory\).*--data"):
        run_stage(tmp_path / "file" / "demo", "127.0.0.1", free_port(), None, None, limits=False)
