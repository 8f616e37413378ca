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
    seed: np.uint64, table: Array, offsets: Array, blob: Array, n_ids: int, scratch: Array,
    codes: Array,
) -> tuple[int, int]:  # fmt: skip
    """Codes (int32) of one field of each record that is OK, from `row` on; too long ones are marked.

    Parameters
    ----------
    table
        A power of two of places, two numbers each and side by side, so that a look costs one line of the cache: key
        of the id there, and its code + 1; 0 where there is none.
    offsets, blob
        Of the ids so far: where the bytes of each begin (one more than ids), and all bytes.
    scratch
        Room for one unescaped id.

    Returns
    -------
    tuple
        The row that was reached (n when all are done, else there is no room left), and the number of ids.
    """
    mask, one = np.uint64(len(table) // 2 - 1), np.uint64(1)
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
            known = table[np.uint64(2) * place + one]
            if known == 0:
                if n_ids + 2 > len(offsets) or 4 * n_ids > len(table) or offsets[n_ids] + length > len(blob):
                    return row, n_ids
                code = np.int32(n_ids)
                for at in range(length):
                    blob[offsets[n_ids] + at] = source[start + at]
                offsets[n_ids + 1] = offsets[n_ids] + length
                n_ids += 1
                table[np.uint64(2) * place], table[np.uint64(2) * place + one] = key, np.uint64(n_ids)
                break
            if table[np.uint64(2) * place] == key:
                code = np.int32(known - one)
                if length <= _SHORT or (
                    offsets[code + 1] - offsets[code] == length and _same(source, start, length, blob, offsets[code])
                ):
                    break
            place = (place + one) & mask
        codes[row] = code
        last, last_key = code, key
        row += 1
    return row, n_ids


@compiled
def rehash(old: Array, table: Array, seed: np.uint64) -> None:
    """Move all ids into a larger, empty table."""
    mask, one = np.uint64(len(table) // 2 - 1), np.uint64(1)
    for at in range(len(old) // 2):
        if old[2 * at + 1] == 0:
            continue
        place = _place(old[2 * at], seed, mask)
        while table[np.uint64(2) * place + one] != 0:
            place = (place + one) & mask
        table[np.uint64(2) * place], table[np.uint64(2) * place + one] = old[2 * at], old[2 * at + 1]
