"""`antrean report`: dates, formats, files that are whole, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import main
from queue_server.commands import report_files
from tests.fixtures.application import HOME, People


@pytest.fixture(autouse=True)
def office(
    tmp_path: Path, filled_sqlite: tuple[Path, People], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings name a database with the tests' two offices."""
    monkeypatch.chdir(tmp_path)
    copied = shutil.copy(filled_sqlite[0], tmp_path)
    monkeypatch.setenv("ANTREAN_DATABASE_URL", f"sqlite:///{copied}")
    monkeypatch.setenv("ANTREAN_SECRET_KEY_FILE", str(tmp_path / "secret.key"))
    monkeypatch.setenv("ANTREAN_NIK_KEY_FILE", str(tmp_path / "nik.key"))


def report(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", *arguments])


@pytest.mark.parametrize(
    ("dates", "period"),
    [
        (["--day", "2026-11-03"], "3 November 2026"),
        (["--week", "2026-11-03"], "2 November 2026 – 8 November 2026"),
        (["--month", "2026-02"], "1 February 2026 – 28 February 2026"),
        (["--year", "2026"], "1 January 2026 – 31 December 2026"),
        (["--from", "2026-11-03", "--to", "2026-11-04"], "3 November 2026 – 4 November 2026"),
    ],
)
def test_a_report_is_about_the_dates_named(dates: list[str], period: str) -> None:
    result = report("--office", HOME, *dates, "--json", "--language", "en")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["period"] == period


def test_without_dates_it_is_about_this_month_and_with_all_about_every_office() -> None:
    result = report("--all", "--language", "en")
    assert result.exit_code == 0 and "2 offices" in result.stdout
    assert "This period is not over" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "--office"),
        (["--all", "--office", HOME], "--office"),
        (["--all", "--format", "pdf"], "-o FILE"),
        (["--all", "--day", "2026-11-03", "--year", "2026"], "Give one of"),
        (["--all", "--from", "2026-11-03"], "Give one of"),
        (["--all", "--from", "2026-11-03", "--to", "2026-11-01"], "--to is before"),
        (["--all", "--from", "2016-11-03", "--to", "2026-11-01"], "five years"),
        (["--all", "--year", "9999"], "2000 to 2199"),
        (["--all", "--month", "2026-13"], "2026-13"),
    ],
)
def test_what_does_not_fit_together_ends_with_2_and_says_why(
    arguments: list[str], sentence: str
) -> None:
    result = report(*arguments)
    assert result.exit_code == 2 and sentence in result.output


def test_an_unknown_office_ends_with_1() -> None:
    result = report("--office", "9999")
    assert result.exit_code == 1 and "There is no office 9999." in result.output


def test_a_recount_says_the_same() -> None:
    usual, recounted = (report("--all", *extra) for extra in ([], ["--recount"]))
    assert recounted.exit_code == 0, recounted.output
    assert recounted.stdout == usual.stdout


@pytest.mark.parametrize(
    ("format", "begin"),
    [("table", b"Laporan"), ("csv", b"\xef\xbb\xbf"), ("json", b"{"), ("xlsx", b"PK")]
    + [("pdf", b"%PDF")],
)
def test_a_file_is_written_whole(tmp_path: Path, format: str, begin: bytes) -> None:
    file = tmp_path / f"report.{format}"
    result = report("--office", HOME, "--format", format, "-o", str(file))
    assert (result.exit_code, result.output) == (0, "")
    assert file.read_bytes().startswith(begin)


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.csv"
    file.write_text("old")
    names = sorted(each.name for each in tmp_path.iterdir())

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report_files.os, "fsync", fail)
    result = report("--office", HOME, "--format", "csv", "-o", str(file))
    assert result.exit_code == 1 and "No space left on device" in result.output
    assert file.read_text() == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == names
