"""What `deploy/` hands to systemd and nginx: they accept it, the commands in it exist, and the live
channel passes through.
"""

from __future__ import annotations

import http.server
import json
import re
import shlex
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from queue_server.cli import main
from queue_server.protocol.watchdog import TELL_SECONDS
from queue_server.settings import load_settings
from tests.fixtures.application import HOME, People
from tests.fixtures.live_server import Screen, serving
from tests.fixtures.nginx import SITE, replaced, write_configuration
from tests.fixtures.parts import ROOT, find_program, need
from tests.fixtures.services import free_port

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PROGRAM = "/opt/antrean/bin/antrean"
OWN = re.compile(r"/usr/local/lib/antrean/[a-z-]+")
"""Programs of ours that are no part of the package."""

AT_NIGHT = ("backup", "certificate", "nightly", "update")
"""Units that a timer starts: no part of Antrean runs in them."""
PARTS = [each for each in UNITS if each.stem.removeprefix("antrean-") not in AT_NIGHT]


def kind_of(unit: Path) -> str:
    return unit.stem.removeprefix("antrean-")


def read_environment(kind: str) -> dict[str, str]:
    """The sample settings of a part, as systemd reads them."""
    lines = (DEPLOY / "etc" / f"{kind}.env").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip('"') for name, value in pairs}


def commands_of(unit: Path) -> Iterator[list[str]]:
    """The commands of a unit with the sample settings filled in."""
    # systemd goes on in the next line after a backslash.
    text = re.sub(r"\\\n\s*", " ", unit.read_text())
    known = dict(
        pair.split("=", 1)
        for line in re.findall(r"^Environment=(.*)$", text, re.MULTILINE)
        for pair in line.split()
    )
    known |= read_environment(kind_of(unit))
    for line in re.findall(r"^Exec\w+=(.*)$", text, re.MULTILINE):
        # Without braces, systemd makes words of a setting, none if it is missing; a value in braces
        # is one argument, whatever stands in it.
        words = re.sub(r"\$([A-Z]+)", lambda match: known.get(match[1], ""), line)
        yield [
            re.sub(r"\$\{(\w+)\}", lambda match: known[match[1]], each)
            for each in shlex.split(words)
        ]


def test_there_is_a_unit_for_each_part_and_settings_for_each_unit() -> None:
    kinds = [kind_of(each) for each in PARTS]
    assert kinds == ["browser", "display", "kiosk", "printer", "server"]
    assert sorted(each.stem for each in (DEPLOY / "etc").iterdir()) == [*kinds, "update"]


@pytest.mark.parametrize("unit", PARTS, ids=kind_of)
def test_its_commands_are_ours_and_understood(unit: Path) -> None:
    for program, name, *arguments in commands_of(unit):
        assert program == PROGRAM
        command = main.commands[name]
        command.make_context(name, arguments, parent=click.Context(main))


def test_the_backup_of_the_night_is_a_command_of_ours_with_its_key_and_a_limit() -> None:
    unit = (DEPLOY / "systemd" / "antrean-backup.service").read_text()
    line = re.sub(r"\\\n\s*", " ", unit).split("ExecStart=")[1].partition("\n")[0]
    program, name, *arguments = shlex.split(line)
    assert (program, name) == (PROGRAM, "backup") and "EnvironmentFile=/etc/antrean/server" in unit
    given = main.commands[name].make_context(name, arguments, parent=click.Context(main)).params
    assert given["keep"] == 14 and given["key"].parent == given["target"].parent


@pytest.mark.parametrize("kind", ["kiosk", "display", "printer"])
def test_systemd_waits_longer_than_a_loop_may_take(kind: str) -> None:
    unit = (DEPLOY / "systemd" / f"antrean-{kind}.service").read_text()
    expected = re.search(r"^WatchdogSec=(\d+)$", unit, re.MULTILINE)
    assert expected and "Type=notify\n" in unit
    assert int(expected[1]) > 2 * TELL_SECONDS


@pytest.mark.parametrize("name", AT_NIGHT)
def test_each_timer_has_its_unit(name: str) -> None:
    timer = (DEPLOY / "systemd" / f"antrean-{name}.timer").read_text()
    assert re.search(r"^OnCalendar=\*-\*-\* 0[23]:", timer, re.MULTILINE)
    assert (DEPLOY / "systemd" / f"antrean-{name}.service").exists()


def test_the_policy_of_the_browser_lets_it_see_nothing_but_our_pages() -> None:
    policy = json.loads((DEPLOY / "chromium" / "antrean.json").read_text())
    assert policy["URLBlocklist"] == ["*"]
    assert all(each.startswith("http://127.0.0.1:") for each in policy["URLAllowlist"])


@pytest.mark.parametrize("kind", ["kiosk", "printer"])
def test_the_further_options_that_the_settings_show_are_understood(kind: str) -> None:
    sample = (DEPLOY / "etc" / f"{kind}.env").read_text()
    shown = re.findall(r"^#MORE=(.*)$", sample, re.MULTILINE)
    assert shown
    for options in shown:
        needed = ["--server", "https://antrean.example.go.id", "--state", "/tmp/state"]
        arguments = [*needed, *shlex.split(options)]
        main.commands[kind].make_context(kind, arguments, parent=click.Context(main))


@pytest.mark.parametrize("unit", UNITS, ids=kind_of)
def test_systemd_accepts_it(unit: Path, tmp_path: Path) -> None:
    program = find_program("systemd-analyze")
    need("systemd-analyze", program, "install the package systemd")
    assert program
    here = tmp_path / unit.name
    here.write_text(OWN.sub("/bin/true", unit.read_text()).replace(PROGRAM, "/bin/true"))
    done = subprocess.run(
        [program, "verify", "--man=no", "--recursive-errors=no", here],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (
        0,
        [],
    ), done.stderr


def test_the_servers_settings_are_known_and_fit_nginx() -> None:
    given = {
        name: value
        for name, value in read_environment("server").items()
        if name.startswith("ANTREAN_")
    }
    settings = load_settings(given, Path("no such file"))
    site = SITE.read_text()
    assert settings.trusted_proxies == 1, "nginx stands before it"
    assert settings.trusted_hosts == (settings.host_name, "127.0.0.1")
    assert f"server_name {settings.host_name};" in site
    assert "access_log off;" in site, "addresses hold secret codes"


def test_what_is_commented_out_in_the_servers_settings_is_known_too() -> None:
    text = (DEPLOY / "etc" / "server.env").read_text()
    given = dict(
        line.split("=", 1) for line in re.findall(r"^#?(ANTREAN_\w+=.*)$", text, re.MULTILINE)
    )
    assert load_settings(given, Path("no such file")).redis_url


def test_the_readme_names_every_file() -> None:
    text = (DEPLOY / "README.md").read_text()
    for file in DEPLOY.rglob("*"):
        assert file.is_dir() or file.name == "README.md" or file.name in text, file


def test_nginx_accepts_the_site_as_it_is_deployed(tmp_path: Path) -> None:
    program = find_program("openssl")
    need("openssl", program, "install the package openssl")
    assert program
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    make = [
        program,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=antrean",
        "-days",
        "1",
    ]
    subprocess.run(
        [*make, "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60
    )
    command = write_configuration(
        tmp_path / "nginx", replaced(SITE.read_text(), "/etc/antrean/tls/", f"{tmp_path}/")
    )
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


class _Headers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        told = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def told_headers(nginx_before: Callable[..., str]) -> Iterator[Callable[..., dict[str, str]]]:
    """`told_headers(name="value")` asks through nginx and returns the headers that the server was
    sent.
    """
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Headers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = nginx_before(server.server_address[1])

    def ask(headers: dict[str, str]) -> dict[str, str]:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), timeout=10
        ) as answer:
            found: dict[str, str] = json.loads(answer.read())
        return found

    yield ask
    server.shutdown()
    server.server_close()


def test_nginx_says_itself_who_asks(told_headers: Callable[..., dict[str, str]]) -> None:
    told = told_headers({"X-Forwarded-For": "203.0.113.9", "Host": "antrean.example.go.id"})
    assert told["x-forwarded-for"] == "127.0.0.1", "what the client claims is gone"
    assert told["host"] == "antrean.example.go.id"
    assert "upgrade" not in told


def test_a_screen_behind_nginx_sees_a_call(
    nginx_before: Callable[..., str], filled_sqlite: tuple[Path, People], tmp_path: Path
) -> None:
    """As in an office: the public's address is nginx's, and the screen's page is of that origin."""
    file, people = filled_sqlite
    url, port = f"sqlite:///{shutil.copy(file, tmp_path)}", free_port()
    public = {"ANTREAN_PUBLIC_URL": f"http://127.0.0.1:{port}", "ANTREAN_TRUSTED_PROXIES": "1"}
    with serving(tmp_path, url, people, **public) as server:
        screen = Screen(nginx_before(int(server.url.rpartition(":")[2]), port=port))
        try:
            assert screen.watch("board", HOME)["office"] == HOME
            slip = server.walk_in()
            server.call_next(f"{HOME}-1")
            assert (
                screen.next("board", lambda snapshot: bool(snapshot["calls"]))["calls"][0]["number"]
                == slip["number"]
            )
        finally:
            screen.client.disconnect()
