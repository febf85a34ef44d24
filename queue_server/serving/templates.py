"""The templates of the public's pages, compiled before anybody asks: one takes up to 20 ms, a page
has several, and all who ask in that moment would wait.
"""

from __future__ import annotations

import time

import gevent
from flask import Flask

PUBLIC = ("citizen/", "components/", "base.html", "error.html")
"""How their names begin."""

REST = 4
"""After each template others are served, for so many times as long as it took."""


def load_templates(app: Flask) -> int:
    """Compile each of them, one in a round of the loop. Returns how many there are."""
    names = [each for each in app.jinja_env.list_templates(["html"]) if each.startswith(PUBLIC)]
    for name in names:
        begun = time.perf_counter()
        app.jinja_env.get_template(name)
        gevent.sleep(REST * (time.perf_counter() - begun))
    return len(names)
