"""The paths of the bundled DejaVu Sans (licence beside it)."""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).parents[1] / "fonts"
REGULAR = FONTS / "DejaVuSans.ttf"
BOLD = FONTS / "DejaVuSans-Bold.ttf"
