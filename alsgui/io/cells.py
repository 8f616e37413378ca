"""What a cell of text says: a number, or that there is none. For the look; the read has kernels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alsgui.io.options import WIDE_MISSING

MISSING = frozenset(WIDE_MISSING)
"""Texts of a missing rating in a wide matrix, in lower case."""


def number(text: str, decimal: str = ".") -> float | None:
    """The number that a text writes, None where it writes none."""
    if "_" in text or (decimal != "." and "." in text):
        return None
    try:
        return float(text if decimal == "." else text.replace(decimal, "."))
    except ValueError:
        return None


def is_missing(text: str) -> bool:
    """Whether a cell of a wide matrix says that there is no rating."""
    return text.strip().casefold() in MISSING


def n_rated(cells: Iterable[str], missing: Sequence[str], decimal: str = ".") -> int:
    """How many cells are none of the missing values; numbers among these stand for every way to write them."""
    words = {text.strip().casefold() for text in missing}
    values = {number(text, decimal) for text in missing} - {None}
    n = 0
    for cell in cells:
        text = cell.strip().casefold()
        n += text not in words and not (values and number(text, decimal) in values)
    return n
