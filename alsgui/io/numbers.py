"""What numbers, times and missing ratings look like: the options as the kernels take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.io.blocks import Block
from alsgui.io.cells import number
from alsgui.io.kernels import numbers as kernel
from alsgui.io.kernels import scan

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Missing:
    """Numbers and words that stand for a missing rating."""

    numbers: Array
    words: Array
    offsets: Array

    @classmethod
    def of(cls, texts: Sequence[str], decimal: str = ".") -> Missing:
        """From texts: those that are numbers stand for every way to write them."""
        values = [number(text, decimal) for text in texts]
        finite = [value for value in values if value is not None and np.isfinite(value)]
        words = [
            text.strip().lower().encode()
            for text, value in zip(texts, values, strict=True)
            if value is None or not np.isfinite(value)
        ]
        offsets = np.cumsum([0, *map(len, words)], dtype=np.int64)
        blob = np.frombuffer(b"".join(words) + b"\0", dtype=np.uint8).copy()
        return cls(np.array(finite, dtype=np.float64), blob, offsets)


def read_numbers(block: Block, slot: int, decimal: str, missing: Missing, values: Array | None = None) -> Array:
    """Values (float64) of one field of each usable record; marks those that have none."""
    return read_cells(
        block.buffer, block.starts[slot], block.stops[slot], block.status, decimal, missing, values
    )  # fmt: skip


def read_cells(  # noqa: PLR0917 - as the kernel takes them
    buffer: Array, starts: Array, stops: Array, status: Array, decimal: str, missing: Missing,
    values: Array | None = None,
) -> Array:  # fmt: skip
    """As `read_numbers`, of given fields; `values` is room for them."""
    values = np.zeros(len(status), dtype=np.float64) if values is None else values
    slow = kernel.numbers(
        buffer,
        starts,
        stops,
        len(status),
        ord(decimal),
        missing.numbers,
        missing.words,
        missing.offsets,
        status,
        values,
    )
    if slow:
        for at in np.flatnonzero(status == kernel.SLOW).tolist():
            text = buffer[starts[at] : stops[at]].tobytes().decode("ascii").strip()
            value = float(text if decimal == "." else text.replace(decimal, "."))
            status[at], values[at] = scan.OK, value
            if abs(value) > kernel.LARGEST_RATING:
                status[at] = scan.NOT_FINITE
            elif (missing.numbers == value).any():
                status[at] = scan.MISSING
    return values


_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_ORDERS = {"ymd": kernel.YMD, "dmy": kernel.DMY, "mdy": kernel.MDY}


def read_times(block: Block, slot: int, time_format: str, decimal: str, seconds: Array) -> Array:
    """Seconds since 1970 (int64) of one field of each usable record, in `seconds`; `NO_TIME` where there is none."""
    order = _ORDERS.get(time_format, kernel.UNITS)
    kernel.times(
        block.buffer, block.starts[slot], block.stops[slot], block.n, order, _UNITS.get(time_format, 1),
        ord(decimal), block.status, seconds,
    )  # fmt: skip
    return seconds


def n_without_time(seconds: Array) -> int:
    """How many have no time."""
    return int(np.count_nonzero(seconds == kernel.NO_TIME))
