"""Arithmetic of axes: round ticks, linear and logarithmic scales, labels that never overlap.

Pure functions without Qt, so that what a picture says can be tested without drawing it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alsgui import text

ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """Map between values and pixels along one axis.

    Parameters
    ----------
    low, high
        Values at the two ends.
    start, stop
        Pixels at the two ends; `start > stop` for an axis that points up.
    log
        Whether equal ratios, not equal differences, take equal lengths.
    """

    low: float
    high: float
    start: float
    stop: float
    log: bool = False

    def pixel(self, value: float) -> float:
        """Pixel of `value`; beyond the ends it goes on in a straight line."""
        low, high, value = self._bent(self.low), self._bent(self.high), self._bent(value)
        share = (value - low) / (high - low) if high > low else 0.5
        return self.start + share * (self.stop - self.start)

    def pixels(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels of many values at once."""
        low, high = self._bent(self.low), self._bent(self.high)
        bent = np.log10(np.maximum(values, 1e-300)) if self.log else values
        share = (bent - low) / (high - low) if high > low else np.full(len(values), 0.5)
        return self.start + share * (self.stop - self.start)

    def value(self, pixel: float) -> float:
        """Value at `pixel`, the inverse of `pixel()`."""
        low, high = self._bent(self.low), self._bent(self.high)
        bent = low + (pixel - self.start) / (self.stop - self.start) * (high - low)
        return float(10.0**bent) if self.log else bent

    def _bent(self, value: float) -> float:
        return math.log10(max(value, 1e-300)) if self.log else value


def round_step(span: float, n_steps: int) -> float:
    """Smallest of 1, 2, 2.5, 5 times a power of ten that covers `span` in at most `n_steps` steps."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    raw = span / max(n_steps, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in ROUND_STEPS if step * power >= raw * (1 - 1e-9))


def round_ticks(low: float, high: float, n_steps: int = 4) -> list[float]:
    """Multiples of a round step within [low, high]."""
    step = round_step(high - low, n_steps)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def steady_range(low: float, high: float, before: tuple[float, float] | None) -> tuple[float, float]:
    """Range of an axis for values from `low` to `high`: round ends that stay while they still serve.

    The range `before` is kept as long as it holds all values and they fill at least half of it, so that a curve that
    grows does not make its axis jump.
    """
    if high <= low:
        low, high = low - 0.05 * (abs(low) or 1), high + 0.05 * (abs(high) or 1)
    if before and before[0] <= low and high <= before[1] and high - low >= (before[1] - before[0]) / 2:
        return before
    step = round_step(high - low, 4) / 2
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def log_range(low: float, high: float, before: tuple[float, float] | None) -> tuple[float, float]:
    """As `steady_range`, for a logarithmic axis of positive values."""
    decades = None if before is None or before[0] <= 0 else (math.log10(before[0]), math.log10(before[1]))
    if high <= low:
        low, high = low / 1.05, high * 1.05
    start, stop = steady_range(math.log10(low), math.log10(high), decades)
    return 10.0**start, 10.0**stop


def log_ticks(low: float, high: float, n_steps: int = 4) -> list[float]:
    """Ticks of a logarithmic axis: 1, 2 and 5 times powers of ten where they are enough and few, else powers alone.

    Within less than a decade round steps serve better.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for digits in ((1, 2, 5), (1, 3), (1,)):
        ticks = [d * 10.0**power for power in range(first, last + 1) for d in digits]
        ticks = [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
        if len(ticks) <= n_steps + 2:
            break
    ticks = ticks[:: max(1, math.ceil(len(ticks) / (n_steps + 2)))]
    return ticks if len(ticks) > 2 or high > 10 * low else round_ticks(low, high, n_steps)


def count_ticks(low: float, high: float, n_steps: int = 4) -> list[float]:
    """As `round_ticks`, of what is counted: there is no half of a rating."""
    return [tick for tick in round_ticks(low, high, n_steps) if abs(tick - round(tick)) < 1e-9]


def power_ticks(low: float, high: float) -> list[float]:
    """Powers of ten within [low, high], of counts; round ticks where fewer than two lie there."""
    powers = [10.0**index for index in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
    return powers if len(powers) > 1 else count_ticks(low, high)


def cell_ticks(start: float, stop: float, n_steps: int) -> list[int]:
    """Cells (0-based) to be labelled on the axis of a matrix, seen from `start` to `stop`.

    Their numbers (1-based) are multiples of a round whole step; the very first cell is labelled too.
    """
    step = max(1, math.ceil(round_step(stop - start, n_steps)))
    if step in (3, 25):
        step = {3: 5, 25: 50}[step]
    first = max(1, math.ceil((start + 0.5) / step))
    numbers = [index * step for index in range(first, math.floor(stop + 0.5) // step + 1)]
    if start <= 0.5 and step > 1:
        numbers = [1, *(number for number in numbers if number >= 1 + step / 2)]
    return [number - 1 for number in numbers if start <= number - 0.5 <= stop]


def digits_of(ticks: Sequence[float]) -> int:
    """Decimals with which all `ticks` read exactly (at most 6)."""
    return next((n for n in range(6) if all(abs(t - round(t, n)) < 1e-9 * max(1, abs(t)) for t in ticks)), 6)


def short_count(number: float) -> str:
    """Count on an axis, short from ten thousand: 8 000, 60k, 2.5M."""
    for unit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= unit:
            shown = number / unit
            return f"{shown:.10g}{sign}".replace("-", text.MINUS) if shown == round(shown, 2) else f"{shown:.2f}{sign}"
    return f"{number:.10g}".replace("-", text.MINUS)


def push_apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels as little as needed so that neighbours are at least `gap` apart.

    Parameters
    ----------
    wanted
        Centres where the labels would like to be, in pixels, in any order.
    gap
        Smallest distance between two centres.
    low, high
        Limits of the centres; where there is too little room, the order is kept and `low` gives way.

    Returns
    -------
    list of float
        The centres, in the order of `wanted`.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    # Least squares under "at least gap apart" is isotonic regression of the positions less their offsets.
    blocks: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        mean, size = min(max(wanted[index], low), high) - rank * gap, 1
        while blocks and blocks[-1][0] > mean:
            before, n_before = blocks.pop()
            mean, size = (mean * size + before * n_before) / (size + n_before), size + n_before
        blocks.append((mean, size))
    offsets = [mean for mean, size in blocks for _ in range(size)]
    ceiling = high - (len(order) - 1) * gap
    placed = [0.0] * len(order)
    for rank, index in enumerate(order):
        placed[index] = min(max(offsets[rank], low), ceiling) + rank * gap
    return placed
