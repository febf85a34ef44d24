"""Challenges that cost a browser some work, turns for those who wait instead, and the proofs of
both. The server keeps nothing of them until one is used: each names what it is worth and until
when, under the server's key.

A challenge is `w.EXPIRES.BITS.UNITS.NAME.MARK`. Its answer is one nonce for each unit, joined by
"-": scrypt (RFC 7914; N 256, r 4, p 1, 4 bytes) of the nonce with the salt `NAME:UNIT` must begin
with BITS zero bits. Memory-hard, so that a program's own hardware wins little over a script in a
phone. A pass is `t.DUE.PEOPLE.NAME.MARK`; it is its own proof from DUE on. Times are seconds since
1970.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from queue_server.domain.booking.rush import PROOF_LASTS, Proof
from queue_server.web.edge.long_work.pauses import pause

SECOND_BITS = 8
"""A unit of so many bits takes 256 tries on average: about a second on an ordinary phone."""

SINGLE_SECONDS_MAX = 8
"""Up to so many seconds each unit is one second; above it two, so that the answer stays cheap to
check."""

MOST_PROOFS, MOST_UNITS = 8, 120

_checking = Lock()
_NONCE = re.compile(r"[0-9a-z]{1,12}\Z")
_CHALLENGE = re.compile(
    r"w\.(?P<until>[0-9]{1,12})\.(?P<bits>[0-9]{1,2})\.(?P<units>[0-9]{1,3})"
    r"\.(?P<name>[0-9a-f]{24})\.[0-9a-f]{32}\Z"
)
_PASS = re.compile(
    r"t\.(?P<due>[0-9]{1,12})\.(?P<people>[0-9]{1,3})\.(?P<name>[0-9a-f]{24})\.[0-9a-f]{32}\Z"
)


@dataclass(frozen=True)
class Challenge:
    """Work to be done: `units` nonces of `bits` zero bits each; `text` goes back with them."""

    text: str
    name: str
    bits: int
    units: int


def _sign(key: bytes, office: str, text: str) -> str:
    return hmac.new(key, f"proof\0{office}\0{text}".encode(), hashlib.sha256).hexdigest()[:32]


def _is_signed(key: bytes, office: str, text: str) -> bool:
    head, _, mark = text.rpartition(".")
    return hmac.compare_digest(mark, _sign(key, office, head))


def make_challenge(key: bytes, office: str, seconds: int, now: datetime) -> Challenge:
    """A challenge of so many seconds of a phone, at least one."""
    single = seconds <= SINGLE_SECONDS_MAX
    bits, units = (
        (SECOND_BITS, max(1, seconds))
        if single
        else (SECOND_BITS + 1, min(MOST_UNITS, -(-seconds // 2)))
    )
    name = secrets.token_hex(12)
    head = f"w.{int((now + PROOF_LASTS).timestamp())}.{bits}.{units}.{name}"
    return Challenge(f"{head}.{_sign(key, office, head)}", name, bits, units)


def make_pass(key: bytes, office: str, people: int, due: datetime) -> str:
    """The pass of a party in line."""
    head = f"t.{int(due.timestamp())}.{people}.{secrets.token_hex(12)}"
    return f"{head}.{_sign(key, office, head)}"


def pass_due(key: bytes, office: str, given: Iterable[str]) -> datetime | None:
    """When the first of the passes among the proofs comes."""
    due = [
        int(match["due"])
        for each in given
        if (match := _PASS.match(each)) is not None and _is_signed(key, office, each)
    ]
    return datetime.fromtimestamp(min(due), UTC) if due else None


def is_solved(name: str, unit: int, bits: int, nonce: str) -> bool:
    """Whether a nonce solves a unit of a challenge. A third of a millisecond of work."""
    if _NONCE.match(nonce) is None:
        return False
    digest = hashlib.scrypt(
        nonce.encode(), salt=f"{name}:{unit}".encode(), n=256, r=4, p=1, dklen=4
    )
    return int.from_bytes(digest, "big") >> (32 - bits) == 0


def _count_solved(name: str, bits: int, nonces: Sequence[str]) -> int:
    """How many units are solved, up to the first that is not.

    One request's units are checked at a time, and between two of them whoever else waits is
    answered: 40 ms of checks, for each of many who bring their proofs at once, would keep everybody
    waiting.
    """
    with _checking:
        for unit, nonce in enumerate(nonces):
            if not is_solved(name, unit, bits, nonce):
                return unit
            pause()
    return len(nonces)


def read_proofs(key: bytes, office: str, given: Iterable[str], now: datetime) -> Proof:
    """What the proofs with a request are worth. Those forged, too old or not yet due are worth
    nothing, as are units left unsolved."""
    seconds = pass_people = checked = 0
    names: list[str] = []
    for text in list(given)[:MOST_PROOFS]:
        challenge, _, answer = text.partition(":")
        match = _CHALLENGE.match(challenge) or _PASS.match(challenge)
        if match is None or match["name"] in names or not _is_signed(key, office, challenge):
            continue
        if challenge.startswith("t."):
            due = datetime.fromtimestamp(int(match["due"]), UTC)
            if due <= now < due + PROOF_LASTS:
                pass_people = max(pass_people, int(match["people"]))
                names.append(match["name"])
        elif int(match["until"]) > now.timestamp():
            bits, most = int(match["bits"]), min(int(match["units"]), MOST_UNITS - checked)
            nonces = answer.split("-")[:most]
            solved = _count_solved(match["name"], bits, nonces)
            checked += min(len(nonces), solved + 1)
            if solved:
                seconds += solved << (bits - SECOND_BITS)
                names.append(match["name"])
    return Proof(seconds, pass_people, tuple(names))
