"""Settings: read from a file and the environment, refused when unknown or bad, shown without
secrets.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from queue_server.key_files import KEY_BYTES, read_key
from queue_server.settings import BadSettings, Settings, load_settings


def load(tmp_path: Path, text: str | None = None, **environ: str) -> Settings:
    file = tmp_path / "antrean.toml"
    if text is not None:
        file.write_text(text)
    return load_settings(environ, file)


def test_without_anything_the_server_is_embedded(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.database_url == "sqlite:///var/antrean.db"
    assert (
        settings.redis_url is None
        and settings.rate_limits
        and not settings.is_demo
        and not settings.is_https
    )
    assert settings.trusted_hosts == ("127.0.0.1", "localhost") and settings.trusted_proxies == 0


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        'public_url = "https://a.contoh.id"\ntrusted_hosts = ["a.contoh.id"]\n',
        ANTREAN_PUBLIC_URL="https://b.contoh.id/",
    )
    assert (settings.public_url, settings.trusted_hosts, settings.is_https) == (
        "https://b.contoh.id",
        ("a.contoh.id",),
        True,
    )


def test_values_come_as_text(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        ANTREAN_TRUSTED_HOSTS=" antrean.contoh.id, 10.0.0.5 ,",
        ANTREAN_RATE_LIMITS="false",
        ANTREAN_TRUSTED_PROXIES="1",
        PATH="/bin",
        ANTREAN_TEST_POSTGRES_URL="of the tests",
    )
    assert (settings.trusted_hosts, settings.rate_limits, settings.trusted_proxies) == (
        ("antrean.contoh.id", "10.0.0.5"),
        False,
        1,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANTREAN_DATABASE", "x"),
        ("ANTREAN_DATABASE_URL", "mysql://x"),
        ("ANTREAN_DATABASE_URL", "postgresql://no-driver/x"),
        ("ANTREAN_PUBLIC_URL", "antrean.contoh.id"),
        ("ANTREAN_PUBLIC_URL", "https://contoh.id/antrean"),
        ("ANTREAN_RATE_LIMITS", "maybe"),
        ("ANTREAN_DATABASE_URL", "sqlite:///"),
        ("ANTREAN_DATABASE_URL", "sqlite:///:memory:"),
        ("ANTREAN_DATABASE_URL", "postgresql+psycopg://u@h:port/x"),
        ("ANTREAN_PUBLIC_URL", "https://contoh.id:99999"),
        ("ANTREAN_PUBLIC_URL", "https://me:geheim@contoh.id"),
        ("ANTREAN_PUBLIC_URL", "https://contoh.id?x=1"),
        ("ANTREAN_TRUSTED_HOSTS", " , "),
        ("ANTREAN_REDIS_URL", "localhost"),
        ("ANTREAN_REDIS_URL", "http://cache"),
        ("ANTREAN_REDIS_URL", "redis://:ge/heim@cache"),
        ("ANTREAN_SMTP_URL", "mail.contoh.id"),
        ("ANTREAN_SMTP_URL", "smtp://mail:99999"),
        ("ANTREAN_SMTP_URL", "smtp://me:25/heim@mail"),
        ("ANTREAN_GATEWAY_URL", "http://gateway.contoh.id/send"),
        ("ANTREAN_GATEWAY_URL", "https://me:geheim@gateway.contoh.id"),
        ("ANTREAN_GATEWAY_URL", "gateway.contoh.id"),
        ("ANTREAN_GATEWAY_HEADER", "Authorization: Bearer geheim"),
        ("ANTREAN_GATEWAY_HEADER", "X: {secret}\r\nY: 1"),
        ("ANTREAN_GATEWAY_FORMAT", "xml"),
        ("ANTREAN_GATEWAY_TIMEOUT_SECONDS", "60"),
        ("ANTREAN_WEBHOOK_NETWORKS", "10.0.0.1/8"),
        ("ANTREAN_WEBHOOK_NETWORKS", "intranet"),
        ("ANTREAN_WEBHOOK_TIMEOUT_SECONDS", "0"),
        ("ANTREAN_LOG_LEVEL", "loud"),
        ("ANTREAN_TRUSTED_PROXIES", "-1"),
        ("ANTREAN_CLOCK_OFFSET_SECONDS", "soon"),
    ],
)
def test_an_unknown_or_bad_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSettings) as refused:
        load(tmp_path, **{name: value})
    assert name in str(refused.value) and "heim" not in str(refused.value)


def test_what_is_empty_is_not_given(tmp_path: Path) -> None:
    settings = load(
        tmp_path, ANTREAN_REDIS_URL="", ANTREAN_SMTP_URL="", ANTREAN_DEMO_ACCESS_FILE=""
    )
    assert (settings.redis_url, settings.smtp_url, settings.is_demo) == (None, None, False)


@pytest.mark.parametrize(
    "url", ["https://gateway.contoh.id/send", "http://127.0.0.1:9/send", "console:"]
)
def test_messages_travel_encrypted_or_stay_on_this_machine(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, ANTREAN_GATEWAY_URL=url).gateway_url == url


def test_networks_that_webhooks_may_reach_are_named_and_shown(tmp_path: Path) -> None:
    settings = load(tmp_path, ANTREAN_WEBHOOK_NETWORKS="10.20.0.0/16, 192.168.7.5,fd00::/8")
    assert list(map(str, settings.webhook_networks)) == [
        "10.20.0.0/16",
        "192.168.7.5/32",
        "fd00::/8",
    ]
    assert settings.masked()["webhook_networks"] == "10.20.0.0/16, 192.168.7.5/32, fd00::/8"
    assert load(tmp_path).webhook_networks == ()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="antrean.toml"):
        load(tmp_path, "public_url = ")
    with pytest.raises(BadSettings, match="ANTREAN_PUBLIC"):
        load(tmp_path, 'public = "https://contoh.id"')


def test_secrets_are_masked(tmp_path: Path) -> None:
    shown = load(
        tmp_path,
        ANTREAN_DATABASE_URL="postgresql+psycopg://antrean:geheim@db/antrean",
        ANTREAN_REDIS_URL="redis://:geheim2@cache/0",
        ANTREAN_SMTP_URL="smtp://me:geheim3@mail",
        ANTREAN_GATEWAY_URL="https://gateway.contoh.id/send?key=geheim4",
    ).masked()
    assert shown["database_url"] == "postgresql+psycopg://antrean:***@db/antrean"
    assert "geheim" not in str(shown)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        (
            "postgresql+psycopg://antrean:ge/h?e@im#@db:5432/antrean",
            "postgresql+psycopg://antrean:***@db:5432/antrean",
        ),
        (
            "postgresql+psycopg:///antrean?host=/run&user=a&password=geheim&sslmode=require",
            "postgresql+psycopg:///antrean?host=/run&user=a&password=***&sslmode=require",
        ),
        ("sqlite:////var/lib/a:b@c/antrean.db", "sqlite:////var/lib/a:b@c/antrean.db"),
    ],
)
def test_a_password_is_masked_wherever_the_database_finds_it(
    tmp_path: Path, url: str, masked: str
) -> None:
    assert load(tmp_path, ANTREAN_DATABASE_URL=url).masked()["database_url"] == masked


def test_the_sender_of_mail_is_shown(tmp_path: Path) -> None:
    url = "smtp://mail:25?from=antrean@contoh.id"
    assert load(tmp_path, ANTREAN_SMTP_URL=url).masked()["smtp_url"] == url


def test_pages_of_both_names_of_loopback_may_open_the_live_channel(tmp_path: Path) -> None:
    assert load(tmp_path, ANTREAN_PUBLIC_URL="http://localhost:8123").origins == [
        "http://127.0.0.1:8123",
        "http://localhost:8123",
    ]
    assert load(tmp_path, ANTREAN_PUBLIC_URL="https://antrean.contoh.id").origins == [
        "https://antrean.contoh.id"
    ]


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "nik.key"
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(read_key(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1 and len(found[0]) == KEY_BYTES
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["nik.key"], "no draft is left"


@pytest.mark.parametrize("text", ["", "short", "zz" * 32, "ab" * 31])
def test_a_key_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "nik.key"
    path.write_text(text)
    with pytest.raises(BadSettings, match=r"nik\.key"):
        read_key(path)


def test_settings_are_frozen_and_import_no_server() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().rate_limits = False  # type: ignore[misc]  # that is the point
    program = "import sys, queue_server.settings; print('flask' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "False"
    )


def test_without_a_public_address_it_is_where_the_server_listens() -> None:
    assert load_settings({}, Path("none.toml")).served_at(8123).public_url == (
        "http://127.0.0.1:8123"
    )
    given = {"ANTREAN_PUBLIC_URL": "https://antrean.example.go.id"}
    settings = load_settings(given, Path("none.toml"))
    assert settings.served_at(8123).public_url == "https://antrean.example.go.id"
