"""What is wrong with a form, field by field."""

from __future__ import annotations

import re

from queue_server.web.edge.characters import UNSHOWN
from queue_server.web.edge.locale import gettext as _

_UNSHOWN = re.compile(f"[{UNSHOWN}]")
Errors = dict[str, str]
"""Field name -> a sentence that says what to do, in the order of the form."""


def check_line(typed: str) -> str | None:
    """A sentence about a line of a form that holds what cannot be printed, such as control
    characters from a copied text.
    """
    return (
        _("Remove the characters that cannot be shown, or type this anew")
        if _UNSHOWN.search(typed)
        else None
    )
