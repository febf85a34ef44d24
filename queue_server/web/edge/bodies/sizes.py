"""How large a form may be that brings a file: more only for those who may send it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from queue_server.web.edge.access.principals import principal
from queue_server.web.edge.access.routes import Access

View = TypeVar("View", bound=Callable[..., Any])


def brings_file(bytes_max: int) -> Callable[[View], View]:
    """Let a page's form be so large, if who sends it may open the page. Anything larger is refused
    by its announced length, before a byte of it is read.
    """

    def mark(view: View) -> View:
        # the mark that the hook below looks for
        view.bytes_max = bytes_max  # type: ignore[attr-defined]  # a mark on the view
        return view

    return mark


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    bytes_max: int | None = getattr(view, "bytes_max", None)
    access: Access | None = getattr(view, "access", None)
    if bytes_max is None or access is None or access.roles is None:
        return
    who = principal()
    if who is not None and who.role in access.roles:
        request.max_content_length = request.max_form_memory_size = bytes_max


def install(app: Flask) -> None:
    """Look at every request before its form is read."""
    app.before_request(_widen)
