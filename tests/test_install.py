"""`script/install` and `script/bundle`: what they refuse, the certificate of the office, and an
installation without any network that ends with a served visitor.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

from tests.fixtures.parts import ROOT, find_program, need

INSTALL = ROOT / "script" / "install"
CERTIFICATE = ROOT / "deploy" / "bin" / "antrean-certificate"
SCRIPTS = [
    INSTALL,
    ROOT / "script" / "bundle",
    *sorted((ROOT / "deploy" / "install").glob("*.sh")),
    *(
        each
        for each in sorted((ROOT / "deploy" / "bin").iterdir())
        if each.name != "antrean-update"
    ),
]
HOST = "antrean.kantor.lan"


def run(*command: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(each) for each in command],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environ},
        timeout=1500,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_understood_by_its_shell(script: Path) -> None:
    assert run("bash", "-n", script).returncode == 0
    program = find_program("shellcheck")
    if program is None:
        pytest.skip("no shellcheck")
    found = run(program, "--external-sources", "--exclude", "SC2034,SC2154", script)
    assert found.returncode == 0, found.stdout


def test_what_a_script_takes_from_the_program_is_there() -> None:
    """No import of theirs is looked at by anything else than an installation."""
    texts = [each.read_text().replace("\\\n", "") for each in SCRIPTS]
    taken = [
        each for text in texts for each in re.findall(r"from (queue_server\S*) import (\w+)", text)
    ]
    assert taken
    assert [each for each in taken if not hasattr(import_module(each[0]), each[1])] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "which name or address"),
        (("--host",), "needs a value"),
        (("--host", "a b"), "no name of a machine"),
        (("--host", "x;reboot"), "no name of a machine"),
        (("--host", "x" * 60), "longer than 56"),
        (("--host", HOST, "--certificate", "/tmp/x"), "belong together"),
        (("--host", HOST, "--zone", "../../etc/passwd"), "no time zone"),
        (("--hots", HOST), "there is no --hots"),
    ],
)
def test_a_wrong_word_is_named_and_nothing_is_done(words: tuple[str, ...], said: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root")
    done = run(INSTALL, "--check", *words)
    assert done.returncode == 2 and said in done.stderr and not done.stdout, done


def test_another_root_must_hold_a_debian(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root")
    done = run(INSTALL, "--root", tmp_path, "--host", HOST)
    assert done.returncode == 1 and "debootstrap" in done.stderr and not list(tmp_path.iterdir())


def test_a_bundle_is_not_made_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").touch()
    done = run(ROOT / "script" / "bundle", tmp_path)
    assert done.returncode == 1 and "holds something else" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.odt"]


def release() -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    return next(line.split("=")[1] for line in lines if line.startswith("VERSION_CODENAME="))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder as `script/bundle` makes it, with one invented package."""
    need("dpkg", find_program("dpkg"), "only on Debian and Ubuntu")
    if os.geteuid() != 0:
        pytest.skip("needs root")
    folder = tmp_path / "a bundle"
    (folder / "debs").mkdir(parents=True)
    (folder / "debs" / "some.deb").write_bytes(b"package")
    architecture = run("dpkg", "--print-architecture").stdout.strip()
    python = run(
        "/usr/bin/python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"
    ).stdout.strip()
    (folder / "TARGET").write_text(
        f"release={release()}\narchitecture={architecture}\npython={python}\n"
    )
    seal(folder)
    return folder


def seal(folder: Path) -> None:
    files = [each for each in sorted(folder.rglob("*")) if each.is_file()]
    (folder / "SHA256SUMS").write_text(
        "".join(
            f"{hashlib.sha256(each.read_bytes()).hexdigest()}  ./{each.relative_to(folder)}\n"
            for each in files
            if each.name != "SHA256SUMS"
        )
    )


def check(bundle: Path) -> subprocess.CompletedProcess[str]:
    return run(INSTALL, "--check", "--host", HOST, "--bundle", bundle)


def test_a_whole_bundle_is_taken_and_only_looked_at(bundle: Path) -> None:
    done = check(bundle)
    assert "ok     bundle: whole, 2 files" in done.stdout
    assert "Nothing was changed" in done.stdout, done.stderr
    assert not Path("/opt/antrean").exists()


def test_a_damaged_bundle_is_refused(bundle: Path) -> None:
    (bundle / "debs" / "some.deb").write_bytes(b"packagf")
    done = check(bundle)
    assert done.returncode == 1 and "damaged" in done.stderr and "some.deb" in done.stderr


def test_a_bundle_with_something_slipped_in_is_refused(bundle: Path) -> None:
    (bundle / "debs" / "other.deb").touch()
    done = check(bundle)
    assert done.returncode == 1 and "not listed: ./debs/other.deb" in done.stderr


@pytest.mark.parametrize("field", ["release", "architecture", "python"])
def test_a_bundle_for_another_machine_is_refused_and_says_for_which(
    bundle: Path, field: str
) -> None:
    lines = (bundle / "TARGET").read_text().splitlines()
    changed = [f"{field}=other" if each.startswith(field) else each for each in lines]
    (bundle / "TARGET").write_text("\n".join(changed) + "\n")
    seal(bundle)
    done = check(bundle)
    assert done.returncode == 1 and f"is for the {field} other" in done.stderr


def certify(etc: Path, *words: str) -> subprocess.CompletedProcess[str]:
    need("openssl", find_program("openssl"), "install the package openssl")
    return run(CERTIFICATE, *words, ANTREAN_ETC=str(etc))


@pytest.mark.parametrize("host", [HOST, "192.168.7.5"])
def test_an_office_gets_an_authority_that_vouches_for_its_host_alone(
    tmp_path: Path, host: str
) -> None:
    assert certify(tmp_path, "--check", host).returncode == 1 and not list(tmp_path.iterdir())
    assert certify(tmp_path, host).returncode == 0
    before = {each: each.read_bytes() for each in tmp_path.rglob("*.*")}
    assert certify(tmp_path, "--check", host).returncode == 0
    assert certify(tmp_path, host).returncode == 0
    assert {each: each.read_bytes() for each in tmp_path.rglob("*.*")} == before
    modes = {each.name: each.stat().st_mode & 0o777 for each in before}
    assert modes == {"ca.key": 0o600, "ca.pem": 0o644, "fullchain.pem": 0o644, "privkey.pem": 0o600}
    trusted = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    assert trusted.cert_store_stats()["x509_ca"] == 1
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
        tmp_path / "tls" / "fullchain.pem", tmp_path / "tls" / "privkey.pem"
    )
    shown = run("openssl", "x509", "-noout", "-text", "-in", tmp_path / "ca.pem").stdout
    assert "Name Constraints: critical" in shown and host in shown.split("Name Constraints")[1]


def test_another_name_needs_another_authority(tmp_path: Path) -> None:
    certify(tmp_path, HOST)
    before = (tmp_path / "ca.pem").read_bytes()
    assert certify(tmp_path, "--check", "lain.kantor.lan").returncode == 1
    assert "a new authority" in certify(tmp_path, "lain.kantor.lan").stdout
    assert (tmp_path / "ca.pem").read_bytes() != before


def test_a_certificate_that_ends_soon_is_renewed_by_the_same_authority(tmp_path: Path) -> None:
    certify(tmp_path, HOST)
    leaf, authority = tmp_path / "tls" / "fullchain.pem", (tmp_path / "ca.pem").read_bytes()
    request = tmp_path / "request"
    key = tmp_path / "tls" / "privkey.pem"
    run("openssl", "req", "-new", "-key", key, "-subj", f"/CN={HOST}", "-out", request)
    (tmp_path / "names").write_text(f"subjectAltName=DNS:{HOST}\n")
    signing = ["-CA", tmp_path / "ca.pem", "-CAkey", tmp_path / "ca" / "ca.key"]
    signing += ["-extfile", tmp_path / "names", "-days", "30", "-out", leaf]
    assert run("openssl", "x509", "-req", "-in", request, *signing).returncode == 0
    assert certify(tmp_path, "--check", HOST).returncode == 1
    assert "a certificate for" in certify(tmp_path, HOST).stdout
    assert certify(tmp_path, "--check", HOST).returncode == 0
    assert (tmp_path / "ca.pem").read_bytes() == authority, "tablets need nothing new"


def make_public(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate that this office has not made itself, and its key."""
    need("openssl", find_program("openssl"), "install the package openssl")
    certificate, key = folder / f"{host}.pem", folder / f"{host}.key"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    kind = "IP" if host[0].isdigit() else "DNS"
    names = ["-subj", f"/CN={host}", "-addext", f"subjectAltName={kind}:{host}"]
    done = run(*make, "-nodes", "-days", "90", *names, "-keyout", key, "-out", certificate)
    assert done.returncode == 0, done.stderr
    return certificate, key


@pytest.mark.parametrize("host", [HOST, "192.168.7.5"])
def test_a_public_certificate_is_taken_for_its_own_host_alone(tmp_path: Path, host: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root")
    certificate, key = make_public(tmp_path, host)
    other, other_key = make_public(tmp_path, "lain.contoh.id")

    def ask(certificate: Path, key: Path) -> subprocess.CompletedProcess[str]:
        given = ["--certificate", certificate, "--key", key]
        return run(INSTALL, "--check", "--host", host, *given)

    assert f"is not for {host}" in ask(other, other_key).stderr
    assert "key does not belong" in ask(certificate, other_key).stderr
    taken = ask(certificate, key)
    assert taken.returncode == 0 and "would  certificate: /etc/antrean/tls" in taken.stdout


def in_root(root: Path, bundle: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run in another root, as its first user, with nothing but a loopback network."""
    script = (
        'ip link set lo up && mount --bind "$2" "$1/mnt" && mount --bind /dev "$1/dev" && '
        'mount -t proc proc "$1/proc" && root=$1 && shift 2 && exec chroot "$root" "$@"'
    )
    alone = ["unshare", "--net", "--mount", "--pid", "--fork"]
    return run(*alone, "sh", "-c", script, "sh", root, bundle, *command)


def take_a_public_certificate(root: Path, bundle: Path) -> None:
    """It stays, also at the next run."""
    public = make_public(root, HOST)[0].read_bytes()
    given = ["--certificate", f"/{HOST}.pem", "--key", f"/{HOST}.key"]
    done = in_root(root, bundle, "/mnt/install", *given)
    assert done.returncode == 0, done.stderr
    again = in_root(root, bundle, "/mnt/install")
    assert again.stdout.endswith("Nothing had to be changed.\n"), again.stdout
    assert (root / "etc/antrean/tls/fullchain.pem").read_bytes() == public


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_installation_without_a_network_serves_its_first_visitor(tmp_path: Path) -> None:
    debootstrap = find_program("debootstrap")
    need("debootstrap", debootstrap, "install the package debootstrap")
    assert debootstrap
    if os.geteuid() != 0 or run("unshare", "--net", "--mount", "true").returncode != 0:
        pytest.skip("needs the right to make namespaces")
    bundle, root = tmp_path / "bundle", tmp_path / "root"
    made = run(ROOT / "script" / "bundle", bundle)
    assert made.returncode == 0, made.stderr
    bare = run(debootstrap, "--variant=minbase", release(), root)
    assert bare.returncode == 0, bare.stdout[-2000:]
    cut_off = in_root(root, bundle, "sh", "-c", "! ip route get 1.1.1.1 2>/dev/null")
    assert cut_off.returncode == 0, "there must be no network"
    done = run("unshare", "--net", bundle / "install", "--root", root, "--host", HOST)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (root / "var/cache/antrean-install").exists()
    again = in_root(root, bundle, "/mnt/install")
    assert again.stdout.endswith("Nothing had to be changed.\n"), again.stdout + again.stderr
    wants = root / "etc/systemd/system"
    assert (wants / "multi-user.target.wants/antrean-server.service").is_symlink()
    assert (wants / "timers.target.wants/antrean-backup.timer").is_symlink()
    data = root / "var/lib/antrean"
    assert {each.stat().st_mode & 0o777 for each in data.glob("*.key")} == {0o600}
    assert len(list((data / "backups").glob("*.backup"))) == 1

    shutil.copy(ROOT / "tests" / "fixtures" / "first_ticket.py", root / "first_ticket.py")
    seen = in_root(root, bundle, "/opt/antrean/bin/python", "/first_ticket.py", HOST)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    told = json.loads(seen.stdout.splitlines()[-1])
    assert told["steps"] == ["CALLED", "SERVING", "SERVED"] and told["number"]
    assert told["authority"] and told["failing"] == []

    take_a_public_certificate(root, bundle)

    gone = in_root(root, bundle, "/mnt/install", "--uninstall")
    assert gone.returncode == 0, gone.stderr
    assert not (root / "opt/antrean").exists() and not (wants / "antrean-server.service").exists()
    assert (data / "antrean.db").exists() and (data / "nik.key").exists()
    assert "nothing was installed" in in_root(root, bundle, "/mnt/install", "--uninstall").stdout
