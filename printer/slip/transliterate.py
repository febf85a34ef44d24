"""Any text in the printer's safe characters: ASCII 0x20 to 0x7E, which all code pages of all clones
share.
"""

from __future__ import annotations

import unicodedata

_SPECIAL = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{MODIFIER LETTER APOSTROPHE}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{MIDDLE DOT}": "*",
        "\N{BULLET}": "*",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{LATIN SMALL LETTER SHARP S}": "ss",
        "\N{LATIN SMALL LETTER AE}": "ae",
        "\N{LATIN CAPITAL LETTER AE}": "AE",
        "\N{LATIN SMALL LETTER O WITH STROKE}": "o",
        "\N{LATIN CAPITAL LETTER O WITH STROKE}": "O",
        "\N{EURO SIGN}": "EUR",
    }
)


def loses_letters(text: str) -> bool:
    """Whether `to_ascii` would lose characters: another script, or a letter such as the Polish l
    with a stroke.
    """
    return to_ascii(text).count("?") > text.count("?")


def to_ascii(text: str) -> str:
    """`text` in printable ASCII: accents dropped, dashes and quotes straightened, other control
    characters removed, the rest `?`.
    """
    plain = "".join(
        each
        for each in unicodedata.normalize("NFKD", text.translate(_SPECIAL))
        if not unicodedata.combining(each)
    )
    safe = []
    for each in plain:
        if " " <= each <= "~":
            safe.append(each)
        elif unicodedata.category(each)[0] == "Z":
            safe.append(" ")
        elif unicodedata.category(each)[0] != "C":
            safe.append("?")
    return "".join(safe)
