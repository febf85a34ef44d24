"""Texts as a slip may carry them: nothing that a visitor or an office typed can become a printer
command, and nothing is longer than its place.
"""

from __future__ import annotations

import re
import unicodedata


def clean(text: str) -> str:
    """`text` composed (NFC), on one line, without control, format, surrogate or unassigned
    characters.
    """
    spaced = "".join(
        " " if unicodedata.category(each) in ("Cc", "Zl", "Zp", "Zs") else each
        for each in unicodedata.normalize("NFC", text)
    )
    return " ".join(
        "".join(
            each for each in spaced if unicodedata.category(each) not in ("Cf", "Cs", "Co", "Cn")
        ).split()
    )


def clip(text: str, most: int) -> str:
    """`text` cleaned, and cut before a word where it is longer than `most` characters."""
    whole = clean(text)
    if len(whole) <= most:
        return whole
    kept = whole[: max(0, most - 1)]
    start, _, _ = kept.rpartition(" ")
    return f"{(start if 2 * len(start) > most else kept).rstrip(' ,;:-')}…" if most else ""


def group_code(code: str) -> str:
    """A ticket code in groups of three or four, such as "7F3K-9Q2M"; a code that already has
    hyphens is kept.
    """
    text = clean(code).upper()
    if "-" in text or len(text) < 6:
        return text
    groups = -(-len(text) // 4)
    size, longer = divmod(len(text), groups)
    parts, start = [], 0
    for index in range(groups):
        end = start + size + (index < longer)
        parts.append(text[start:end])
        start = end
    return "-".join(parts)


def qr_content(url: str) -> str:
    """The address for the QR code: a ticket's own address in capitals, any other as it is.

    A QR code packs `0-9 A-Z $%*+-./:` more tightly. Scheme and host are not case-sensitive, and the
    server answers to `/T/CODE`. A path before that belongs to the proxy in front of the server, and
    may be case-sensitive.
    """
    address = clean(url).replace(" ", "")
    return (
        address.upper()
        if re.fullmatch(r"https?://[0-9a-z.:-]+/t/[0-9a-z]+", address, re.IGNORECASE)
        else address
    )
