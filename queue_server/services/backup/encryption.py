"""Backups encrypted with the key of a file: AES-256-GCM in chunks, so that a backup of any length
is written and read as a stream.

Each file has a key of its own, derived from the key file and a random salt. A chunk's nonce is its
number and whether it is the last: chunks that are left out, moved or cut off do not open. The head
says by a keyed check whether the key fits, before anything is read.
"""

from __future__ import annotations

import hmac
import io
import secrets
from hashlib import sha256
from typing import IO

from .manifest import BadBackup

MAGIC = b"antrean backup 1 AES-256-GCM\n"
SALT_BYTES, CHECK_BYTES, TAG_BYTES = 32, 32, 16
CHUNK_BYTES = 1 << 16


class MissingCipher(Exception):
    """The package that encrypts is not installed; the message says how to install it."""


class SealingWriter:
    """Encrypts what is written to it, into a file that the caller closes. What was written counts
    only after `finish`.
    """

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        self._file, self._cipher = file, _Cipher(key, salt)
        self._pending = bytearray()
        self._number = 0
        file.write(MAGIC + salt + _derive(key, b"check", salt))

    def write(self, data: bytes) -> int:
        """Take bytes; whole chunks are written at once, the last one by `finish`."""
        self._pending += data
        while len(self._pending) > CHUNK_BYTES:
            self._seal(bytes(self._pending[:CHUNK_BYTES]), is_last=False)
            del self._pending[:CHUNK_BYTES]
        return len(data)

    def flush(self) -> None:
        """Nothing: a chunk is written when it is full."""

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._pending), is_last=True)

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.seal(self._number, chunk, is_last=is_last))
        self._number += 1


class OpeningReader(io.RawIOBase):
    """Decrypts a file, and closes it with itself. Raises `BadBackup` for a wrong key, at once, and
    where a chunk is not the one that was written.
    """

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        head = file.read(len(MAGIC) + SALT_BYTES + CHECK_BYTES)
        salt, check = head[len(MAGIC) : -CHECK_BYTES], head[-CHECK_BYTES:]
        if len(salt) != SALT_BYTES or not is_encrypted(head):
            raise BadBackup("It is not encrypted: leave --key out.")
        if not hmac.compare_digest(check, _derive(key, b"check", salt)):
            raise BadBackup("It was encrypted with another key.")
        self._file, self._cipher = file, _Cipher(key, salt)
        self._next = file.read(CHUNK_BYTES + TAG_BYTES)
        if not self._next:  # even of nothing there is a last chunk
            raise BadBackup("It is damaged or cut off.")
        self._number = 0
        self._left = b""

    def close(self) -> None:
        self._file.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer with what comes next; 0 at the end."""
        view = memoryview(buffer)  # type: ignore[arg-type]  # any buffer
        while not self._left and self._next:
            self._left = self._open_next()
        given = self._left[: len(view)]
        view[: len(given)] = given
        self._left = self._left[len(given) :]
        return len(given)

    def _open_next(self) -> bytes:
        chunk, self._next = self._next, self._file.read(CHUNK_BYTES + TAG_BYTES)
        opened = self._cipher.open(self._number, chunk, is_last=not self._next)
        self._number += 1
        return opened


class _Cipher:
    """The chunks of one file."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError:
            raise MissingCipher(
                "To encrypt backups a package is missing: pip install 'antrean[backup]'"
            ) from None
        self._aead = AESGCM(_derive(key, b"file", salt))

    def seal(self, number: int, chunk: bytes, *, is_last: bool) -> bytes:
        sealed: bytes = self._aead.encrypt(_nonce(number, is_last), chunk, None)
        return sealed

    def open(self, number: int, chunk: bytes, *, is_last: bool) -> bytes:
        """The chunk as it was. Raises `BadBackup`."""
        from cryptography.exceptions import InvalidTag

        try:
            opened: bytes = self._aead.decrypt(_nonce(number, is_last), chunk, None)
        except (InvalidTag, ValueError):
            raise BadBackup("It is damaged or cut off.") from None
        return opened


def is_encrypted(head: bytes) -> bool:
    """Whether a file that begins so is an encrypted backup."""
    return head.startswith(MAGIC)


def _derive(key: bytes, purpose: bytes, salt: bytes) -> bytes:
    return hmac.new(key, b"antrean backup " + purpose + salt, sha256).digest()


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
