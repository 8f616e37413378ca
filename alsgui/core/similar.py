"""Neighbours of a movie in the space of the factors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alsgui.core.model import Model
from alsgui.core.ratings import Floats, Ints
from alsgui.core.recommend import USUAL_SUPPORT


@dataclass(frozen=True, eq=False)
class Similar:
    """Movies by falling cosine.

    Parameters
    ----------
    columns
        Positions of the movies, int64.
    cosines
        Their cosine with the movie asked for, -1 to 1.
    """

    columns: Ints
    cosines: Floats


def similar_movies(model: Model, column: int, n: int = 6, at_least: int = USUAL_SUPPORT) -> Similar:
    """The `n` movies whose loadings m point most in the direction of those of `column`; ties in the order of columns.

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
    loadings = model.factors.movies.astype(np.float64)
    lengths = np.linalg.norm(loadings, axis=1)
    eligible = (lengths > 0) & (model.summary.movie_counts >= at_least)
    eligible[column] = False
    candidates = np.flatnonzero(eligible) if lengths[column] > 0 else np.empty(0, np.int64)
    cosines = loadings[candidates] @ loadings[column] / (lengths[candidates] * lengths[column])
    best = np.argsort(-cosines, kind="stable")[:n]
    return Similar(candidates[best], cosines[best])
