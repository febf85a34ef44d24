"""How templates may be laid out: indented as their parts contain each other, at no cost in bytes
and with no effect on what a browser shows.
"""

from __future__ import annotations

import re

from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.M)
_ALONE = re.compile(r"^(\{%(?:(?!%\}).)*|\{#(?:(?!#\}).)*)(?<![-+])([%#]\})[ \t]*$", re.M | re.S)
"""A statement or a comment with nothing beside it, over one line or several."""

_BEFORE_BLOCK = re.compile(
    r"\n(?=/?>|</?(?:article|body|dd|div|dl|dt|fieldset|footer|form|h[1-6]|head|header|html|legend|li|link"
    r"|main|meta|nav|ol|option|p|section|table|tbody|td|th|thead|title|tr|ul)\b)"
)
"""A line break that no browser shows: the next line begins or ends a paragraph, a row or the like,
or ends a tag.
"""


class Indentation(Extension):
    """Drops the indentation of every line, the line breaks that no browser shows, and the line
    break after a statement or a comment that stands alone. `+%}` keeps the last; `-` works as
    everywhere in Jinja. Line numbers in errors stay those of the file.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        lines = _ALONE.sub(r"\1-\2", _INDENTATION.sub("", source))
        # A comment takes the line break out of the page and leaves it in the count of lines.
        return _BEFORE_BLOCK.sub("{#\n#}", lines)
