"""The QR code of a ticket's page, as one path that the screen draws itself."""

from __future__ import annotations

from functools import lru_cache

import segno

QUIET_MODULES = 4


@lru_cache(maxsize=128)
def draw_qr(text: str) -> dict[str, str | int]:
    """`text` as `{"size": modules along a side, "path": SVG path data}`, with the quiet zone."""
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix]
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{x + QUIET_MODULES} {y + QUIET_MODULES}h{length}v1h-{length}z")
            x += max(length, 1)
    return {"size": len(rows) + 2 * QUIET_MODULES, "path": "".join(runs)}
