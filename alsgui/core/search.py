"""The search for settings: a grid of one setting against lambda, each cell judged by k-fold cross-validation.

All cells are judged on the same folds of the training ratings; the hold-out of the split is not touched. A path is one
row of the grid in one fold: lambda rises along it, and each fit starts from the factors of the one before. It rises,
since a start from a larger lambda would begin at attributes that the ridge has set to zero, where the loss has a saddle
point. Paths are independent of one another: several are fitted at a time, one thread each, and the table has the same
bits at any number of them and however often the search was interrupted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from alsgui.core.cross_validation import FoldBook, error_and_seconds, fit_on_fold
from alsgui.core.errors import ConfigError, Interrupted
from alsgui.core.fold_table import NAN, FoldTable, Place
from alsgui.core.ratings import Floats
from alsgui.core.solvers.blocks import cores
from alsgui.core.solvers.config import Config, config_from_json
from alsgui.core.split import Split
from alsgui.text import tr

MOST_CELLS = 400
ROW_SETTINGS = ("k", "lambda_power", "lambda_bias")
"""What can be searched against lambda."""


@dataclass(frozen=True)
class Grid:
    """What is tried.

    Parameters
    ----------
    config
        Settings of all fits but for the two that vary, resolved.
    row_values
        Values of the setting `row_setting`, ascending.
    lambdas
        Values of lambda_u and lambda_m together, ascending.
    n_folds
        Folds of the cross-validation, at least two.
    seed
        Of the choice of the folds.

    Raises
    ------
    ConfigError
        When values are missing, repeated or too many, or the algorithm has no such setting.
    """

    config: Config
    row_values: tuple[float, ...]
    lambdas: tuple[float, ...]
    row_setting: str = "k"
    n_folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "row_values", tuple(sorted(self.row_values)))
        object.__setattr__(self, "lambdas", tuple(sorted(self.lambdas)))
        if self.row_setting not in ROW_SETTINGS or self.row_setting not in {each.name for each in fields(self.config)}:
            raise ConfigError(
                tr("{title} has no setting {name} to search.", title=self.config.title, name=self.row_setting),
                tr("Search k."),
            )
        for name, values in ((self.row_setting, self.row_values), ("lambda", self.lambdas)):
            if not values or len(set(values)) < len(values):
                raise ConfigError(tr("The values of {name} are missing or repeated.", name=name), tr("Give each once."))
        if self.n_cells > MOST_CELLS:
            raise ConfigError(tr("The grid has {n} settings.", n=self.n_cells), tr("Use at most {n}.", n=MOST_CELLS))
        if not 2 <= self.n_folds <= 20:
            raise ConfigError(tr("There are {n} folds.", n=self.n_folds), tr("Use 2 to 20."))
        for row in range(len(self.row_values)):
            self.config_at((row, len(self.lambdas) - 1))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns, folds."""
        return len(self.row_values), len(self.lambdas), self.n_folds

    @property
    def n_cells(self) -> int:
        """Number of settings."""
        return len(self.row_values) * len(self.lambdas)

    def config_at(self, cell: Place) -> Config:
        """The settings of a cell."""
        value, ridge = self.row_values[cell[0]], self.lambdas[cell[1]]
        values: dict[str, Any] = {self.row_setting: int(value) if self.row_setting == "k" else value}
        return replace(self.config, lambda_u=ridge, lambda_m=ridge, **values)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the file of a search."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        return kept | {"config": self.config.to_json()}


def grid_from_json(values: dict[str, Any]) -> Grid:
    """Inverse of `Grid.to_json`."""
    return Grid(
        **values
        | {
            "config": config_from_json(values["config"]),
            "row_values": tuple(values["row_values"]),
            "lambdas": tuple(values["lambdas"]),
        }
    )


@dataclass(frozen=True)
class Score:
    """One fit of one cell on one fold.

    `error` is the RMSE of the fold's ratings, clipped as everywhere, in stars; where predictions are no ratings, what
    the lists lack of a perfect NDCG@20. NaN where the fit had no answer.
    """

    row: int
    column: int
    fold: int
    error: float
    seconds: float


@dataclass(frozen=True, eq=False)
class SearchTable(FoldTable):
    """What is known of a grid so far. Immutable.

    `errors` and `seconds` are rows x columns x folds, NaN where nothing is known yet; a setting that has no answer in a
    fold is in `failed`.
    """

    grid: Grid
    errors: Floats
    seconds: Floats
    failed: frozenset[Place] = field(default_factory=frozenset)

    @classmethod
    def empty(cls, grid: Grid) -> SearchTable:
        """Nothing is known."""
        return cls(grid, np.full(grid.shape, NAN), np.full(grid.shape, NAN))

    def with_scores(self, scores: Iterable[Score]) -> SearchTable:
        """The table with more fits in it."""
        errors, seconds, failed = self.errors.copy(), self.seconds.copy(), set(self.failed)
        for score in scores:
            place = (score.row, score.column, score.fold)
            errors[place], seconds[place] = score.error, score.seconds
            if np.isnan(score.error):
                failed.add(place[:2])
        return SearchTable(self.grid, errors, seconds, frozenset(failed))

    def scores(self) -> list[Score]:
        """What is known, fit by fit."""
        return [
            Score(row, column, fold, float(self.errors[row, column, fold]), float(self.seconds[row, column, fold]))
            for row, column, fold in np.argwhere(~np.isnan(self.seconds)).tolist()
        ]

    @property
    def complete(self) -> bool:
        """Whether every cell is done in every fold."""
        return self.n_fits == self.errors.size

    @property
    def share_done(self) -> float:
        """Of all fits, 0 to 1."""
        return self.n_fits / self.errors.size

    def config_at(self, cell: Place) -> Config:
        """The settings of a cell."""
        return self.grid.config_at(cell)

    def simplest_first(self) -> Iterable[Place]:
        """The lowest row first, the most ridge first within it."""
        n_rows, n_columns, _ = self.grid.shape
        return ((row, column) for row in range(n_rows) for column in reversed(range(n_columns)))

    def seconds_left(self, workers: int) -> float | None:
        """Estimate: fits of a row take about as long as those of it that are done; None before the first."""
        done = ~np.isnan(self.seconds)
        if not done.any():
            return None
        overall = float(self.seconds[done].mean())
        left = 0.0
        for row, known in enumerate(done):
            pace = float(self.seconds[row][known].mean()) if known.any() else overall
            left += pace * np.count_nonzero(~known)
        return left / workers


def run_search(
    grid: Grid,
    split: Split,
    report: Callable[[Score], None],
    brake: threading.Event,
    *,
    known: SearchTable | None = None,
    pause: Callable[[], None] = lambda: None,
    workers: int | None = None,
) -> None:
    """Fit every cell on every fold that `known` has not, fold by fold, so that the whole grid is seen early.

    Parameters
    ----------
    report
        Called after each fit, from any of the worker threads.
    brake
        Set it, from any thread, to end the search; what was reported stays valid.
    known
        What is done already. A path that is not complete is gone along again from its start, without reporting twice.
    pause
        Called between steps of every fit; it may wait.
    workers
        Paths at a time; None takes every core.

    Raises
    ------
    Interrupted
        When the brake ended it.
    ConfigError
        When there are too few ratings.
    """
    table = known or SearchTable.empty(grid)
    parts = FoldBook(split, grid.n_folds, grid.seed)
    todo = [
        (row, fold)
        for fold in range(grid.n_folds)
        for row in reversed(range(len(grid.row_values)))
        if np.isnan(table.seconds[row, :, fold]).any()
    ]
    path = _Path(grid, table, parts, report, brake, pause)
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(workers or cores()) as pool:
        running = [pool.submit(path.go, row, fold) for row, fold in todo]
        try:
            for future in as_completed(running):
                future.result()
        except BaseException:
            brake.set()
            pool.shutdown(cancel_futures=True)
            raise
    if brake.is_set():
        raise Interrupted


@dataclass(frozen=True)
class _Path:
    """Goes along one row of the grid in one fold."""

    grid: Grid
    known: SearchTable
    parts: FoldBook
    report: Callable[[Score], None]
    brake: threading.Event
    pause: Callable[[], None]

    def go(self, row: int, fold: int) -> None:
        """Fit for every lambda in turn, each from the factors of the one before."""
        if self.brake.is_set():
            return
        part, start = self.parts.get(fold), None
        for column in range(len(self.grid.lambdas)):
            fitted = fit_on_fold(part, self.grid.config_at((row, column)), self.brake, self.pause, start)
            if self.brake.is_set():
                return
            start = None if fitted is None else fitted.model.factors
            if np.isnan(self.known.seconds[row, column, fold]):
                self.report(Score(row, column, fold, *error_and_seconds(fitted)))


def usual_grid(config: Config, split: Split, n_rows: int = 5, n_columns: int = 5, row_setting: str = "k") -> Grid:
    """A grid around the usual settings: K doubles, lambda is spaced evenly on a log scale around its default.

    lambda reaches from a quarter of the default to twice it; where that is zero, from 0.01 to 100 spreads.
    """
    training = split.training
    resolved = config.resolved(training)
    middle = type(config)(**_kept_for_lambda(config)).resolved(training).lambda_u or 0.0
    spread = training.spread or 1.0
    low, high = (middle / 4, middle * 2) if middle > 0 else (0.01 * spread, 100 * spread)
    lambdas = tuple(_two_digits(value) for value in np.geomspace(low, high, n_columns))
    if row_setting == "lambda_power":
        rows: tuple[float, ...] = tuple(np.linspace(0, 1, n_rows).round(2).tolist())
    elif row_setting == "lambda_bias":
        rows = tuple(_two_digits(value) for value in np.geomspace(0.5, 32, n_rows))
    else:
        most = max(min(training.n_users, training.n_movies), 1)
        rows = tuple(sorted({float(min(2 ** (step + 1), most)) for step in range(n_rows)}))
    return Grid(resolved, rows, tuple(sorted(set(lambdas))), row_setting)


def _kept_for_lambda(config: Config) -> dict[str, Any]:
    """What the default lambda depends on."""
    return {"lambda_power": config.lambda_power} if hasattr(config, "lambda_power") else {}


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
