"""Settings, read once at start from `ANTREAN_*` variables and `antrean.toml`. An unknown or bad one
stops the start.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "ANTREAN_"
TEST_PREFIX = "ANTREAN_TEST_"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
CONSOLE = "console:"
"""In place of the address of a gateway: messages are printed, and nobody is told."""

_QUOTING = "write / ? # @ in a password as %2F %3F %23 %40"


class BadSettings(ValueError):
    """Settings that cannot be right; the message names each and says why."""


class Settings(BaseModel):
    """All settings of a server. Times in seconds, sizes in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = "sqlite:///var/antrean.db"
    redis_url: str | None = None
    secret_key_file: Path = Path("var/secret.key")
    nik_key_file: Path = Path("var/nik.key")
    public_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = Field(default=("127.0.0.1", "localhost"), min_length=1)
    smtp_url: str | None = None
    gateway_url: str | None = None
    gateway_format: Literal["json", "form"] = "json"
    gateway_body: str = '{"to": "{phone}", "text": "{text}", "id": "{id}"}'
    gateway_header: str = "Authorization: Bearer {secret}"
    gateway_secret_file: Path | None = None
    gateway_signing_key_file: Path | None = None
    gateway_timeout_seconds: float = Field(default=10.0, ge=1, le=30)
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        default=(), description="networks that webhooks may reach though they are not public"
    )
    webhook_timeout_seconds: float = Field(default=10.0, ge=1, le=30)
    second_factor: Literal["required", "optional"] = Field(
        default="required",
        description="whether managers and administrators must have a second factor; never in the "
        "demo",
    )
    second_factor_grace_days: int = Field(
        default=14,
        ge=0,
        le=365,
        description="how long after the first sign-in that asks for it they may put it off",
    )
    oidc_issuer: str | None = Field(
        default=None, description="the address of the office's own sign-in service"
    )
    oidc_client_id: str | None = None
    oidc_client_secret_file: Path | None = None
    rate_limits: bool = True
    screens_per_address: int = Field(
        default=200,
        ge=1,
        le=100_000,
        description="connections on the live channel from one address; devices, and staff who have "
        "signed in, do not count",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="proxies of ours before the server, whose X-Forwarded-For is believed",
    )
    voice_dir: Path | None = Field(
        default=None,
        description="folder of the office's own recordings for screens in plain browsers: id/…, "
        "en/…",
    )
    certificate_file: Path | None = Field(
        default=None, description="the site's certificate, whose end antrean doctor watches"
    )
    backup_dir: Path | None = Field(
        default=None, description="folder of the nightly backups, which antrean doctor watches"
    )
    backup_key_file: Path | None = Field(
        default=None, description="with which they are encrypted; none if they are not"
    )
    demo_access_file: Path | None = Field(
        default=None, description="the demo's access.json; set only by `antrean demo`"
    )
    clock_offset_seconds: float = Field(
        default=0.0, description="added to the clock; set only by `antrean demo`"
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("trusted_hosts", "webhook_networks", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator(
        "redis_url",
        "smtp_url",
        "gateway_url",
        "gateway_secret_file",
        "gateway_signing_key_file",
        "oidc_issuer",
        "oidc_client_id",
        "oidc_client_secret_file",
        "voice_dir",
        "certificate_file",
        "backup_dir",
        "backup_key_file",
        "demo_access_file",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if value == "" else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):  # a port that is no number is a ValueError
            url = None
        is_file = (
            url is not None
            and url.drivername == "sqlite"
            and url.host is None
            and url.database not in (None, "", ":memory:")
        )
        if not is_file and (url is None or url.drivername != "postgresql+psycopg"):
            raise ValueError("use sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
        if not is_file:
            _need("psycopg", "postgres")
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str | None) -> str | None:
        if value is not None and _split_url(value, "redis", "rediss") is None:
            raise ValueError(
                f"use redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER], or rediss://; {_QUOTING}"
            )
        if value is not None:
            _need("redis", "redis")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, value: str) -> str:
        parts = _split_url(value, "http", "https")
        if (
            parts is None
            or parts.path not in ("", "/")
            or parts.query
            or parts.fragment
            or "@" in parts.netloc
        ):
            raise ValueError("use http(s)://HOST[:PORT] without a path")
        return value.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _is_service(cls, value: str | None) -> str | None:
        parts = None if value is None else _split_url(value, "http", "https")
        if value is not None and (parts is None or parts.query or parts.fragment or parts.username):
            raise ValueError("use https://HOST[:PORT][/PATH] as the service calls itself")
        if parts and parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
            raise ValueError("use https: whoever reads along could sign in as anybody")
        if value is not None:
            _need("authlib", "server")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: str | None) -> str | None:
        parts = None if value is None else _split_url(value, "smtp", "smtps")
        if value is not None and (parts is None or parts.path not in ("", "/") or parts.fragment):
            raise ValueError(
                f"use smtp://[USER:PASSWORD@]HOST[:PORT][?from=ADDRESS], or smtps://; {_QUOTING}"
            )
        return value

    @field_validator("gateway_url")
    @classmethod
    def _is_gateway(cls, value: str | None) -> str | None:
        if value in (None, CONSOLE):
            return value
        parts = _split_url(str(value), "http", "https")
        if parts is None or "@" in parts.netloc or parts.fragment:
            raise ValueError(f"use https://HOST[:PORT]/PATH without a password, or {CONSOLE}")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
            raise ValueError("use https: names and numbers must not travel in the open")
        return value

    @field_validator("gateway_header")
    @classmethod
    def _is_header(cls, value: str) -> str:
        if re.fullmatch(r"[A-Za-z0-9-]+: ?[\x21-\x7e ]*\{secret\}[\x21-\x7e ]*", value) is None:
            raise ValueError("use NAME: VALUE with {secret} in the value; the secret is in a file")
        return value

    @property
    def host_name(self) -> str:
        """The name under which the public finds the server."""
        return urlsplit(self.public_url).hostname or "localhost"

    def served_at(self, port: int) -> Settings:
        """The same; with no public address set, it is this machine at the port of the server."""
        if "public_url" in self.model_fields_set:
            return self
        return self.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})

    @property
    def is_demo(self) -> bool:
        return self.demo_access_file is not None

    @property
    def second_factor_grace(self) -> timedelta | None:
        """How long a second factor may be put off; None where nobody must have one."""
        if self.is_demo or self.second_factor == "optional":
            return None
        return timedelta(days=self.second_factor_grace_days)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def origins(self) -> list[str]:
        """Origins whose pages may open the live channel: our own, and on loopback both of its
        names.
        """
        parts = urlsplit(self.public_url)
        if parts.hostname in ("127.0.0.1", "localhost"):
            port = f":{parts.port}" if parts.port else ""
            return [f"{parts.scheme}://127.0.0.1{port}", f"{parts.scheme}://localhost{port}"]
        return [self.public_url]

    def masked(self) -> dict[str, str]:
        """Every setting as text, with passwords in urls masked."""
        shown = {name: _mask(str(value)) for name, value in self.model_dump().items()}
        # Some providers want their key in the address.
        return shown | {
            "gateway_url": re.sub(r"\?.*", "?***", shown["gateway_url"]),
            "webhook_networks": ", ".join(map(str, self.webhook_networks)),
        }


def _need(package: str, extra: str) -> None:
    """Refuse what cannot work here, because a package is not installed or cannot be loaded."""
    try:
        import_module(package)
    except ImportError:
        raise ValueError(f"needs the package {package}: pip install 'antrean[{extra}]'") from None


def _split_url(text: str, *schemes: str) -> SplitResult | None:
    """A url of one of these schemes with a host, and a port in range if it has one; None for any
    other text.
    """
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # raises ValueError
    except ValueError:
        return None
    return parts if parts.scheme in schemes and parts.hostname else None


def _mask(text: str) -> str:
    """A url without its password, be it before the last @ or among its parameters."""
    # Of a database's url only the password may hold a question mark before the last @; of a mail
    # server's the sender follows one.
    before_at = ".*" if text.startswith("postgresql") else "[^?]*"
    masked = re.sub(rf"(://[^:/@]*):{before_at}@", r"\1:***@", text)
    return re.sub(r"([?&](?:ssl)?password=)[^&#]*", r"\1***", masked)


def load_settings(
    environ: Mapping[str, str] = os.environ, file: Path = Path("antrean.toml"), **overrides: Any
) -> Settings:
    """Read the file, then the environment over it, then `overrides`. Raises `BadSettings`."""
    values: dict[str, Any] = {}
    if file.exists():
        try:
            values.update(tomllib.loads(file.read_text()))
        except tomllib.TOMLDecodeError as error:
            raise BadSettings(f"{file}: {error}") from None
    for name, value in environ.items():
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX):
            values[name.removeprefix(PREFIX).lower()] = value
    values.update(overrides)
    try:
        return Settings(**values)
    except ValidationError as error:
        lines = [
            f"{PREFIX}{'.'.join(map(str, each['loc'])).upper()}: {each['msg']}"
            for each in error.errors()
        ]
        raise BadSettings("\n".join(lines)) from None
