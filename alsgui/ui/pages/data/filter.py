"""What a person types to filter ratings: words of a title, and conditions such as "rating > 4"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats

_CONDITION = re.compile(r"(?:\b(?:rating|stars?|y)\s*)?(<=|>=|≤|≥|<|>|=)\s*(-?\d+(?:[.,]\d+)?)", re.IGNORECASE)
_SAME = 1e-4

_TESTS: dict[str, Callable[[npt.NDArray[np.float64], float], npt.NDArray[np.bool_]]] = {
    "<": lambda values, bound: values < bound - _SAME,
    ">": lambda values, bound: values > bound + _SAME,
    "<=": lambda values, bound: values <= bound + _SAME,
    ">=": lambda values, bound: values >= bound - _SAME,
    "=": lambda values, bound: np.abs(values - bound) <= _SAME,
}
_PLAIN = {"≤": "<=", "≥": ">="}


@dataclass(frozen=True)
class RatingFilter:
    """Words that a title must hold, in lower case, and bounds that a rating must keep, as (sign, number)."""

    words: tuple[str, ...] = ()
    bounds: tuple[tuple[str, float], ...] = ()

    def kept(self, folded_titles: Sequence[str], values: Floats) -> npt.NDArray[np.bool_]:
        """Which of some ratings pass.

        Parameters
        ----------
        folded_titles
            Title of each rating's movie, in lower case (n).
        values
            The ratings (n), in stars.
        """
        stars = np.asarray(values, dtype=np.float64)
        kept = np.ones(len(stars), dtype=np.bool_)
        for sign, bound in self.bounds:
            kept &= _TESTS[sign](stars, bound)
        if self.words:
            kept &= np.array([all(word in title for word in self.words) for title in folded_titles], dtype=np.bool_)
        return kept


def parse_filter(typed: str) -> RatingFilter:
    """Read a filter: "toy rating > 4" asks for "toy" in the title and more than four stars."""
    bounds = tuple(
        (_PLAIN.get(sign, sign), float(number.replace(",", "."))) for sign, number in _CONDITION.findall(typed)
    )
    return RatingFilter(tuple(_CONDITION.sub(" ", typed).casefold().split()), bounds)
