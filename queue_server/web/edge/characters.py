"""Characters no address and no form of ours holds: what PostgreSQL cannot store and a log line
should not show.
"""

from __future__ import annotations

import re

from flask import Flask, request
from werkzeug.exceptions import NotFound

from queue_server.domain.errors import BadInput

UNSHOWN = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""For a class of a regular expression: control characters, line breaks, and the marks that turn the
reading direction of what follows.
"""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def refuse_control_characters() -> None:
    """Raises `NotFound` for a control character in the path, `BadInput` for NUL in a query or form.
    JSON is read by its schema.
    """
    if CONTROL.search(request.path):
        raise NotFound()
    given = [*request.args.items(multi=True)]
    if request.mimetype in FORMS:
        given += request.form.items(multi=True)
    for name, value in given:
        if "\0" in name or "\0" in value:
            raise BadInput(field=name.replace("\0", ""), reason="characters")


def install(app: Flask) -> None:
    """Look at every request before anything else does."""
    app.before_request(refuse_control_characters)
