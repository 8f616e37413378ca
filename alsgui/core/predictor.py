"""Every prediction of a model as one bilinear form, r = left right^T, unseen rows and biases included.

With biases   left_i = (u_i, mu + b_i, 1),        right_j = (m_j, 1, c_j)
Without       left_i = (u_i, p_i, q_i),           right_j = (m_j, s_j, t_j)   where for a row with ratings p is its mean
                                                  and q = 0 (s = 0, t its mean), for a row without p is the mean of all
                                                  ratings and q = 1 (s = 1, t = 0)

so that a cell of an unseen row is the mean of what is known of the other side, as `definitions` asks, and drawing,
ranking and error figures need no special case.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers.factors import Factors

_CELLS_AT_A_TIME = 1 << 18


@dataclass(frozen=True, eq=False)
class Predictor:
    """Raw predictions of every cell.

    Parameters
    ----------
    left
        N x (K + 2), one row per user.
    right
        M x (K + 2), one row per movie.
    """

    left: Floats
    right: Floats

    @cached_property
    def right_exact(self) -> Floats:
        """`right` in float64, kept, since whoever follows a slider asks for it again and again."""
        return self.right.astype(np.float64, copy=False)

    @cached_property
    def left_exact(self) -> Floats:
        """`left` in float64, kept."""
        return self.left.astype(np.float64, copy=False)

    def cells(self, users: Ints, movies: Ints) -> Floats:
        """Predictions of single cells, in stars, float64."""
        predicted = np.empty(len(users))
        for start in range(0, len(users), _CELLS_AT_A_TIME):
            part = slice(start, start + _CELLS_AT_A_TIME)
            predicted[part] = np.einsum("ij,ij->i", self.left[users[part]], self.right[movies[part]], dtype=np.float64)
        return predicted

    def block(self, users: Ints | slice, movies: Ints | slice) -> Floats:
        """Predictions of a block of users x movies, in stars."""
        predicted: Floats = self.left[users] @ self.right[movies].T
        return predicted


def predictor(factors: Factors, mu: float, counted: Ratings, *, biases: bool, levels: bool = True) -> Predictor:
    """The bilinear form of a model.

    Parameters
    ----------
    factors
        Its u, m, biases.
    mu
        The mean that the model adds; 0 for models without biases.
    counted
        The training ratings: which rows are known, and their means.
    biases
        Whether the model has biases.
    levels
        Whether means stand for rows without ratings in models without biases; scores of `implicit` have none.
    """
    users, movies = factors.users, factors.movies
    dtype = users.dtype
    ones_u, ones_m = np.ones(len(users), dtype), np.ones(len(movies), dtype)
    if biases:
        left = np.column_stack([users, mu + factors.user_bias, ones_u])
        right = np.column_stack([movies, ones_m, factors.movie_bias])
        return Predictor(left.astype(dtype), right.astype(dtype))
    if not levels:
        none = np.zeros((max(len(users), len(movies)), 2), dtype)
        return Predictor(np.hstack([users, none[: len(users)]]), np.hstack([movies, none[: len(movies)]]))
    overall = counted.mean
    unknown_u, unknown_m = counted.user_counts == 0, counted.movie_counts == 0
    level_u = np.where(unknown_u, overall, counted.user_means)
    level_m = np.where(unknown_m, 0.0, counted.movie_means)
    left = np.column_stack([users, level_u, unknown_u])
    right = np.column_stack([movies, unknown_m, level_m])
    return Predictor(left.astype(dtype), right.astype(dtype))
