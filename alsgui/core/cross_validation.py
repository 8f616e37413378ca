"""The folds of the training ratings, and the fit and the error of one setting on one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from alsgui.core.errors import ConfigError, Interrupted, NumericalError
from alsgui.core.fold_table import NAN
from alsgui.core.solvers.config import Config
from alsgui.core.split import Split
from alsgui.core.steps import Fitted
from alsgui.core.training import Training
from alsgui.text import tr


def folds(split: Split, n_folds: int, seed: int) -> list[Split]:
    """The training ratings of `split` n times, each time with another n-th of them kept aside.

    Raises
    ------
    ConfigError
        When there are fewer ratings than folds.
    """
    training = split.training
    if training.n_ratings < 2 * n_folds:
        raise ConfigError(tr("There are too few ratings for {n} folds.", n=n_folds), tr("Use fewer folds."))
    order = np.random.default_rng(seed).permutation(training.n_ratings)
    return [
        Split(training, np.sort(part).astype(np.int64), 1 / n_folds, seed) for part in np.array_split(order, n_folds)
    ]


class FoldBook:
    """The folds' ratings, made when first wanted; the newest `n_kept` stay in memory.

    Parameters
    ----------
    split, n_folds, seed
        See `folds`.
    n_kept
        As many as are learnt from at a time, at least.
    """

    def __init__(self, split: Split, n_folds: int, seed: int, n_kept: int = 2) -> None:
        self._parts = folds(split, n_folds, seed)
        self._n_kept = n_kept
        self._lock = threading.Lock()
        self._newest: list[int] = []

    def get(self, fold: int) -> Split:
        """One fold, whose training ratings are made."""
        with self._lock:
            part = self._parts[fold]
            _ = part.training
            if fold not in self._newest:
                self._newest.append(fold)
                for old in self._newest[: -self._n_kept]:
                    self._parts[old] = replace(self._parts[old])  # a copy has not cached its ratings
                del self._newest[: -self._n_kept]
            return part


def fit_on_fold(
    part: Split, config: Config, brake: threading.Event, pause: Callable[[], None], start: Any = None
) -> Fitted | None:
    """Fit settings on a fold with one thread; None where the equations have no answer or the brake was set."""
    # Patience would choose the epoch by the very ratings that judge it.
    config = replace(config, threads=1, restarts=1, patience=None)
    fitted: Fitted | None = None
    try:
        for step in Training(part, config, brake, start).steps():
            pause()
            if isinstance(step, Fitted):
                fitted = step
    except (Interrupted, NumericalError):
        return None
    return fitted if fitted is not None and fitted.trouble is None else None


def error_and_seconds(fitted: Fitted | None) -> tuple[float, float]:
    """The error on the ratings kept aside, and the time of the fit; NaN and 0 without an answer.

    The RMSE, clipped as everywhere, in stars; where predictions are no ratings, what the lists lack of a perfect
    NDCG@20.
    """
    if fitted is None:
        return NAN, 0.0
    model = fitted.model
    error = model.holdout_figures.rmse if model.config.predicts_ratings else 1 - model.holdout_ranking.ndcg
    return error, sum(step.seconds for step in model.half_steps)
