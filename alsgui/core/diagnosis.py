"""Where a model is wrong: errors by size, by how much is known, by user and movie; what its predictions are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsgui.core.model import Model
from alsgui.core.ratings import Cells, Floats, Ints
from alsgui.text import tr

MOST_CELLS = 2_000_000
"""At most so many ratings are judged: a fixed sample of them."""

ERROR_BARS, PREDICTION_BINS = 41, 12
FEWEST_IN_BIN, FEWEST_IN_CLASS, FEWEST_JUDGED = 10, 20, 5
MOST_LISTED = 200

_Square = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ByCount:
    """RMSE of rows (users or movies) that have about as many training ratings.

    Classes with fewer than `FEWEST_IN_CLASS` judged ratings are left out, where there are others.

    Parameters
    ----------
    low, high
        Fewest and most training ratings of each class (n).
    rmse
        In stars (n).
    n_ratings, n_rows
        Judged ratings and rows of each class (n).
    """

    low: Ints
    high: Ints
    rmse: _Square
    n_ratings: Ints
    n_rows: Ints


@dataclass(frozen=True, eq=False)
class Worst:
    """Rows that are predicted worst, by falling RMSE.

    Parameters
    ----------
    rows
        Their positions.
    rmse, mean
        RMSE and mean of y - r of each, in stars.
    n
        Judged ratings of each, at least `FEWEST_JUDGED`.
    """

    rows: Ints
    rmse: _Square
    mean: _Square
    n: Ints


@dataclass(frozen=True, eq=False)
class Calibration:
    """Mean observed rating of the cells with about the same prediction.

    Parameters
    ----------
    predicted, observed
        Means of each bin, in stars.
    error
        Standard error of the observed mean, in stars.
    n
        Ratings in each bin, at least `FEWEST_IN_BIN`.
    """

    predicted: _Square
    observed: _Square
    error: _Square
    n: Ints


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What is known of the errors of a model.

    Parameters
    ----------
    held_out
        Whether ratings that were kept aside were judged (predictions clipped); else those it was trained on (raw).
    n_judged, n_all
        How many were judged, of how many.
    rmse, mean
        Of y - r, in stars.
    edges, counts
        Histogram of y - r.
    by_user, by_movie
        Error against the number of training ratings.
    worst_users, worst_movies
        Where it fails.
    calibration
        Observed against predicted.
    """

    held_out: bool
    n_judged: int
    n_all: int
    rmse: float
    mean: float
    edges: _Square
    counts: Ints
    by_user: ByCount
    by_movie: ByCount
    worst_users: Worst
    worst_movies: Worst
    calibration: Calibration


def why_not(model: Model) -> str:
    """Why errors of a model are not known; "" where they are."""
    if not model.config.predicts_ratings:
        return tr("Predictions of this algorithm are scores, not ratings: they have no errors in stars.")
    if model.split is None:
        return tr("The model was saved without its ratings, so its errors are not known.")
    return ""


def diagnose(model: Model) -> Diagnosis:
    """Judge a model on its hold-out, or without one on its training ratings.

    Raises
    ------
    ValueError
        Where `why_not` has a reason.
    """
    if model.split is None or why_not(model):
        raise ValueError(why_not(model))
    held_out = model.split.holdout
    cells, n_all = _judged(model)
    predicted = model.predictor.cells(cells.users, cells.movies)
    if held_out is not None:
        predicted = np.clip(predicted, model.summary.low, model.summary.high)
    errors = cells.values.astype(np.float64) - predicted
    reach = max(float(np.abs(errors).max(initial=0.0)), 1e-9)
    counts, edges = np.histogram(errors, ERROR_BARS, (-reach, reach))
    known = model.summary
    return Diagnosis(
        held_out=held_out is not None,
        n_judged=len(cells),
        n_all=n_all,
        rmse=float(np.sqrt(np.mean(errors**2))),
        mean=float(errors.mean()),
        edges=edges,
        counts=counts,
        by_user=by_count(known.user_counts, cells.users, errors),
        by_movie=by_count(known.movie_counts, cells.movies, errors),
        worst_users=worst(cells.users, errors, model.n_users),
        worst_movies=worst(cells.movies, errors, model.n_movies),
        calibration=calibration(predicted, cells.values),
    )


def by_count(counts: Ints, rows: Ints, errors: Floats) -> ByCount:
    """RMSE by the number of training ratings of a row, in classes that double: 0, 1, 2-3, 4-7, ...

    Parameters
    ----------
    counts
        Training ratings of every row.
    rows, errors
        Row and error of each judged rating.
    """
    classes = np.where(counts > 0, np.floor(np.log2(np.maximum(counts, 1))).astype(np.int64) + 1, 0)
    of_errors = classes[rows]
    there, sizes = np.unique(of_errors, return_counts=True)
    there = there[sizes >= FEWEST_IN_CLASS] if np.any(sizes >= FEWEST_IN_CLASS) else there
    n_classes = int(of_errors.max(initial=-1)) + 1
    squares, n = (np.bincount(of_errors, weights, n_classes)[there] for weights in (errors**2, None))
    seen = np.bincount(classes[np.unique(rows)], minlength=n_classes)[there]
    low = np.where(there > 0, 2 ** np.maximum(there - 1, 0), 0)
    high = np.where(there > 0, 2**there - 1, 0)
    return ByCount(low, high, np.sqrt(squares / n), n.astype(np.int64), seen)


def worst(rows: Ints, errors: Floats, n_rows: int) -> Worst:
    """The rows with the largest RMSE among those with at least `FEWEST_JUDGED` judged ratings; ties as they stand."""
    n = np.bincount(rows, minlength=n_rows)
    squares, sums = (np.bincount(rows, each, n_rows) for each in (errors**2, errors))
    enough = np.flatnonzero(n >= FEWEST_JUDGED)
    rmse = np.sqrt(squares[enough] / n[enough])
    order = np.argsort(-rmse, kind="stable")[:MOST_LISTED]
    found = enough[order]
    return Worst(found, rmse[order], sums[found] / n[found], n[found])


def calibration(predicted: Floats, values: Floats) -> Calibration:
    """Means of observed ratings in `PREDICTION_BINS` bins of equal width between the extreme predictions."""
    edges = np.linspace(float(predicted.min()), float(predicted.max()), PREDICTION_BINS + 1)
    bins = np.clip(np.searchsorted(edges, predicted, side="right") - 1, 0, PREDICTION_BINS - 1)
    n = np.bincount(bins, minlength=PREDICTION_BINS)
    sums, totals, squares = (
        np.bincount(bins, np.asarray(each, np.float64), PREDICTION_BINS) for each in (predicted, values, values**2)
    )
    told = np.flatnonzero(n >= FEWEST_IN_BIN)
    count = n[told]
    observed = totals[told] / count
    variance = np.maximum(squares[told] / count - observed**2, 0) * count / (count - 1)
    return Calibration(sums[told] / count, observed, np.sqrt(variance / count), count)


def _judged(model: Model) -> tuple[Cells, int]:
    """The ratings that are judged, and of how many they are a sample."""
    assert model.split is not None
    held_out = model.split.holdout
    if held_out is None:
        training = model.split.training
        held_out = Cells(training.users_of_ratings, training.csr.indices, training.csr.data)
    n_all = len(held_out)
    if n_all <= MOST_CELLS:
        return held_out, n_all
    at = np.sort(np.random.default_rng(0).choice(n_all, MOST_CELLS, replace=False))
    return Cells(held_out.users[at], held_out.movies[at], held_out.values[at]), n_all
