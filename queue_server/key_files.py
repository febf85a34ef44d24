"""Secret keys in files of their own, outside of the database and of the settings."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from .settings import BadSettings

KEY_BYTES = 32


def read_key(path: Path) -> bytes:
    """The key in a file of its own, made at the first start and readable by its owner only.

    Two processes that start at once agree on one key: the file is linked into place whole, and only
    if none is there. Raises `BadSettings` for a file that holds no key, cannot be read, or cannot
    be made.
    """
    try:
        if not path.exists():
            _make_key(path)
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        raise BadSettings(f"{path}: not a key of hexadecimal digits") from None
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from None
    if len(key) < KEY_BYTES:
        raise BadSettings(f"{path}: a key needs {KEY_BYTES} bytes")
    return key


def replace_key(path: Path) -> None:
    """Put a new key in the place of the one in a file, which is gone then. A running server keeps
    the old one until it is started anew. Raises `BadSettings` where that is not possible.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _draft_key(path).replace(path)
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from None


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft_key(path)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft_key(path: Path) -> Path:
    """A new key in a file beside, on the disk."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return draft
