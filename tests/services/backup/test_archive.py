"""A backup that is not byte for byte the one that was written is refused: changed, cut off, mixed
from two, or made by hand to harm.
"""

from __future__ import annotations

import io
import tarfile
import zlib
from gzip import compress, decompress
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from queue_server.services.backup.archive import (
    MANIFEST,
    MEMBER_BYTES_MAX,
    ArchiveWriter,
    read_archive,
    read_part,
)
from queue_server.services.backup.encryption import (
    CHUNK_BYTES,
    MAGIC,
    TAG_BYTES,
    OpeningReader,
    SealingWriter,
)
from queue_server.services.backup.manifest import (
    BadBackup,
    Manifest,
    Part,
    TableEntry,
    write_manifest,
)
from tests.services.backup.keeping import KEY, OTHER_KEY

ROWS = [[number, "Zulaikha \u2028 Planted", None, True, 1.5] for number in range(50)]
COLUMNS = [("n", "int"), ("t", "text"), ("z", "text"), ("b", "bool"), ("f", "float")]
GZIP_HEAD = 10
"""Bytes that say nothing of the content: when it was written, and by what."""


def write(rows: list[list[Any]] = ROWS) -> bytes:
    file = io.BytesIO()
    archive = ArchiveWriter(file)
    count, parts = archive.add_table("t", rows, lambda _rows: None)
    archive.close(manifest(count, parts))
    return file.getvalue()


def manifest(count: int, parts: list[Part]) -> Manifest:
    entry = TableEntry("t", COLUMNS, count, parts)
    return Manifest("2026-11-23T09:00:00+07:00", "0.1", "sqlite", "0024", None, [], [entry])


def seal(content: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    sealing = SealingWriter(file, key)
    for first in range(0, len(content), 1000):
        sealing.write(content[first : first + 1000])
    sealing.finish()
    return file.getvalue()


def unseal(sealed: bytes, key: bytes = KEY) -> bytes:
    return io.BufferedReader(OpeningReader(io.BytesIO(sealed), key)).read()


WHOLE = write()
SEALED = seal(WHOLE)


def test_what_was_written_is_read() -> None:
    taken: list[list[Any]] = []
    read = read_archive(io.BytesIO(WHOLE), lambda _name, content: taken.extend(read_part(content)))
    assert taken == ROWS and read.rows == len(ROWS)
    assert unseal(SEALED) == WHOLE


def test_tar_opens_one_that_is_not_encrypted() -> None:
    with tarfile.open(fileobj=io.BytesIO(WHOLE), mode="r:gz") as archive:
        assert archive.getnames() == ["rows/t.0001.jsonl", MANIFEST]


@given(st.integers(GZIP_HEAD, len(WHOLE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(position: int, change: int) -> None:
    changed = bytearray(WHOLE)
    changed[position] ^= change
    assume(not unpacks_alike(changed))
    with pytest.raises(BadBackup):
        read_archive(io.BytesIO(changed))


def unpacks_alike(changed: bytes) -> bool:
    """Whether the content is the same all the same: a few bits of the packed form say nothing."""
    try:
        return decompress(changed) == decompress(WHOLE)
    except (OSError, EOFError, zlib.error):
        return False


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_changed_byte_of_an_encrypted_one_is_noticed(position: int, change: int) -> None:
    changed = bytearray(SEALED)
    changed[position] ^= change
    with pytest.raises(BadBackup):
        unseal(bytes(changed))


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_that_is_cut_off_is_noticed(length: int) -> None:
    with pytest.raises(BadBackup):
        read_archive(io.BytesIO(WHOLE[:length]))


@given(st.integers(0, len(SEALED) - 1))
@example(len(MAGIC) + 64)
def test_an_encrypted_file_that_is_cut_off_is_noticed(length: int) -> None:
    with pytest.raises(BadBackup):
        unseal(SEALED[:length])


@given(st.binary(max_size=3 * CHUNK_BYTES))
def test_content_of_any_length_is_unsealed(content: bytes) -> None:
    assert unseal(seal(content)) == content


def test_chunks_that_were_moved_or_cut_off_at_their_border_are_noticed() -> None:
    sealed = seal(bytes(3 * CHUNK_BYTES))
    head, step = len(MAGIC) + 64, CHUNK_BYTES + TAG_BYTES
    first, second = sealed[head : head + step], sealed[head + step : head + 2 * step]
    rest = sealed[head + 2 * step :]
    for mixed in (second + first + rest, first + second, first + rest, first + second + second):
        with pytest.raises(BadBackup):
            unseal(sealed[:head] + mixed)


def test_two_files_of_one_key_share_no_byte_that_is_sealed() -> None:
    again = seal(WHOLE)
    assert again[len(MAGIC) :][:32] != SEALED[len(MAGIC) :][:32]
    with pytest.raises(BadBackup, match="another key"):
        unseal(SEALED, OTHER_KEY)


def archive_of(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size, member.type = len(content), kind
            tar.addfile(member, io.BytesIO(content))
    return compress(file.getvalue())


PART = Part("rows/t.0001.jsonl", "0" * 64)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SQLite format 3\0",
        archive_of(("rows/t.0001.jsonl", b"[1]\n")),
        archive_of((MANIFEST, b"{}")),
        archive_of((MANIFEST, b"[]")),
        archive_of((MANIFEST, b'{"format": 99}')),
        archive_of((MANIFEST, write_manifest(manifest(1, [PART])))),
        archive_of(("x", b"[1]\n"), (MANIFEST, write_manifest(manifest(1, [PART])))),
        archive_of((MANIFEST, write_manifest(manifest(0, []))), ("more", b"")),
        archive_of(("link", b""), kind=tarfile.SYMTYPE),
        WHOLE + b"more",
    ],
    # named by what they are: the bytes of an archive change with the second in which it is made
    ids=[
        "nothing",
        "a database",
        "no manifest",
        "an empty manifest",
        "a list",
        "another format",
        "a part missing",
        "another part",
        "a part more",
        "a link",
        "something behind it",
    ],
)
def test_what_is_no_backup_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(BadBackup):
        read_archive(io.BytesIO(content))


def test_a_part_that_says_it_is_enormous_is_not_read() -> None:
    member = tarfile.TarInfo("rows/t.0001.jsonl")
    member.size = MEMBER_BYTES_MAX + 1
    with pytest.raises(BadBackup):
        read_archive(io.BytesIO(compress(member.tobuf() + bytes(1024))))


def test_a_part_of_something_else_than_rows_is_refused() -> None:
    for content in (b"{}\n", b"[1\n", b"\xff\n"):
        with pytest.raises(BadBackup):
            read_part(content)
