"""The codes that a visitor's wish is made of, and its bounds: one list for the kiosk, the server's
pages and its API.
"""

from __future__ import annotations

PARTY_SIZE_MAX = 50
"""No office may let a larger party come at once; how many one takes is a rule of its own."""
