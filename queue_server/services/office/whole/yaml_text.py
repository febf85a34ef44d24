"""YAML as plain values and back: no more of it than a file of ours needs.

Strange files are refused before they cost anything: too long, with references to other places of
the file (by which a small file means a huge one), nested without end, a field given twice. A bare
13:00, no or 2026-01-01 is a text, as a person means it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

from queue_server.domain.errors import BadInput

BYTES_MAX = 1_000_000
DEPTH_MAX = 20


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # the library carries no types
    """Safe, and without references and fields given twice."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise _refuse("reference", self.peek_event().start_mark)
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise _refuse("depth", self.peek_event().start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _value in node.value:
            if key.value in seen:
                raise _refuse("duplicate", key.start_mark)
            if isinstance(key.value, str):
                seen.add(key.value)
        made: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return made


# Of all tags a file may name, only these mean something here.
_Loader.yaml_constructors = {
    **{
        f"tag:yaml.org,2002:{kind}": yaml.SafeLoader.yaml_constructors[f"tag:yaml.org,2002:{kind}"]
        for kind in ("null", "bool", "int", "float", "str", "seq", "map")
    },
    None: yaml.SafeLoader.yaml_constructors[None],
}
# The dumper quotes more than this loader reads as something else than a text.
_Loader.yaml_implicit_resolvers = {}
for _tag, _form, _first in (
    ("null", r"(?:~|null|)\Z", "~n"),
    ("bool", r"(?:true|false)\Z", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]{0,17})\Z", "-0123456789"),
    ("float", r"-?[0-9]{1,18}\.[0-9]*(?:e[-+][0-9]{1,3})?\Z", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form), list(_first))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"\Z"), [""])


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # the same
    """Writes everything where it stands, never as a reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def read_yaml(content: bytes) -> object:
    """The plain values of a file. Raises `BadInput` (field "file", and the `line` where there is
    one).
    """
    if len(content) > BYTES_MAX:
        raise BadInput(field="file", reason="length", high=BYTES_MAX)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(field="file", reason="encoding") from None
    try:
        loader = _Loader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadInput(
            field="file", reason="yaml", line=None if mark is None else mark.line + 1
        ) from None
    except (ValueError, TypeError, RecursionError):
        raise BadInput(field="file", reason="yaml", line=None) from None


def write_yaml(values: object) -> str:
    """Plain values as a file that a person can read and change."""
    text: str = yaml.dump(
        values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, indent=2
    )
    return text


def _refuse(reason: str, mark: Any) -> BadInput:
    return BadInput(field="file", reason=reason, line=mark.line + 1)
