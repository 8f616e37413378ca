"""Error figures: every rating counts, predictions clipped to the range of the training ratings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsgui.core.predictor import Predictor
from alsgui.core.ratings import Cells, Floats, Ints, Ratings

NAN = float("nan")


@dataclass(frozen=True)
class ErrorFigures:
    """How far predictions of some cells are off, in stars.

    Parameters
    ----------
    rmse, mae
        Root mean squared and mean absolute error over all `n` cells.
    n
        Number of cells, none dropped.
    n_unknown
        Cells whose user or movie has no training rating.
    rmse_known
        RMSE over the others.
    """

    rmse: float = NAN
    mae: float = NAN
    n: int = 0
    n_unknown: int = 0
    rmse_known: float = NAN


@dataclass(frozen=True, eq=False)
class Judge:
    """Scores predictions of fixed cells by one rule; peers and baselines are scored by the same.

    Parameters
    ----------
    cells
        Hold-out or test ratings.
    low, high
        Range of the training ratings, to which predictions are clipped.
    unknown
        For each cell, whether its user or movie has no training rating.
    """

    cells: Cells
    low: float
    high: float
    unknown: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, cells: Cells, training: Ratings, known: Ratings | None = None) -> Judge:
        """The judge of `cells` for models trained on `training`.

        `known` has what is known of those who are judged, where they are not the users of `training`.
        """
        counts = (training if known is None else known).user_counts
        unknown = (counts[cells.users] == 0) | (training.movie_counts[cells.movies] == 0)
        low, high = rating_range(training)
        return cls(cells, low, high, unknown)

    def score(self, predicted: Floats) -> ErrorFigures:
        """Figures of raw predictions, one for each cell."""
        error = self.cells.values - np.clip(predicted, self.low, self.high)
        known = error[~self.unknown]
        return ErrorFigures(
            rmse=root_mean_square(error),
            mae=float(np.mean(np.abs(error))) if len(error) else NAN,
            n=len(error),
            n_unknown=int(np.count_nonzero(self.unknown)),
            rmse_known=root_mean_square(known),
        )

    def figures(self, predictor: Predictor) -> ErrorFigures:
        """Figures of a model."""
        return self.score(predictor.cells(self.cells.users, self.cells.movies))


def raw_figures(ratings: Ratings, predicted: Callable[[Ints, Ints], Floats]) -> ErrorFigures:
    """Figures of raw predictions on all of `ratings`, a part at a time, summed in float64."""
    squares = sizes = 0.0
    for cells in ratings.cells_in_parts():
        error = cells.values - predicted(cells.users, cells.movies)
        squares += float(error @ error)
        sizes += float(np.sum(np.abs(error)))
    n = ratings.n_ratings
    return ErrorFigures(float(np.sqrt(squares / n)), sizes / n, n) if n else ErrorFigures()


def rating_range(ratings: Ratings) -> tuple[float, float]:
    """Lowest and highest rating, in stars."""
    return float(ratings.csr.data.min()), float(ratings.csr.data.max())


def root_mean_square(error: Floats) -> float:
    """Root of the mean square, summed in float64; NaN of nothing."""
    return float(np.sqrt(np.mean(np.square(error, dtype=np.float64)))) if len(error) else NAN
