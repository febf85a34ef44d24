"""The file of a backup: a compressed tar archive of parts with rows, and the manifest at its end.

`tar xzf` opens one that is not encrypted. A part is a few MB of lines, each a row as a JSON array,
so neither writing nor reading holds a table in memory.
"""

from __future__ import annotations

import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterable
from gzip import BadGzipFile, GzipFile
from hashlib import sha256
from typing import IO, Any, Protocol, cast

from .manifest import BadBackup, Manifest, Part, read_manifest, write_manifest

PART_BYTES = 2_000_000
MEMBER_BYTES_MAX = 64_000_000
"""No part is near as long: what is longer was not written by us."""

MANIFEST = "manifest.json"
_LEVEL = 6
_READ_BYTES = 1 << 16


class Writable(Protocol):
    """What an archive is written to: a file, or what encrypts on the way to one."""

    def write(self, data: bytes, /) -> int: ...


class ArchiveWriter:
    """Writes the parts of table after table, and at last the manifest."""

    def __init__(self, file: Writable) -> None:
        self._zip = GzipFile(
            filename="", mode="wb", fileobj=cast(Any, file), compresslevel=_LEVEL, mtime=0
        )
        # It stays open until `close`, so no block can hold it.
        self._tar = tarfile.open(mode="w|", fileobj=cast(Any, self._zip))  # noqa: SIM115

    def add_table(
        self, name: str, rows: Iterable[list[Any]], tell: Callable[[int], object]
    ) -> tuple[int, list[Part]]:
        """Write the rows of a table. Returns how many there were, and their parts. `tell` hears
        after each part how many rows came in it.
        """
        parts: list[Part] = []
        total = count = 0
        lines = io.BytesIO()

        def end_part() -> None:
            nonlocal count
            if count:
                parts.append(self._add(f"rows/{name}.{len(parts) + 1:04}.jsonl", lines.getvalue()))
                tell(count)
            lines.seek(0)
            lines.truncate()
            count = 0

        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
            lines.write(b"\n")
            count, total = count + 1, total + 1
            if lines.tell() >= PART_BYTES:
                end_part()
        end_part()
        return total, parts

    def close(self, manifest: Manifest) -> None:
        """Write the manifest and end the archive; the file is the caller's to close."""
        self._add(MANIFEST, write_manifest(manifest))
        self._tar.close()
        self._zip.close()

    def _add(self, name: str, content: bytes) -> Part:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        self._tar.addfile(member, io.BytesIO(content))
        return Part(name, sha256(content).hexdigest())


def read_archive(
    file: IO[bytes], take: Callable[[str, bytes], object] = lambda _name, _content: None
) -> Manifest:
    """Read an archive to its end and hand over each part of rows. The hashes are compared at the
    end: act on the parts only when an earlier reading has returned. Raises `BadBackup`.
    """
    hashes: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with GzipFile(fileobj=file, mode="rb") as unzipped:
            with tarfile.open(mode="r|", fileobj=cast(Any, unzipped)) as tar:
                for member in tar:
                    content = _read_member(tar, member)
                    if manifest is not None or member.name in hashes:
                        raise BadBackup("It holds more than was written.")
                    if member.name == MANIFEST:
                        manifest = read_manifest(content)
                        continue
                    hashes[member.name] = sha256(content).hexdigest()
                    take(member.name, content)
            while unzipped.read(_READ_BYTES):
                pass
    except (BadGzipFile, EOFError, zlib.error, tarfile.TarError):
        raise BadBackup(
            "It is damaged, cut off or no backup; one that is encrypted needs its key."
        ) from None
    if manifest is None:
        raise BadBackup("It ends without its manifest.")
    if hashes != {part.name: part.sha256 for each in manifest.tables for part in each.parts}:
        raise BadBackup("A part of it is missing or is not the one that was written.")
    return manifest


def _read_member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = tar.extractfile(member) if member.isfile() else None
    if content is None or member.size > MEMBER_BYTES_MAX:
        raise BadBackup("It holds something that is no part of a backup.")
    return content.read()


def read_part(content: bytes) -> list[list[Any]]:
    """The rows of a part. Raises `BadBackup`."""
    try:
        rows = [json.loads(line) for line in content.splitlines()]
    except ValueError:
        raise BadBackup("A part of it cannot be read.") from None
    if not all(isinstance(each, list) for each in rows):
        raise BadBackup("A part of it holds something else than rows.")
    return rows
