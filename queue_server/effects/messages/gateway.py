"""The adapter for SMS and WhatsApp: one HTTP request to the provider's gateway for each message,
written by the operator's template.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from queue_server.domain.messages.signature import sign

from .port import Draft, Refused

PLACEHOLDERS = frozenset({"phone", "digits", "text", "id", "language"})
"""What a template may name: the number as +62…, and without the plus; the words; the id of the
message; the language of its reader.
"""

FINAL = frozenset({400, 410, 413, 422})
"""Answers that say something of this message. Others may be the fault of the way or of a setting,
such as a wrong password, and the message is tried again.
"""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Template:
    """The body of a request, read once: for JSON its structure, for a form its pairs. Values are
    put into the strings of what was read, so nothing in them can end a string or add a field.
    """

    content: Any
    is_json: bool

    @property
    def content_type(self) -> str:
        return "application/json" if self.is_json else "application/x-www-form-urlencoded"

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The body with these values."""
        filled = _fill(self.content, lambda name: values[name])
        text = json.dumps(filled) if self.is_json else urlencode([tuple(pair) for pair in filled])
        return text.encode()


def parse_template(text: str, form: str) -> Template:
    """Read a template, `form` "json" or "form". It must name the number and `{text}`. Raises
    `ValueError`.
    """
    try:
        content: Any = (
            json.loads(text)
            if form == "json"
            else [tuple(pair) for pair in parse_qsl(text, True, strict_parsing=True)]
        )
    except ValueError:
        raise ValueError(f"is no {'JSON' if form == 'json' else 'form'}") from None
    named: set[str] = set()

    def note(name: str) -> str:
        named.add(name)
        return ""

    _fill(content, note)
    if named - PLACEHOLDERS:
        raise ValueError(f"unknown: {', '.join(sorted(named - PLACEHOLDERS))}")
    if "text" not in named or not named & {"phone", "digits"}:
        raise ValueError("must name {text}, and {phone} or {digits}")
    return Template(content, form == "json")


def _fill(content: Any, value_of: Callable[[str], str]) -> Any:
    if isinstance(content, str):
        return _PLACEHOLDER.sub(lambda match: value_of(match[1]), content)
    if isinstance(content, dict):
        return {name: _fill(each, value_of) for name, each in content.items()}
    if isinstance(content, (list, tuple)):
        return [_fill(each, value_of) for each in content]
    return content


@dataclass(frozen=True)
class Gateway:
    """Where messages by telephone are handed in. `header` is sent along, with the secret in it;
    `signing_key` signs each request.
    """

    url: str
    template: Template
    header: tuple[str, str] | None = None
    signing_key: bytes | None = None
    timeout_seconds: float = 10.0


class GatewaySender:
    """Sends by a gateway. Follows no redirect: what a message says is for the gateway alone."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def send(self, draft: Draft, now: datetime) -> None:
        gateway = self._gateway
        values = {
            "phone": draft.address,
            "digits": draft.address.removeprefix("+"),
            "text": draft.letter.text,
            "id": draft.id,
            "language": draft.language or "",
        }
        body = gateway.template.fill(values)
        headers = {
            "Content-Type": gateway.template.content_type,
            # With it the gateway knows a repetition, as after a process has died between the
            # sending and the noting.
            "Idempotency-Key": draft.id,
            "User-Agent": "antrean",
            "Connection": "close",
        }
        if gateway.header is not None:
            headers[gateway.header[0]] = gateway.header[1]
        if gateway.signing_key is not None:
            headers["webhook-id"] = draft.id
            headers["webhook-timestamp"] = f"{now.timestamp():.0f}"
            headers["webhook-signature"] = sign(gateway.signing_key, draft.id, now, body)
        status = self._post(body, headers)
        if not 200 <= status < 300:
            raise Refused(status, is_final=status in FINAL)

    def close(self) -> None:
        """Nothing stays open: a connection is made for each message."""

    def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer; its body is not read. Raises `OSError`, `HTTPException`."""
        parts = urlsplit(self._gateway.url)
        timeout = self._gateway.timeout_seconds
        assert parts.hostname is not None, "settings admit no other"
        connection: HTTPConnection = (
            HTTPSConnection(
                parts.hostname, parts.port, timeout=timeout, context=ssl.create_default_context()
            )
            if parts.scheme == "https"
            else HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        )
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()
