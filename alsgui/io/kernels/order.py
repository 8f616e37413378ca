"""Put ratings in the order of rows and columns, merge those of one cell, and turn rows into columns: linear passes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.io.kernels.compiled import compiled

Array = npt.NDArray[Any]

LAST, FIRST, MEAN, SUM = 0, 1, 2, 3
MOST_DISTINCT = 102
"""A regular scale has at most 101 values."""


@compiled
def state_of(users: Array, movies: Array) -> tuple[bool, bool]:
    """Whether the cells are in the order of rows, and whether neighbours are one cell."""
    twice = False
    for k in range(1, len(users)):
        if users[k] < users[k - 1] or (users[k] == users[k - 1] and movies[k] < movies[k - 1]):
            return False, twice
        twice = twice or (users[k] == users[k - 1] and movies[k] == movies[k - 1])
    return True, twice


@compiled
def relabel(codes: Array, places: Array) -> None:
    """Replace each code by its place."""
    for k in range(len(codes)):
        codes[k] = places[codes[k]]


@compiled
def order_by(keys: Array, before: Array, n_keys: int, order: Array) -> None:
    """Positions in the order of `keys`, equal ones in the order of `before` (empty: as they stand)."""
    starts = np.zeros(n_keys + 1, dtype=np.int64)
    for k in range(len(keys)):
        starts[keys[k] + 1] += 1
    for key in range(n_keys):
        starts[key + 1] += starts[key]
    given = len(before) > 0
    for k in range(len(keys)):
        at = before[k] if given else k
        key = keys[at]
        order[starts[key]] = at
        starts[key] += 1


@compiled
def merge(users: Array, movies: Array, values: Array, time: Array, policy: int) -> int:
    """One rating for each cell, in place; cells are in order, ratings of one cell in the order of the file.

    `time` is empty where it is not known. Returns the number of ratings that are left.
    """
    n, timed, out, k = len(users), len(time) > 0, 0, 0
    while k < n:
        end = k + 1
        while end < n and users[end] == users[k] and movies[end] == movies[k]:
            end += 1
        chosen, value = k, values[k]
        if end > k + 1:
            total = 0.0
            for at in range(k, end):
                total += values[at]
                if timed:
                    later = time[at] >= time[chosen]
                    earlier = time[at] < time[chosen]
                else:
                    later, earlier = True, False
                if (policy == FIRST and earlier) or (policy != FIRST and later):
                    chosen = at
            value = values[chosen]
            if policy == MEAN:
                value = np.float32(total / (end - k))
            elif policy == SUM:
                value = np.float32(total)
        users[out], movies[out], values[out] = users[k], movies[k], value
        if timed:
            time[out] = time[chosen]
        out += 1
        k = end
    return out


@compiled
def starts_of(keys: Array, starts: Array) -> None:
    """Where the entries of each key begin once they are in order: counts, added up; `starts` is zero."""
    for k in range(len(keys)):
        starts[keys[k] + 1] += 1
    for key in range(len(starts) - 1):
        starts[key + 1] += starts[key]


@compiled
def by_columns(users: Array, movies: Array, values: Array, starts: Array, rows_out: Array, values_out: Array) -> None:
    """The same ratings by columns, rows in order within each; `starts` are those of the columns and are kept."""
    at = starts.copy()
    for k in range(len(users)):
        place = at[movies[k]]
        rows_out[place], values_out[place] = users[k], values[k]
        at[movies[k]] = place + 1


@compiled
def distinct(values: Array, found: Array) -> tuple[int, float, float]:
    """The different values, unsorted, as far as there is room; how many; the lowest and the highest."""
    n, low, high, last = 0, values[0], values[0], 0
    for k in range(len(values)):
        value = values[k]
        low, high = min(low, value), max(high, value)
        if n > len(found) - 1 or (n and found[last] == value):
            continue
        last = 0
        while last < n and found[last] != value:
            last += 1
        if last == n:
            found[n] = value
            n += 1
    return n, low, high
