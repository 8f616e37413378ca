"""Give each distinct id its place in the order of appearance: an open hash table over bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.io.kernels.compiled import compiled
from alsgui.io.kernels.scan import ESCAPED, ID_LONG, OK

Array = npt.NDArray[Any]

LONGEST_ID = 1000
"""Characters."""

MOST_BYTES = 4 * LONGEST_ID


@compiled
def unescaped(buf: Array, start: int, stop: int, quote: int, escape: int, out: Array) -> int:
    """Copy a field without the signs that escape; returns its length."""
    n, at = 0, start
    while at < stop and n < len(out):
        if at + 1 < stop and (
            (escape >= 0 and buf[at] == escape) or (escape < 0 and buf[at] == quote and buf[at + 1] == quote)
        ):
            at += 1
        out[n] = buf[at]
        n += 1
        at += 1
    return n


_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHORT = 7
_LONG_MARK = np.uint64(0xFF) << np.uint64(56)


@compiled
def _key(buf: Array, start: int, length: int, seed: np.uint64) -> np.uint64:
    """The id itself with its length where it is short, else a hash that no short id has."""
    key, at, stop = np.uint64(0), np.uintp(start), np.uintp(start + length)
    if length <= _SHORT:
        while at < stop:
            key = (key << np.uint64(8)) | np.uint64(buf[at])
            at += np.uintp(1)
        return key | (np.uint64(length) << np.uint64(56))
    key = seed
    while at < stop:
        key = (key ^ np.uint64(buf[at])) * np.uint64(0x100000001B3)
        at += np.uintp(1)
    return key | _LONG_MARK


@compiled
def _place(key: np.uint64, seed: np.uint64, mask: np.uint64) -> np.uint64:
    mixed = (key ^ seed) * _MIX
    return (mixed ^ (mixed >> np.uint64(32))) & mask


@compiled
def _same(source: Array, start: int, length: int, blob: Array, offset: int) -> bool:
    for at in range(length):
        if source[start + at] != blob[offset + at]:
            return False
    return True


@compiled
def intern(
    buf: Array, starts: Array, stops: Array, modes: Array, row: int, n: int, quote: int, escape: int, status: Array,
    seed: np.uint64, table: Array, places: Array, offsets: Array, blob: Array, n_ids: int, scratch: Array,
    codes: Array,
) -> tuple[int, int]:  # fmt: skip
    """Codes (int32) of one field of each record that is OK, from `row` on; too long ones are marked.

    Parameters
    ----------
    table, places
        A power of two of places: key and code of the id there; code -1 where there is none.
    offsets, blob
        Of the ids so far: where the bytes of each begin (one more than ids), and all bytes.
    scratch
        Room for one unescaped id.

    Returns
    -------
    tuple
        The row that was reached (n when all are done, else there is no room left), and the number of ids.
    """
    mask = np.uint64(len(table) - 1)
    last_key, last = np.uint64(0), np.int32(-1)
    while row < n:
        if status[row] != OK:
            row += 1
            continue
        source, start, stop = buf, starts[row], stops[row]
        if modes[row] == ESCAPED:
            stop = unescaped(buf, start, stop, quote, escape, scratch)
            source, start = scratch, 0
        length = stop - start
        if length > MOST_BYTES:
            status[row] = ID_LONG
            row += 1
            continue
        key = _key(source, start, length, seed)
        if last >= 0 and key == last_key and length <= _SHORT:
            codes[row] = last
            row += 1
            continue
        place = _place(key, seed, mask)
        while True:
            code = places[place]
            if code < 0:
                if n_ids + 2 > len(offsets) or 2 * n_ids > len(table) or offsets[n_ids] + length > len(blob):
                    return row, n_ids
                code = np.int32(n_ids)
                for at in range(length):
                    blob[offsets[n_ids] + at] = source[start + at]
                offsets[n_ids + 1] = offsets[n_ids] + length
                table[place], places[place] = key, code
                n_ids += 1
                break
            if table[place] == key:
                offset = offsets[code]
                if length <= _SHORT or (
                    offsets[code + 1] - offset == length and _same(source, start, length, blob, offset)
                ):
                    break
            place = (place + np.uint64(1)) & mask
        codes[row] = code
        last, last_key = code, key
        row += 1
    return row, n_ids


@compiled
def rehash(old_table: Array, old_places: Array, table: Array, places: Array, seed: np.uint64) -> None:
    """Move all ids into a larger, empty table."""
    mask = np.uint64(len(table) - 1)
    for at in range(len(old_places)):
        if old_places[at] < 0:
            continue
        place = _place(old_table[at], seed, mask)
        while places[place] >= 0:
            place = (place + np.uint64(1)) & mask
        table[place], places[place] = old_table[at], old_places[at]
