"""The 5 x 5 grid by 5-fold cross-validation on the sample, and the same fits by cmfrec: `python -m tests.perf.search`.

Beside the grid the guided search of 30 trials on the same folds, over the grid's K and lambda and over all settings.
Grid and cmfrec fit every K and lambda on the same folds with the same number of epochs and are judged by the same
function; cmfrec fits each setting anew, with every core. Times are of one run in turn: read the ratio.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

import alsgui
from alsgui.core.cross_validation import folds
from alsgui.core.guided import run_guided, usual_space
from alsgui.core.metrics import Judge
from alsgui.core.search import Grid, Score, SearchTable, run_search, usual_grid
from alsgui.core.solvers.blocks import cores
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.split import Split
from alsgui.core.trials import MORE_SETTINGS, GuidedTable, TrialScore


def ours(grid: Grid, split: Split) -> SearchTable:
    scores: list[Score] = []
    run_search(grid, split, scores.append, threading.Event())
    return SearchTable.empty(grid).with_scores(scores)


def guided(split: Split, more: Collection[str]) -> GuidedTable:
    space = usual_space(ObservedConfig(), split, more)
    scores: list[TrialScore] = []
    run_guided(space, split, scores.append, threading.Event())
    return GuidedTable.empty(space).with_scores(scores)


def print_guided(split: Split, more: Collection[str], grid_seconds: float) -> None:
    began = time.perf_counter()
    table = guided(split, more)
    seconds = time.perf_counter() - began
    assert table.best is not None
    whole = int(np.count_nonzero(table.folds_done == table.n_folds))
    print(f"guided, {'K, lambda, power, bias' if more else 'K, lambda'}: {len(table.trials)} trials, {whole} whole, "
          f"{table.n_fits} fits   {seconds:8.1f} s   {seconds / grid_seconds:5.2f} x the grid   "
          f"best RMSE {table.means[table.best]:.4f} ± {table.standard_errors[table.best]:.4f} at "
          f"{table.trials[table.best[0]]}")  # fmt: skip


def cold(grid: Grid, parts: list[Split]) -> float:
    """Our own fits one after the other, each from its random start with every core."""
    began = time.perf_counter()
    for fold in parts:
        for row in range(len(grid.row_values)):
            for column in range(len(grid.lambdas)):
                config = grid.config_at((row, column))
                settings = {name: value for name, value in config.to_json().items() if name != "algorithm"}
                alsgui.fit(fold, "observed", **settings)
    return time.perf_counter() - began


def theirs(grid: Grid, parts: list[Split]) -> tuple[float, Any] | None:
    try:
        from cmfrec import CMF  # type: ignore[import-not-found]
    except ImportError:
        return None
    import pandas

    errors = np.empty(grid.shape)
    seconds = 0.0
    for number, fold in enumerate(parts):
        training, held_out = fold.training, fold.holdout
        assert held_out is not None
        judge = Judge.of(held_out, training)
        users, movies, values = training.users_of_ratings, training.csr.indices, training.csr.data
        table = pandas.DataFrame({"UserId": users, "ItemId": movies, "Rating": values.astype(float)})
        for row, k in enumerate(grid.row_values):
            for column, ridge in enumerate(grid.lambdas):
                model = CMF(k=int(k), lambda_=ridge, niter=grid.config.epochs, nthreads=cores(), verbose=False,
                            use_cg=False, scale_lam=False, finalize_chol=True)  # fmt: skip
                began = time.perf_counter()
                model.fit(table)
                seconds += time.perf_counter() - began
                predicted = model.predict(held_out.users, held_out.movies)
                errors[row, column, number] = judge.score(np.asarray(predicted, float)).rmse
    return seconds, errors


def main() -> None:
    ratings = alsgui.open_sample("ml-latest-small").ratings
    split = alsgui.split(ratings)
    grid = usual_grid(ObservedConfig(), split)
    grid = replace(grid, n_folds=5)
    parts = folds(split, grid.n_folds, grid.seed)
    for fold in parts:
        _ = fold.training.csc
    began = time.perf_counter()
    table = ours(grid, split)
    warm_seconds = time.perf_counter() - began
    assert table.best is not None
    print(f"grid K {grid.row_values} x lambda {grid.lambdas}, {grid.n_folds} folds, {table.n_fits} fits")
    print(f"alsgui search, warm along lambda, {cores()} paths at a time   {warm_seconds:8.1f} s   "
          f"best RMSE {table.means[table.best]:.4f} ± {table.standard_errors[table.best]:.4f} "
          f"at {grid.row_values[table.best[0]]:g}, "
          f"{grid.lambdas[table.best[1]]:g}")  # fmt: skip
    for more in ((), MORE_SETTINGS):
        print_guided(split, more, warm_seconds)
    cold_seconds = cold(grid, parts)
    print(f"alsgui, every fit anew with every core                {cold_seconds:8.1f} s   "
          f"{cold_seconds / warm_seconds:5.2f} x the search")  # fmt: skip
    found = theirs(grid, parts)
    if found is None:
        print("cmfrec is not installed")
        return
    seconds, errors = found
    means = errors.mean(axis=2)
    print(f"cmfrec, every fit anew with every core                {seconds:8.1f} s   "
          f"{seconds / warm_seconds:5.2f} x the search   best RMSE of its own {means.min():.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
