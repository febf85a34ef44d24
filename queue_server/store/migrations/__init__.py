"""Bring a database to the present schema with Alembic, which is loaded only when there is something
to bring.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from queue_server.store.writer.private_files import make_private

if TYPE_CHECKING:
    from alembic.config import Config

_VERSIONS = Path(__file__).parent / "versions"
_REVISION = re.compile(r"^(revision|down_revision) = ['\"]([^'\"]+)['\"]", re.MULTILINE)


def configure(url: str) -> Config:
    """Alembic's settings for one database url, without a file of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up. Safe to run again: a database that is up to date is left alone."""
    from alembic import command

    make_private(url)
    command.upgrade(configure(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down, for a rollback of a release."""
    from alembic import command

    command.downgrade(configure(url), revision)


def list_revisions() -> tuple[str, frozenset[str]]:
    """The newest revision, and all that lead to it, as the migrations themselves say: a server that
    starts need not load Alembic for it, which would cost it 14 MB for good.
    """
    links = [
        dict(_REVISION.findall(each.read_text())) for each in sorted(_VERSIONS.glob("[0-9]*.py"))
    ]
    known = frozenset(each["revision"] for each in links)
    (newest,) = known - {each["down_revision"] for each in links if "down_revision" in each}
    return newest, known
