"""Whether the first row of a table heads its columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from alsgui.io.cells import is_missing, number
from alsgui.io.columns import roles_by_name


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row heads the columns: a name stands over numbers, or ids over ratings."""
    first, rest = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    if not rest:
        return all(_loose_number(cell) is None and cell.strip() for cell in first)
    if len(roles_by_name(first)) >= 2 and all(_loose_number(cell) is None for cell in first):
        return True
    for position, cell in enumerate(first):
        column = [row[position] for row in rest if not is_missing(row[position])]
        if column and not is_missing(cell) and _loose_number(cell) is None:
            numeric = sum(_loose_number(value) is not None for value in column)
            if numeric > 0.5 * len(column):
                return True
    return _numeric_ids_over_ratings(first, rest)


def _numeric_ids_over_ratings(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """A wide matrix may head its columns with numbers: they rise, and beyond any rating."""
    ids = [value for value in map(number, first[1:]) if value is not None and value.is_integer()]
    cells = [cell for row in rest for cell in row[1:] if not is_missing(cell)]
    ratings = [value for value in map(number, cells) if value is not None]
    if len(ids) < max(2, len(first) - 1) or not ratings or len(ratings) < len(cells):
        return False
    if not all(a < b for a, b in pairwise(ids)):
        return False
    if is_missing(first[0]):
        return True
    return len(ids) >= 4 and number(first[0]) == ids[0] - 1 and ids[-1] > max(ratings)


def _loose_number(text: str) -> float | None:
    """A number with a point or a comma: which of them counts is not known yet."""
    return number(text.replace(",", "."))
