"""How many ratings until a model knows somebody: the error on users kept aside whole, by how many ratings they told.

    known_after(model)   errors after 0, 1, 5 and 10 ratings and after all but one, of the model and of biases alone

The judged ratings are the same at every step (see `newcomers`). Standard errors count users, not ratings: the ratings
of one user are off together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import numpy as np

from alsgui.core.errors import Interrupted
from alsgui.core.folding import folded_into
from alsgui.core.metrics import Judge
from alsgui.core.model import Model
from alsgui.core.newcomers import Newcomers, Told, newcomers
from alsgui.core.ratings import Floats
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.split import Split
from alsgui.core.training import fitted, iter_fit

STEPS: tuple[Told, ...] = (0, 1, 5, 10, None)
_BIAS_EPOCHS = 10


@dataclass(frozen=True)
class KnownAfter:
    """Errors after so many ratings.

    Parameters
    ----------
    told
        Ratings that each was to tell; None for all but the one that is judged.
    typical
        Median of the ratings that they told.
    rmse, se
        RMSE of clipped predictions, in stars, and its standard error over users; NaN for a single user.
    biases
        RMSE of user + movie biases alone, folded in from the same ratings.
    gain_se
        Standard error of the difference of the two, which is smaller than theirs: both err on the same ratings.
    n, n_users
        Ratings that are judged, and users whose they are.
    """

    told: Told
    typical: float
    rmse: float
    se: float
    biases: float
    gain_se: float
    n: int
    n_users: int

    @property
    def gain(self) -> float:
        """How much lower the model's error is than that of biases alone, in stars."""
        return self.biases - self.rmse


def known_after(model: Model, interrupted: Callable[[], bool] = lambda: False) -> tuple[KnownAfter, ...]:
    """The curve of a model; empty where no users were kept aside whole, or predictions are no ratings.

    Raises
    ------
    Interrupted
        When `interrupted` says so.
    """
    split = model.split
    if split is None or split.kind != "users" or not len(split.held_out) or not model.config.predicts_ratings:
        return ()
    nobody = Split(split.training, np.empty(0, np.int64), 0.0, 0)
    averages = fitted(iter_fit(nobody, ObservedConfig(k=0, epochs=_BIAS_EPOCHS, threads=1), _Watched(interrupted)))
    points = []
    for told in STEPS:
        if interrupted():
            raise Interrupted
        them = newcomers(split.ratings, split.held_out, split.seed, told)
        own, biases = (_error(each, them, split) for each in (model, averages))
        typical = float(np.median(them.known.user_counts))
        gain_se = _standard_error(own.pull - biases.pull)
        points.append(KnownAfter(told, typical, own.rmse, own.se, biases.rmse, gain_se, len(them.cells), them.n_users))
    return tuple(points)


class _Watched(Event):
    """An event that is set when a function says so."""

    def __init__(self, interrupted: Callable[[], bool]) -> None:
        super().__init__()
        self._interrupted = interrupted

    def is_set(self) -> bool:
        return self._interrupted()


@dataclass(frozen=True, eq=False)
class _Error:
    """An RMSE, and by how much each user moves it: the sum of their squares is its squared standard error."""

    rmse: float
    pull: Floats

    @property
    def se(self) -> float:
        return _standard_error(self.pull)


def _error(model: Model, them: Newcomers, split: Split) -> _Error:
    judge = Judge.of(them.cells, split.training, them.known)
    predicted = folded_into(model, them.known).cells(them.cells.users, them.cells.movies)
    squares = np.square(them.cells.values - np.clip(predicted, judge.low, judge.high), dtype=np.float64)
    _, group = np.unique(them.users[them.cells.users], return_inverse=True)
    rmse = float(np.sqrt(squares.mean()))
    over = np.bincount(group, weights=squares - squares.mean())
    return _Error(rmse, over / (len(squares) * 2 * max(rmse, 1e-300)))


def _standard_error(pull: Floats) -> float:
    """Of a figure that users move by so much each; NaN for a single user."""
    n = len(pull)
    return float(np.sqrt(np.sum(pull**2) * n / (n - 1))) if n > 1 else float("nan")
