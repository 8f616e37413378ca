"""Tiny ratings for tests, with the awkward rows in them."""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Ratings
from alsgui.core.split import Split

UNSEEN_USER, UNSEEN_MOVIE = 5, 3


def holey(n_users: int = 12, n_movies: int = 9, seed: int = 0, share: float = 0.6) -> Ratings:
    """Half stars with holes; user `UNSEEN_USER` and movie `UNSEEN_MOVIE` have no rating, all others have one."""
    rng = np.random.default_rng(seed)
    y = rng.integers(1, 11, size=(n_users, n_movies)) / 2
    y[rng.random(y.shape) > share] = np.nan
    y[np.arange(n_users), (np.arange(n_users) * 2) % n_movies] = 3.5
    y[(np.arange(n_movies) * 3) % n_users, np.arange(n_movies)] = 2.0
    y[UNSEEN_USER] = np.nan
    y[:, UNSEEN_MOVIE] = np.nan
    return Ratings.from_dense(y)


def complete(n_users: int = 8, n_movies: int = 6, seed: int = 0) -> Ratings:
    """Whole stars in every cell."""
    return Ratings.from_dense(np.random.default_rng(seed).integers(1, 6, size=(n_users, n_movies)))


def all_training(ratings: Ratings) -> Split:
    """No hold-out."""
    return Split(ratings, np.empty(0, np.int64), 0.0, 0)


def every_third_held_out(ratings: Ratings) -> Split:
    """A hold-out without chance."""
    return Split(ratings, np.arange(0, ratings.n_ratings, 3), 0.3, 0)
