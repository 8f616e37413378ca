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
def scatter(
    users: Array, movies: Array, values: Array, time: Array, starts: Array, packed: Array, times: Array
) -> None:
    """Put each rating where its user's begin, in the order of the file; movie and value share one int64.

    One place to write for each rating and not three: what costs time here are places that are not in the cache.
    """
    at, timed = starts.astype(np.int64), len(time) > 0
    bits = values.view(np.uint32)
    for k in range(len(users)):
        place = at[users[k]]
        at[users[k]] = place + 1
        packed[place] = (np.int64(movies[k]) << np.int64(32)) | np.int64(bits[k])
        if timed:
            times[place] = time[k]


@compiled
def sort_rows(starts: Array, packed: Array, times: Array, first: int, last: int, movies: Array, values: Array) -> bool:
    """Order the ratings of the users from `first` to `last` by movie, those of one movie as they stand.

    Fills in `movies` and `values`, and orders `times` in place. Returns whether cells are rated more than once.
    """
    longest = 0
    for user in range(first, last):
        longest = max(longest, starts[user + 1] - starts[user])
    keys, before = np.empty(longest, dtype=np.int64), np.empty(longest, dtype=np.int64)
    later, bits = np.empty(longest, dtype=np.int64), values.view(np.uint32)
    low, timed, twice = np.int64(0xFFFFFFFF), len(times) > 0, False
    for user in range(first, last):
        start, n = starts[user], starts[user + 1] - starts[user]
        ordered = True
        for k in range(n):
            before[k] = packed[start + k]
            keys[k] = (before[k] & ~low) | np.int64(k)
            ordered = ordered and (k == 0 or keys[k] > keys[k - 1])
            if timed:
                later[k] = times[start + k]
        if not ordered:
            keys[:n].sort()
        for k in range(n):
            at = keys[k] & low
            movies[start + k] = np.int32(keys[k] >> np.int64(32))
            bits[start + k] = np.uint32(before[at] & low)
            if timed:
                times[start + k] = later[at]
            twice = twice or (k > 0 and keys[k] >> np.int64(32) == keys[k - 1] >> np.int64(32))
    return twice


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
def by_columns(indptr: Array, movies: Array, values: Array, starts: Array, packed: Array) -> None:
    """The same ratings by columns, rows in order within each; row and value share one int64."""
    at, bits = starts.astype(np.int64), values.view(np.uint32)
    for user in range(len(indptr) - 1):
        for k in range(indptr[user], indptr[user + 1]):
            place = at[movies[k]]
            at[movies[k]] = place + 1
            packed[place] = (np.int64(user) << np.int64(32)) | np.int64(bits[k])


@compiled
def unpack(packed: Array, positions: Array, values: Array) -> None:
    """Take positions and values apart again."""
    bits = values.view(np.uint32)
    for k in range(len(packed)):
        positions[k] = np.int32(packed[k] >> np.int64(32))
        bits[k] = np.uint32(packed[k] & np.int64(0xFFFFFFFF))


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
