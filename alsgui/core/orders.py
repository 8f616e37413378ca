"""Orders in which rows and columns of a matrix are drawn: permutations, made once per order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats, Ints


def by_id(ids: Sequence[str]) -> Ints:
    """Rows by their ids: by value where all are whole numbers, else as text without regard to case."""
    if all(identity.isascii() and identity.isdigit() for identity in ids):
        keys: list[int] | list[str] = [int(identity) for identity in ids]
    else:
        keys = [identity.casefold() for identity in ids]
    return np.array(sorted(range(len(ids)), key=keys.__getitem__), dtype=np.int64)


def falling(values: Floats | Ints) -> Ints:
    """Rows from the largest value to the smallest, equal ones as they stand, NaN last."""
    return np.argsort(-np.asarray(values, np.float64), kind="stable")


def places(order: Ints, n: int) -> Ints:
    """Where each of `n` rows stands in an order; -1 for those that it leaves out."""
    found = np.full(n, -1, dtype=np.int64)
    found[order] = np.arange(len(order))
    return found


def keeping(order: Ints, kept: npt.NDArray[np.bool_]) -> Ints:
    """An order without the rows that are not kept."""
    return order[kept[order]]
