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
    movies, dtype = factors.movies, factors.movies.dtype
    ones, zeros = np.ones(len(movies), dtype), np.zeros(len(movies), dtype)
    if biases:
        tail = (ones, factors.movie_bias)
    elif not levels:
        tail = (zeros, zeros)
    else:
        unknown = counted.movie_counts == 0
        tail = (unknown, np.where(unknown, 0.0, counted.movie_means))
    right = np.column_stack([movies, *tail]).astype(dtype)
    return Predictor(
        left_rows(factors.users, factors.user_bias, mu, counted, counted.mean, biases=biases, levels=levels), right
    )


def left_rows(
    weights: Floats, bias: Floats, mu: float, known: Ratings, overall: float, *, biases: bool, levels: bool = True
) -> Floats:
    """`Predictor.left` of users, whether or not they are in the training ratings.

    Parameters
    ----------
    weights, bias
        Their u (n x K) and b (n).
    known
        What is known of them: n rows.
    overall
        Mean of the training ratings, for whoever has none.
    mu, biases, levels
        As in `predictor`.
    """
    dtype, n = weights.dtype, len(weights)
    if biases:
        tail: tuple[Floats, Floats] = (mu + bias, np.ones(n, dtype))
    elif not levels:
        tail = (np.zeros(n, dtype), np.zeros(n, dtype))
    else:
        unknown = known.user_counts == 0
        tail = (np.where(unknown, overall, known.user_means), unknown.astype(dtype))
    return np.asarray(np.column_stack([weights, *tail]), dtype)
