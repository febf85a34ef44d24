"""What a refusal must look like, for all tests of the API."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse


def problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem of a refused request, checked for its form."""
    assert (response.status_code, response.mimetype) == (status, "application/problem+json"), (
        response.text
    )
    body: dict[str, Any] = response.get_json()
    assert (body["code"], body["status"]) == (code, status), body
    assert body["type"] and body["title"] and body["detail"]
    return body
