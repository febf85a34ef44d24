"""Which scans are booking codes: nothing else is ever written down or sent, an identity card's
number least of all.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
_ADDRESS = re.compile(r"https?://[0-9A-Za-z.:\[\]-]+(?:/[0-9A-Za-z._~-]+)*/t/([^/?#]+)/?", re.I)
_LOOKALIKES = str.maketrans("OIL", "011")


def read_code(text: str) -> str | None:
    """The booking code in what was scanned or typed: 12 Crockford characters, in groups or not, or
    the address of our own QR code, on whatever host. None for anything else.

    Letters that look like digits are read as those. A number of 16 digits is no code.
    """
    address = _ADDRESS.fullmatch(text.strip())
    part = text if address is None else address[1]
    plain = re.sub(r"[\s-]", "", part).upper().translate(_LOOKALIKES)
    return plain if _CODE.fullmatch(plain) else None
