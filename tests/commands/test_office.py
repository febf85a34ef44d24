"""`antrean office`: an office as a file, back again, and a copy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import main
from queue_server.services.office.whole.yaml_text import BYTES_MAX
from queue_server.store.office import history as history_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import HOME, People


@pytest.fixture
def database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filled_sqlite: tuple[Path, People]
) -> Database:
    """The tests' two offices, where the settings say."""
    file = shutil.copy(filled_sqlite[0], tmp_path / "antrean.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTREAN_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("ANTREAN_SECRET_KEY_FILE", str(tmp_path / "secret.key"))
    monkeypatch.setenv("ANTREAN_NIK_KEY_FILE", str(tmp_path / "nik.key"))
    return Database(f"sqlite:///{file}")


def office(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["office", *arguments])


def test_an_export_comes_back_as_it_was_and_elsewhere_as_another(database: Database) -> None:
    assert office("export", HOME, "--file", "home.yaml").exit_code == 0
    assert office("export", HOME).output == Path("home.yaml").read_text(encoding="utf-8")
    same = office("import", "home.yaml")
    assert same.exit_code == 0 and "No booking loses its time." in same.output
    dry = office("import", "home.yaml", "--as", "9155", "--dry-run")
    assert "New office: Kantor 9101" in dry.output and "Nothing was changed." in dry.output
    assert office("export", "9155").exit_code == 1
    assert office("import", "home.yaml", "--as", "9155").exit_code == 0
    assert database.find_office("9155").hours == database.find_office(HOME).hours


def test_a_changed_file_says_what_it_changes(database: Database) -> None:
    text = office("export", HOME).output.replace("Kantor 9101", "Kantor Indah")
    Path("home.yaml").write_text(text, encoding="utf-8")
    assert "Name: Kantor 9101 → Kantor Indah" in office("import", "home.yaml", "--dry-run").output
    assert database.find_office(HOME).name == "Kantor 9101"
    assert office("import", "home.yaml").exit_code == 0


def test_everything_wrong_is_named_with_its_path_and_nothing_is_changed(database: Database) -> None:
    text = office("export", HOME).output
    Path("bad.yaml").write_text(
        text.replace("Asia/Jakarta", "Asia/Atlantis").replace("minutes: 10", "minutes: 0", 1)
    )
    refused = office("import", "bad.yaml")
    assert refused.exit_code == 1 and "nothing was changed" in refused.output
    assert "zone: there is no “Asia/Atlantis”" in refused.output
    assert "services[0].minutes: this must be from 1 to 480" in refused.output
    Path("huge.yaml").write_bytes(b"#" * (BYTES_MAX + 10))
    assert "this is too long" in office("import", "huge.yaml").output
    assert "Cannot read" in office("import", "nowhere.yaml").output


def test_a_copy_gets_another_code_and_name(database: Database) -> None:
    assert office("copy", HOME, "9155", "--name", "Kantor Kembar").exit_code == 0
    assert database.find_office("9155").name == "Kantor Kembar"
    again = office("copy", HOME, "9155", "--name", "Kantor Kembar")
    assert again.exit_code == 1 and "An office has this code" in again.output
    assert "There is no office 9" in office("copy", "9", "9156", "--name", "X").output


NEXT_YEAR = "2099-01-31"


def test_an_office_is_closed_after_its_dry_run_and_opened_again(database: Database) -> None:
    notice = ("--from", NEXT_YEAR, "--notice-id", "Pindah")
    looked = office("close", HOME, *notice, "--json")
    assert json.loads(looked.output) == {
        "office": HOME,
        "from": NEXT_YEAR,
        "stranded": 0,
        "done": False,
    }
    refused = CliRunner().invoke(main, ["office", "close", HOME, *notice], input="n\n")
    assert refused.exit_code == 1 and database.find_office(HOME).modes == ()
    done = office("close", HOME, *notice, "--yes", "--json")
    assert done.exit_code == 0 and json.loads(done.output)["done"] is True
    with database.read() as connection:
        [period] = database.offices.get(connection, HOME).modes
    assert (period.mode.value, period.notice) == ("CLOSED", {"id": "Pindah"})
    with database.read() as connection:
        [made] = history_store.list_newest(connection, HOME, 5)
    assert list(made.parts) == [f"mode/{period.id}"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((HOME, "--from", "2001-01-01", "--notice-id", "x"), "has passed already"),
        ((HOME, "--from", NEXT_YEAR, "--notice-id", " "), "--notice-id"),
        (("9999", "--from", NEXT_YEAR, "--notice-id", "x"), "no office 9999"),
    ],
)
def test_a_closing_that_cannot_be_is_refused(
    database: Database, arguments: tuple[str, ...], said: str
) -> None:
    refused = office("close", *arguments, "--yes")
    assert refused.exit_code == 1 and said in refused.output
    assert database.find_office(HOME).modes == ()


def test_an_office_is_deleted_only_by_its_code(database: Database) -> None:
    assert office("copy", HOME, "9155", "--name", "Kantor Baru").exit_code == 0
    asked = CliRunner().invoke(main, ["office", "delete", "9155"], input="9101\n")
    assert asked.exit_code == 1 and "Nothing was deleted" in asked.output
    assert office("delete", "9155", "--json").exit_code == 2
    assert database.find_office("9155").name == "Kantor Baru"
    gone = office("delete", "9155", "--yes", "--json")
    assert json.loads(gone.output) == {"office": "9155", "done": True}
    again = office("delete", "9155", "--yes")
    assert again.exit_code == 1 and "no office 9155" in again.output
