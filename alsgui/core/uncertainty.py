"""How sure: the predictive standard deviation of a prediction, its three parts, and how well it holds.

    sd_ij = s sqrt(rho_i (1 + f_j^T A_i^-1 f_j + f_i^T B_j^-1 f_i))

A rating's own noise, what is not known of the person, and what is not known of the movie. rho_i tells people apart:
their squared leave-one-out errors beside everybody's, drawn to 1 by `SHRINKAGE` ratings. s makes the mean of
(error / sd)^2 one on half of the hold-out; the other half checks the bands (see "How sure" in the docs).

    calibration_of(model)              s, rho and the measured coverage; a short job the first time, then known
    deviations(model, person, columns) sd and its parts for some movies, such as the rows on screen
    deviations_of_users(model, movie, rows)   the mirror: sd and its parts for some users
    lower_bounds(model, person, z)     r - z sd of every movie, for sorting; a short job
    why_not(model)                     why a model has no sd; empty where it has
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from alsgui.core.model import Model
from alsgui.core.movie_side import Movie
from alsgui.core.people import Person
from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.blocks import Workers, row_blocks
from alsgui.core.solvers.factors import Side, other_side
from alsgui.text import tr

SHRINKAGE = 15.0
MOST_USERS = 3000
"""Hold-out users whom calibration looks at; their choice is random with a fixed seed."""

MOST_ENTRIES = 2048
"""Ratings from which the matrix of one row is made at most."""

LEAST_CELLS = 20
Z50, Z90 = 0.6744898, 1.6448536
"""Half widths of the bands that hold half and nine tenths of a normal."""

Interrupted = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Calibration:
    """What turns spreads into stars.

    Parameters
    ----------
    s
        Standard deviation of a rating's own noise, in stars.
    mean_square
        Mean squared leave-one-out error on training ratings, in squared stars.
    rho
        Row of a user -> rho of this user, for the users who were looked at.
    n_set, n_checked
        Hold-out ratings that set s, and those that check it.
    inside_50, inside_90
        Shares of the checking half inside the bands, 0 to 1.
    rmse_thirds
        RMSE of that half in thirds, from the narrowest to the widest band, in stars.
    """

    s: float
    mean_square: float
    rho: dict[int, float]
    n_set: int
    n_checked: int
    inside_50: float
    inside_90: float
    rmse_thirds: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Deviations:
    """Predictive standard deviations, in stars; NaN for movies that nobody rated.

    Parameters
    ----------
    columns
        The movies; of a movie's side, the rows of the users.
    sd
        Standard deviation of what the person would give; its square is the sum of the squares of the parts.
    noise, person, movie
        A rating's own noise, what is not known of the person, what is not known of the movie.
    """

    columns: Ints
    sd: Floats
    noise: Floats
    person: Floats
    movie: Floats


def why_not(model: Model) -> str:
    """Why a model has no standard deviations; empty where it has."""
    if model.split is None:
        return tr("The model was saved without its ratings.")
    if not model.config.predicts_ratings:
        return tr("Scores are no ratings: they have no error in stars.")
    if model.config.algorithm == "nmf":
        return tr("NMF solves its rows by other equations.")
    if model.n_starts > 1:
        return tr("The model is the average of several starts.")
    if np.count_nonzero(_known_cells(model)) < LEAST_CELLS:
        whole = tr("Whole users are kept aside: nobody the model knows has held-out ratings.")
        few = tr("There are too few held-out ratings to measure errors on.")
        return whole if model.split.kind == "users" else few
    return ""


def why_not_for(model: Model, person: Person) -> str:
    """Why a person's predictions have no standard deviations; empty where they have."""
    if person.row is None and person.rated is None:
        return tr("These weights were not solved from ratings: how sure they are is not known.")
    return why_not(model)


def calibration_of(model: Model, interrupted: Interrupted | None = None) -> Calibration | None:
    """The calibration of a model, made when it is first asked for; None where `why_not` says why.

    Raises
    ------
    Interrupted
        When `interrupted` says so.
    """
    if why_not(model):
        return None
    if model not in _KNOWN:
        with Workers(None, interrupted or _never) as workers:
            made = _calibrated(model, workers)
        if made is None:
            return None
        _KNOWN[model] = made
    return _KNOWN[model]


def is_calibrated(model: Model) -> bool:
    """Whether `calibration_of` answers at once."""
    return model in _KNOWN or bool(why_not(model))


def deviations(
    model: Model, person: Person, columns: Ints, interrupted: Interrupted | None = None
) -> Deviations | None:
    """Standard deviations of a person's predictions of some movies; None where `why_not_for` says why."""
    calibration = None if why_not_for(model, person) else calibration_of(model, interrupted)
    if calibration is None:
        return None
    wanted, equations = np.asarray(columns, np.int64), model.equations
    rated, given = person.ratings(model)
    equation = equations.of("u", rated, given, person.weights if person.informed else None)
    of_person = equation.spread(equations.features("m")[wanted])
    point = np.asarray(person.weights, np.float64)[None, :]
    if equations.solves_biases:
        point = np.column_stack([point, np.ones(1)])
    with Workers(None, interrupted or _never) as workers:
        of_movie = _spreads(model, "m", wanted, np.zeros(len(wanted), np.int64), point, workers)
        size = calibration.s * np.sqrt(_rho(model, person, calibration, workers))
    unknown = model.summary.movie_counts[wanted] == 0
    noise, by_person, by_movie = (
        np.where(unknown, np.nan, size * np.sqrt(term)) for term in (np.ones(len(wanted)), of_person, of_movie)
    )
    return Deviations(wanted, np.sqrt(noise**2 + by_person**2 + by_movie**2), noise, by_person, by_movie)


def deviations_of_users(
    model: Model, movie: Movie, rows: Ints, interrupted: Interrupted | None = None
) -> Deviations | None:
    """Standard deviations of some users' predictions of a movie; NaN where nobody rated it.

    None where `why_not` says why, and for loadings that were not solved from ratings, such as a genre's mean.
    """
    calibration = None if movie.column is None and movie.rated is None else calibration_of(model, interrupted)
    if calibration is None:
        return None
    wanted, equations = np.asarray(rows, np.int64), model.equations
    equation = equations.of("m", *movie.ratings(model), movie.loadings)
    of_movie = equation.spread(equations.features("u")[wanted])
    point = np.asarray(movie.loadings, np.float64)[None, :]
    if equations.solves_biases:
        point = np.column_stack([point, np.ones(1)])
    with Workers(None, interrupted or _never) as workers:
        of_person = _spreads(model, "u", wanted, np.zeros(len(wanted), np.int64), point, workers)
        _measure(model, wanted[model.summary.user_counts[wanted] > 0], calibration, workers)
    size = calibration.s * np.sqrt([calibration.rho.get(int(row), 1.0) for row in wanted])
    if not movie.informed:
        size = np.full(len(wanted), np.nan)
    noise, by_person, by_movie = size, size * np.sqrt(of_person), size * np.sqrt(of_movie)
    return Deviations(wanted, np.sqrt(noise**2 + by_person**2 + by_movie**2), noise, by_person, by_movie)


def lower_bounds(model: Model, person: Person, z: float = 1.0, interrupted: Interrupted | None = None) -> Floats | None:
    """r - z sd of every movie (M), in stars: what is likely to be liked at least; -infinity where nobody rated it."""
    found = deviations(model, person, np.arange(model.n_movies), interrupted)
    if found is None:
        return None
    predicted = model.predictor.right_exact @ person.left(model)
    return np.where(np.isnan(found.sd), -np.inf, predicted - z * found.sd)


_KNOWN: WeakKeyDictionary[Model, Calibration] = WeakKeyDictionary()


def _never() -> bool:
    return False


def _known_cells(model: Model) -> npt.NDArray[np.bool_]:
    """Which held-out ratings are of a user and a movie with training ratings."""
    assert model.split is not None
    cells, summary = model.split.holdout, model.summary
    if cells is None:
        return np.empty(0, np.bool_)
    return np.asarray((summary.user_counts[cells.users] > 0) & (summary.movie_counts[cells.movies] > 0))


def _calibrated(model: Model, workers: Workers) -> Calibration | None:
    assert model.split is not None and model.split.holdout is not None
    cells, summary, known = model.split.holdout, model.summary, _known_cells(model)
    rng = np.random.default_rng(0)
    judged = np.unique(cells.users[known])
    if len(judged) > MOST_USERS:
        judged = np.sort(rng.choice(judged, MOST_USERS, replace=False))
        known &= np.isin(cells.users, judged)
    users, movies, values = cells.users[known], cells.movies[known], cells.values[known].astype(np.float64)
    rho, mean_square = _rho_of(model, judged, workers)
    unit = np.array([rho[int(row)] for row in users])
    unit *= 1 + _pair_spreads(model, "u", users, movies, workers) + _pair_spreads(model, "m", users, movies, workers)
    clipped = np.clip(model.predictor.cells(users, movies), summary.low, summary.high)
    errors, widths = values - clipped, np.sqrt(unit)
    fine = np.isfinite(widths)
    order = rng.permutation(np.flatnonzero(fine))
    first, second = order[: len(order) // 2], order[len(order) // 2 :]
    if not len(first):
        return None
    s = float(np.sqrt(np.mean((errors[first] / widths[first]) ** 2)))
    size, sd = np.abs(errors[second]), s * widths[second]
    thirds = np.array_split(size[np.argsort(sd, kind="stable")], 3)
    low, middle, high = (float(np.sqrt(np.mean(part**2))) if len(part) else float("nan") for part in thirds)
    inside = [float(np.mean(size <= z * sd)) for z in (Z50, Z90)]
    return Calibration(s, mean_square, rho, len(first), len(second), inside[0], inside[1], (low, middle, high))


def _rho_of(model: Model, rows: Ints, workers: Workers) -> tuple[dict[int, float], float]:
    """rho of users by their leave-one-out errors, and the mean square of those."""
    squares, counts = _left_out(model, rows, workers)
    overall = float(squares.sum() / max(counts.sum(), 1))
    shares = (SHRINKAGE + squares / max(overall, 1e-300)) / (SHRINKAGE + counts)
    return dict(zip(rows.tolist(), shares.tolist(), strict=True)), overall


def _left_out(model: Model, rows: Ints, workers: Workers) -> tuple[Floats, Ints]:
    """Sum of squared leave-one-out errors of each user, and their number of training ratings."""
    assert model.split is not None
    csr = model.split.training.csr
    counts = np.diff(csr.indptr)[rows]
    users = np.repeat(rows, counts)
    places = np.repeat(csr.indptr[rows] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(len(users))
    movies = csr.indices[places]
    kept = np.ones(len(users))
    for side in ("u", "m"):
        kept *= 1 - np.clip(np.nan_to_num(_pair_spreads(model, side, users, movies, workers)), 0, 0.99)
    errors = (csr.data[places] - model.predictor.cells(users, movies)) / kept
    ends = np.cumsum(counts)
    sums = np.concatenate([[0.0], np.cumsum(errors**2)])
    return np.asarray(sums[ends] - sums[ends - counts]), counts


def _rho(model: Model, person: Person, calibration: Calibration, workers: Workers) -> float:
    """rho of a person: known, from the ratings that they gave, or 1."""
    if person.rated is None and person.row is not None and person.informed:
        _measure(model, np.array([person.row]), calibration, workers)
        return calibration.rho[person.row]
    columns, given = person.ratings(model)
    if not len(columns):
        return 1.0
    # Nobody's matrix of a movie has these ratings: only the person's own leverage counts.
    equations = model.equations
    equation = equations.of("u", columns, given, person.weights)
    leverage = np.clip(equation.spread(equation.features), 0, 0.99)
    predicted = model.predictor.right[columns].astype(np.float64) @ person.left(model)
    return _shrunk(float(np.sum(((given - predicted) / (1 - leverage)) ** 2)), len(columns), calibration)


def _measure(model: Model, rows: Ints, calibration: Calibration, workers: Workers) -> None:
    """Add rho of those of some users for whom it is not known yet; all have training ratings."""
    missing = np.array([row for row in rows.tolist() if row not in calibration.rho], np.int64)
    if len(missing):
        squares, counts = _left_out(model, missing, workers)
        for row, square, n in zip(missing.tolist(), squares.tolist(), counts.tolist(), strict=True):
            calibration.rho[row] = _shrunk(square, n, calibration)


def _shrunk(squares: float, n: int, calibration: Calibration) -> float:
    return (SHRINKAGE + squares / max(calibration.mean_square, 1e-300)) / (SHRINKAGE + n)


def _pair_spreads(model: Model, side: Side, users: Ints, movies: Ints, workers: Workers) -> Floats:
    """f^T A^-1 f of each pair, A of its row on one side and f of its row on the other."""
    own, others = (users, movies) if side == "u" else (movies, users)
    return _spreads(model, side, own, others, model.equations.features(other_side(side)), workers)


def _spreads(model: Model, side: Side, rows: Ints, asked: Ints, points: Floats, workers: Workers) -> Floats:
    """f^T A^-1 f with A of each of `rows`, and f the point that is asked of it."""
    from alsgui.core.solvers.kernels.spread import spread_rows

    order = np.argsort(rows, kind="stable")
    own, starts = np.unique(rows[order], return_index=True)
    system = model.equations.system(side, own)
    asked_indptr = np.append(starts, len(rows)).astype(np.int64)
    wanted, out = np.ascontiguousarray(asked[order], np.int64), np.empty(len(rows))
    points = np.ascontiguousarray(points, np.float64)
    for array in (asked_indptr, wanted, points):
        array.setflags(write=False)

    def block(start: int, stop: int) -> None:
        spread_rows(start, stop, *system, MOST_ENTRIES, asked_indptr, wanted, points, out)

    d = points.shape[1]
    per_row = d**3 / 3 + 0.5 * d**2 * len(rows) / max(len(own), 1)
    for _ in workers.run(block, row_blocks(system.indptr, d**2 / 2, per_row)):
        pass
    back = np.empty(len(rows))
    back[order] = out
    return back
