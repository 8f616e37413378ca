"""Neighbours in the space of the factors: movies like a movie, users like a user.

By cosine, dot product or Euclidean distance; the mirror of one another from the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from alsgui.core.model import Model
from alsgui.core.ratings import Floats, Ints
from alsgui.core.recommend import USUAL_SUPPORT

Measure = Literal["cosine", "dot", "euclidean"]


@dataclass(frozen=True, eq=False)
class Similar:
    """Movies, or users, the most similar first.

    Parameters
    ----------
    columns
        Positions of the movies (of users: rows), int64.
    cosines
        Their similarity with the one asked for: cosine (-1 to 1), dot product, or minus the Euclidean distance.
    """

    columns: Ints
    cosines: Floats


def similar_movies(
    model: Model, column: int, n: int = 6, at_least: int = USUAL_SUPPORT, measure: Measure = "cosine"
) -> Similar:
    """The `n` movies whose loadings m are nearest to those of `column`; ties in the order of columns.

    Parameters
    ----------
    model
        Whose m is compared. Biases play no part.
    column
        Position of the movie; it is not in its own list.
    n
        At most so many.
    at_least
        Movies with fewer training ratings are left out: the direction of their loadings is mostly chance.

    Returns
    -------
    Similar
        Empty where the movie has no loadings (nobody rated it, or K = 0).
    """
    return _similar(model.factors.movies, model.summary.movie_counts >= at_least, column, n, measure)


def similar_users(
    model: Model, row: int, n: int = 6, at_least: int = USUAL_SUPPORT, measure: Measure = "cosine"
) -> Similar:
    """The `n` users whose weights u are nearest to those of `row`; see `similar_movies`."""
    return _similar(model.factors.users, model.summary.user_counts >= at_least, row, n, measure)


def _similar(factors: Floats, eligible: npt.NDArray[np.bool_], own: int, n: int, measure: Measure) -> Similar:
    rows = factors.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1)
    kept = (lengths > 0) & eligible
    kept[own] = False
    candidates = np.flatnonzero(kept) if lengths[own] > 0 else np.empty(0, np.int64)
    if measure == "euclidean":
        near = -np.linalg.norm(rows[candidates] - rows[own], axis=1)
    else:
        near = rows[candidates] @ rows[own]
        if measure == "cosine":
            near = near / (lengths[candidates] * lengths[own])
    best = np.argsort(-near, kind="stable")[:n]
    return Similar(candidates[best], near[best])
