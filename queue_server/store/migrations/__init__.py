"""Bring a database to the present schema with Alembic."""
from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from ..private_files import make_private


def configure(url: str) -> Config:
    """Alembic's settings for one database url, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up. Safe to run again: a database that is up to date is left alone."""
    make_private(url)
    command.upgrade(configure(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down, for a rollback of a release."""
    command.downgrade(configure(url), revision)
