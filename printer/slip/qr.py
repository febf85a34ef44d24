"""QR codes as plain squares, so that every renderer draws the same one."""

from __future__ import annotations

QUIET_MODULES = 4


def qr_modules(content: str) -> tuple[tuple[bool, ...], ...]:
    """The rows of a QR code at level M or better, dark is true, without the quiet border of
    `QUIET_MODULES`.
    """
    import segno

    code = segno.make_qr(content, error="m")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
