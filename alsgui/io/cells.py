"""What a cell of text says: a number, or that there is none."""

from __future__ import annotations

MISSING = frozenset({"", "na", "nan", "n/a", "null", "none", "nil", "?", "-", "."})
"""Texts of a missing rating in a wide matrix, in lower case."""


def number(text: str, decimal: str = ".") -> float | None:
    """The number that a text writes, None where it writes none."""
    try:
        return float(text if decimal == "." else text.replace(decimal, "."))
    except ValueError:
        return None


def is_missing(text: str) -> bool:
    """Whether a cell of a wide matrix says that there is no rating."""
    return text.strip().casefold() in MISSING
