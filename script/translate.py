"""Keep the word catalogs in step with the code: collect msgids, update the .po files, compile the
.mo files.

Run through script/translate. With --check nothing is written: exit code 1 means that a file would
change, or that an entry is missing or fuzzy. The output depends only on the words: sorted, without
dates, line numbers or tool versions.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("queue_server", "kiosk", "display", "printer")
LANGUAGES = {"id": (1, "0")}
"""Language -> its number of plural forms, and the rule that picks one. English is the language of
the msgids.
"""
SOURCES = [
    ("**/static/vendor/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2.ext:babel_extract"),
]
OPTIONS = {"**.html": {"trimmed": "true"}}
"""Line breaks inside a translated block do not count, as the pages' own setting says
(ext.i18n.trimmed).
"""
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


class PlainCatalog(Catalog):
    """A catalog whose header has only the fields needed to read it."""

    def __init__(self, language: str, header_comment: str = "") -> None:
        super().__init__(locale=language, header_comment=header_comment, fuzzy=False)
        self._language = language

    @property
    def num_plurals(self) -> int:
        return LANGUAGES[self._language][0]

    @property
    def plural_expr(self) -> str:
        return LANGUAGES[self._language][1]

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [
            ("Language", self._language),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", f"nplurals={self.num_plurals}; plural={self.plural_expr};"),
        ]


def extract(package: str) -> Catalog:
    """All msgids in the package's Python files and templates, with the comments marked
    `Translators:`.
    """
    catalog = Catalog()
    for file, _, message, comments, context in extract_from_dir(
        ROOT / package,
        method_map=SOURCES,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    ):
        if not (isinstance(message, str) and not message):
            catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def update(package: str, language: str, po: bytes) -> PlainCatalog:
    """The package's catalog: every msgid of the code, with the translation from `po` where there is
    one.
    """
    known = read_po(io.BytesIO(po), locale=language)
    catalog = PlainCatalog(
        language, f'# Words of {package} in "{language}". Written by script/translate.'
    )
    for message in extract(package):
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        fuzzy = {"fuzzy"} if old is not None and old.fuzzy else set()
        # Flags that mark format strings are for translators' editors; here only the words matter.
        catalog.add(
            message.id,
            old.string if old is not None else None,
            auto_comments=sorted(message.auto_comments),
            user_comments=old.user_comments if old is not None else (),
            flags=fuzzy,
            context=message.context,
        )
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    """The catalog as a .po file."""
    out = io.BytesIO()
    write_po(out, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    return out.getvalue().strip() + b"\n"


def mo_bytes(catalog: Catalog) -> bytes:
    """The catalog as a .mo file."""
    out = io.BytesIO()
    write_mo(out, catalog, use_fuzzy=False)
    return out.getvalue()


def shortcomings(catalog: Catalog) -> Iterator[str]:
    """One line for each entry that is fuzzy or has no translation, or whose placeholders differ."""
    for message in catalog:
        if not message.id:
            continue
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy:
            yield f"fuzzy: {message.id!r}"
        if not all(words):
            yield f"no translation: {message.id!r}"
        else:
            for error in message.check(catalog):
                yield f"{error}: {message.id!r}"


def keep(package: str, language: str, check: bool) -> bool:
    """Write (or with `check` compare) one catalog and its compiled form. Returns False if something
    is wrong.
    """
    po = ROOT / package / "translations" / language / "LC_MESSAGES" / f"{package}.po"
    before = po.read_bytes() if po.exists() else b""
    catalog = update(package, language, before)
    if not len(catalog):
        return True
    sound = True
    for message in read_po(io.BytesIO(before), locale=language):
        if message.id and catalog.get(message.id, message.context) is None:
            print(f"{package}: no longer in the code: {message.id!r}")
    for file, content in ((po, po_bytes(catalog)), (po.with_suffix(".mo"), mo_bytes(catalog))):
        if file.exists() and file.read_bytes() == content:
            continue
        if check:
            sound = False
            print(f"{file.relative_to(ROOT)} is out of date: run script/translate")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            print(f"wrote {file.relative_to(ROOT)}")
    for line in shortcomings(catalog):
        sound = False
        print(f"{package}: {line}")
    return sound


def main() -> int:
    """Keep the catalogs of every package that has words. Returns 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; tell what is out of date, missing or fuzzy",
    )
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    arguments = parser.parse_args()
    sound = [
        keep(package, language, arguments.check)
        for package in arguments.packages
        for language in LANGUAGES
    ]
    return 0 if all(sound) else 1


if __name__ == "__main__":
    sys.exit(main())
