"""Text kept where others may read it one day, sealed under a key that is kept elsewhere.

Encrypted, then marked: the cipher is HMAC-SHA256 of a counter (a key stream), the mark HMAC-SHA256
of all of it, each under a key of its own. Both are in the standard library, so that nothing has to
be installed for a text that lives half an hour.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from itertools import count

NONCE_BYTES = 16
MARK_BYTES = 32


def seal(key: bytes, text: str) -> str:
    """Seal a text under a key of 32 bytes. The same text never gives the same twice."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    hidden = nonce + _cover(key, nonce, text.encode())
    return urlsafe_b64encode(hidden + _mark(key, hidden)).decode()


def unseal(key: bytes, sealed: str) -> str | None:
    """The text; None for one that was changed, or sealed under another key."""
    try:
        whole = b64decode(sealed, altchars=b"-_", validate=True)
    except (Error, ValueError):
        return None
    hidden, mark = whole[:-MARK_BYTES], whole[-MARK_BYTES:]
    if not hmac.compare_digest(mark, _mark(key, hidden)):
        return None
    return _cover(key, hidden[:NONCE_BYTES], hidden[NONCE_BYTES:]).decode()


def _mark(key: bytes, hidden: bytes) -> bytes:
    return hmac.digest(hmac.digest(key, b"mark", "sha256"), hidden, "sha256")


def _cover(key: bytes, nonce: bytes, text: bytes) -> bytes:
    """The text under the key stream; the covered text gives the text back."""
    stream, own = b"", hmac.digest(key, b"cover", "sha256")
    for block in count():
        if len(stream) >= len(text):
            break
        stream += hmac.digest(own, nonce + block.to_bytes(8, "big"), "sha256")
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))
