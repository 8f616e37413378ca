"""Are the bands kept: how often held-out ratings lie where a model says they will, half of the time and nine in ten.

sd_ij = s sqrt(1 + f_j^T A_i^-1 f_j + f_i^T B_j^-1 f_i): a rating's own noise, what is not known of the user, what is
not known of the movie. s makes the mean of (error / sd)^2 one on half of the hold-out; the other half is the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy import linalg

from alsgui.core.model import Model
from alsgui.core.ratings import Cells, Floats, Ints
from alsgui.core.solvers.config import ObservedConfig
from alsgui.text import tr

LEVELS = (0.5, 0.9)
MOST_CELLS = 2000
"""At most so many held-out ratings take part: a fixed sample."""

MOST_OF_A_ROW = 5000
"""A row's matrix is estimated from so many of its ratings where it has more."""

FEWEST_CELLS = 40


@dataclass(frozen=True, eq=False)
class Bands:
    """How often ratings lie inside their bands.

    Parameters
    ----------
    noise
        s, in stars.
    levels
        What is promised, 0 to 1.
    inside
        Shares of the ratings checked that lie inside, in order of `levels`.
    thirds
        The same of the ratings with the narrowest, middle and widest bands (3 x levels).
    n_set, n_checked
        Ratings that s was set on, and that were checked.
    """

    noise: float
    levels: tuple[float, ...]
    inside: tuple[float, ...]
    thirds: npt.NDArray[np.float64]
    n_set: int
    n_checked: int


def why_no_bands(model: Model) -> str:
    """Why a model promises no bands; "" where it does."""
    if not isinstance(model.config, ObservedConfig):
        return tr("Bands are computed for observed ALS.")
    if model.split is None or model.split.holdout is None:
        return tr("Without ratings kept aside there is nothing to check bands on.")
    if not model.settled or model.n_starts > 1:
        return tr("The users were not solved for the movies that are kept: their equations say nothing of bands.")
    if len(model.split.holdout) < FEWEST_CELLS:
        return tr("Fewer than {n} ratings are kept aside: too few to check bands on.", n=FEWEST_CELLS)
    return ""


def bands(model: Model) -> Bands:
    """Set s on one half of the hold-out and check the bands on the other.

    Raises
    ------
    ValueError
        Where `why_no_bands` has a reason.
    """
    if model.split is None or model.split.holdout is None or why_no_bands(model):
        raise ValueError(why_no_bands(model))
    cells = model.split.holdout
    order = np.random.default_rng(0).permutation(len(cells))[:MOST_CELLS]
    taken = Cells(cells.users[order], cells.movies[order], cells.values[order])
    form = model.predictor.cells(taken.users, taken.movies)
    errors = taken.values - np.clip(form, model.summary.low, model.summary.high)
    spread = np.sqrt(1 + _unknown(model, taken, of_users=True) + _unknown(model, taken, of_users=False))
    half = len(taken) // 2
    noise = float(np.sqrt(np.mean((errors[:half] / spread[:half]) ** 2)))
    widths, sizes = noise * spread[half:], np.abs(errors[half:])
    reaches = [NormalDist().inv_cdf(0.5 + level / 2) for level in LEVELS]
    thirds = np.array_split(np.argsort(widths, kind="stable"), 3)
    return Bands(
        noise,
        LEVELS,
        tuple(float(np.mean(sizes <= reach * widths)) for reach in reaches),
        np.array([[np.mean(sizes[at] <= reach * widths[at]) for reach in reaches] for at in thirds]),
        half,
        len(taken) - half,
    )


def _unknown(model: Model, cells: Cells, *, of_users: bool) -> npt.NDArray[np.float64]:
    """f^T A^-1 f of each cell: the row's own matrix A, the other side's column f."""
    assert isinstance(model.config, ObservedConfig) and model.split is not None
    training, config = model.split.training, model.config
    csr = training.csr if of_users else training.csr.tocsc()
    rows, others = (cells.users, cells.movies) if of_users else (cells.movies, cells.users)
    loadings = (model.factors.movies if of_users else model.factors.users).astype(np.float64)
    if config.biases:
        loadings = np.column_stack([loadings, np.ones(len(loadings))])
    penalty = config.penalties[0 if of_users else 1]
    unknown = np.zeros(len(cells))
    for row in np.unique(rows):
        at = np.flatnonzero(rows == row)
        rated: Ints = csr.indices[csr.indptr[row] : csr.indptr[row + 1]]
        ridge = np.full(loadings.shape[1], penalty * max(len(rated), 1) ** config.lambda_power)
        if config.biases:
            ridge[-1] = config.lambda_bias
        unknown[at] = _leverages(loadings[_some(rated)], len(rated), ridge, loadings[others[at]])
    return unknown


def _some(rated: Ints) -> Ints:
    return rated[:: -(-len(rated) // MOST_OF_A_ROW)] if len(rated) > MOST_OF_A_ROW else rated


def _leverages(rated: Floats, n: int, ridge: Floats, wanted: Floats) -> Floats:
    matrix = rated.T @ rated * (n / max(len(rated), 1)) + np.diag(np.maximum(ridge, 1e-9))
    solved = linalg.solve_triangular(np.linalg.cholesky(matrix), wanted.T, lower=True)
    return np.asarray((solved**2).sum(axis=0))
