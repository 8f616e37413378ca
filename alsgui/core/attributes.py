"""What an attribute is about: its size, and the movies at its two ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.factors import Factors
from alsgui.text import tr

ENDS = 10
"""Movies listed at either end."""

_SUPPORTS = (40, 20, 10, 5)
_ENOUGH_MOVIES = 100


@dataclass(frozen=True, eq=False)
class Attributes:
    """All K attributes.

    Parameters
    ----------
    sizes
        |u_k| |m_k| relative to the largest (K). Attributes overlap: sizes do not add up.
    low, high
        Columns of the movies at the low and at the high end (K x n each), the outermost first.
    at_least
        Ratings that a movie must have to be listed.
    """

    sizes: Floats
    low: Ints
    high: Ints
    at_least: int


def attributes(factors: Factors, movie_counts: Ints) -> Attributes:
    """Sizes and ends; the ends are of movies with so many ratings that chance does not choose them."""
    users, movies = factors.users.astype(np.float64), factors.movies.astype(np.float64)
    sizes: Floats = np.linalg.norm(users, axis=0) * np.linalg.norm(movies, axis=0)
    at_least = usual_support(movie_counts)
    listed = np.flatnonzero(movie_counts >= at_least)
    n_ends = min(ENDS, len(listed) // 2)
    rising = listed[np.argsort(movies[listed], axis=0, kind="stable")].T
    largest = float(sizes.max(initial=0.0))
    return Attributes(
        sizes / largest if largest > 0 else sizes,
        rising[:, :n_ends],
        rising[:, ::-1][:, :n_ends],
        at_least,
    )


def empty_attributes(factors: Factors) -> tuple[int, ...]:
    """Attributes (from 1) that are zero for every user or every movie: they died, and say nothing."""
    dead = ~(factors.users.any(axis=0) & factors.movies.any(axis=0))
    return tuple(int(k) + 1 for k in np.flatnonzero(dead))


def words_about_empty(factors: Factors) -> str | None:
    """What a person is told of empty attributes, with the remedy; None where all are alive."""
    empty = empty_attributes(factors)
    if not empty:
        return None
    numbers = ", ".join(map(str, empty))
    return tr(
        "Attribute {numbers} is empty. Start with numbers above zero (init uniform), or take several restarts."
        if len(empty) == 1
        else "Attributes {numbers} are empty. Start with numbers above zero (init uniform), or take several restarts.",
        numbers=numbers,
    )


def usual_support(movie_counts: Ints) -> int:
    """The most of 40, 20, 10, 5 and 1 ratings that leaves at least a hundred movies; 1 where none does."""
    fitting = (n for n in _SUPPORTS if np.count_nonzero(movie_counts >= n) >= _ENOUGH_MOVIES)
    return next(fitting, 1)
