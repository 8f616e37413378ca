"""`Factors`: u, m and the biases as one immutable value, and where a fit starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ConfigError
from alsgui.core.ratings import Floats
from alsgui.core.solvers.config import Config
from alsgui.text import tr

Side = Literal["u", "m"]


def other_side(side: Side) -> Side:
    """The side that is held while this one is solved."""
    return "m" if side == "u" else "u"


@dataclass(frozen=True, eq=False)
class Factors:
    """The unknowns of a model, in row-contiguous storage (one row per user or movie). Read-only.

    Parameters
    ----------
    users
        N x K: row i is u_i.
    movies
        M x K: row j is m_j.
    user_bias, movie_bias
        b (N) and c (M), in stars; zeros for models without biases.
    """

    users: Floats
    movies: Floats
    user_bias: Floats
    movie_bias: Floats

    def __post_init__(self) -> None:
        for array in (self.users, self.movies, self.user_bias, self.movie_bias):
            array.setflags(write=False)

    @property
    def k(self) -> int:
        """Number of attributes K."""
        return int(self.users.shape[1])

    def of(self, side: Side) -> tuple[Floats, Floats]:
        """Factors and biases of one side."""
        return (self.users, self.user_bias) if side == "u" else (self.movies, self.movie_bias)


def fitting_start(start: Factors, config: Config, known: dict[Side, npt.NDArray[np.bool_]], *, biases: bool) -> Factors:
    """A start as the fit needs it: in its dtype, rows without ratings zero, biases zero where it has none."""

    def fitting(array: Floats, keep: npt.NDArray[np.bool_]) -> Floats:
        kept = np.array(array, dtype=config.dtype, order="C")
        kept[~keep] = 0
        return kept

    biased = {side: rows & biases for side, rows in known.items()}
    return Factors(
        fitting(start.users, known["u"]),
        fitting(start.movies, known["m"]),
        fitting(start.user_bias, biased["u"]),
        fitting(start.movie_bias, biased["m"]),
    )


def given_start(u: Floats, m: Floats, n_users: int, n_movies: int, config: Config) -> Factors:
    """Factors from given u (K x N) and m (K x M).

    Raises
    ------
    ConfigError
        When a shape differs from what the ratings and K ask for, or a number is not finite.
    """
    for letter, array, n in (("u", u, n_users), ("m", m, n_movies)):
        if np.shape(array) != (config.k, n):
            raise ConfigError(
                tr("{letter} has shape {shape}, not {k} x {n}.",
                   letter=letter, shape=" x ".join(map(str, np.shape(array))), k=config.k, n=n),
                tr("Give one row for each attribute and one column for each user or movie."),
            )  # fmt: skip
        if not np.all(np.isfinite(array)):
            raise ConfigError(tr("{letter} has numbers that are not finite.", letter=letter), tr("Mend the start."))
    return Factors(
        np.array(np.transpose(u), dtype=config.dtype, order="C"),
        np.array(np.transpose(m), dtype=config.dtype, order="C"),
        np.zeros(n_users, config.dtype),
        np.zeros(n_movies, config.dtype),
    )
