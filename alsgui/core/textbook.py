"""The figures that the text-book prints for its 50 x 200 example, of any model of complete ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alsgui.core.errors import DataError
from alsgui.core.ratings import Floats, Ints
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model

N_LISTED = 6
PRINTED_MSE = 1.869759
"""The text's, of one draw; it calls it RMSE."""


@dataclass(frozen=True, eq=False)
class TextbookFigures:
    """What the text prints, in its order.

    Parameters
    ----------
    mse
        Mean of the squared residuals y - u^T m over all cells, stars squared.
    best_mse
        The lowest that any u^T m of this K can reach on this y: what is left of y's singular values beyond K.
    variance
        Of y around its mean: what the mean alone would leave.
    first_user, second_user
        Columns of u (K).
    first_movie
        Column of m (K).
    mean_user
        Row means of u (K), over all users.
    highest, lowest
        Movies, from 0, with the highest and the lowest m^T u of the mean user, the extreme first.
    """

    mse: float
    best_mse: float
    variance: float
    first_user: Floats
    second_user: Floats
    first_movie: Floats
    mean_user: Floats
    highest: Ints
    lowest: Ints

    @property
    def rmse(self) -> float:
        """Root of the mean squared error, in stars."""
        return float(np.sqrt(self.mse))

    @property
    def explained(self) -> float:
        """Share of the variance that the best fit of this K explains."""
        return 1 - self.best_mse / self.variance


def textbook_figures(y: Floats, model: Model) -> TextbookFigures:
    """Figures of a model of y (N x M, every cell rated).

    Raises
    ------
    DataError
        When y has holes: the text's figures are means over all cells.
    """
    if np.isnan(y).any():
        raise DataError(tr("The ratings have holes."), tr("The text-book's figures need every cell."))
    u, m = np.asarray(model.u, dtype=np.float64), np.asarray(model.m, dtype=np.float64)
    beyond = np.linalg.svd(y, compute_uv=False)[len(u) :]
    mean_user = u.mean(axis=1)
    order = np.argsort(-(m.T @ mean_user), kind="stable")
    return TextbookFigures(
        mse=float(np.mean((y - u.T @ m) ** 2)),
        best_mse=float(np.sum(beyond**2) / y.size),
        variance=float(y.var()),
        first_user=u[:, 0],
        second_user=u[:, min(1, u.shape[1] - 1)],
        first_movie=m[:, 0],
        mean_user=mean_user,
        highest=order[:N_LISTED],
        lowest=order[::-1][:N_LISTED],
    )
