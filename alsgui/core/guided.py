"""The guided search: a sampler proposes K, lambda and more together, each trial from the errors of those before it.

The sampler is the tree-structured Parzen estimator of `optuna` (Bergstra et al. 2011, in its multivariate form). Trials
follow one another, and the folds of one trial are fitted side by side, one thread each: so a trial is proposed from the
same errors at any number of workers, and the table has the same bits. All trials are judged on the folds that a grid
search of the same seed uses. A fit starts anew, since a trial's K is seldom that of the one before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from alsgui.core.cross_validation import FoldBook, error_and_seconds, fit_on_fold
from alsgui.core.errors import ConfigError, Interrupted
from alsgui.core.search import usual_grid
from alsgui.core.solvers.blocks import cores
from alsgui.core.solvers.config import Config
from alsgui.core.split import Split
from alsgui.core.trials import FIRST_FOLDS, GuidedTable, Range, Space, Trial, TrialScore
from alsgui.text import tr

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

ROOM_FOR_FOLDS = 20_000_000
"""Ratings of all folds together that are kept in memory; more are made again for each trial."""


def available() -> bool:
    """Whether the optional package is installed."""
    return find_spec("optuna") is not None


def run_guided(
    space: Space,
    split: Split,
    report: Callable[[TrialScore], None],
    brake: threading.Event,
    *,
    known: GuidedTable | None = None,
    pause: Callable[[], None] = lambda: None,
    workers: int | None = None,
) -> None:
    """Try one setting after another, each proposed from the errors of those before, on folds side by side.

    Parameters
    ----------
    report
        Called after each fit, from any of the worker threads.
    brake
        Set it, from any thread, to end the search; what was reported stays valid.
    known
        What is done already: the sampler is told it in its order, and nothing of it is fitted again.
    pause
        Called between steps of every fit; it may wait.
    workers
        Folds at a time; None takes every core.

    Raises
    ------
    Interrupted
        When the brake ended it.
    ConfigError
        When there are too few ratings, or `optuna` is not installed.
    """
    if not available():
        raise ConfigError(tr("The guided search needs optuna."), "pip install alsgui[search]")
    table = known or GuidedTable.empty(space)
    n_kept = space.n_folds if split.training.n_ratings * space.n_folds <= ROOM_FOR_FOLDS else workers or cores()
    parts = FoldBook(split, space.n_folds, space.seed, n_kept)
    adviser = _Adviser(space)
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(workers or cores()) as pool:
        fitter = _Fitter(space, parts, report, brake, pause, pool)
        for number in range(space.n_trials):
            trial = adviser.propose(table.trials[number] if number < len(table.trials) else None)
            for wave in (range(FIRST_FOLDS), range(FIRST_FOLDS, space.n_folds)):
                todo = [fold for fold in wave if np.isnan(table.seconds[number, fold])]
                table = table.with_scores(fitter.fit(number, trial, todo))
                if table.hopeless(number):
                    break
            adviser.tell(table, number)


@dataclass(frozen=True)
class _Fitter:
    """Fits a trial on folds side by side."""

    space: Space
    parts: FoldBook
    report: Callable[[TrialScore], None]
    brake: threading.Event
    pause: Callable[[], None]
    pool: ThreadPoolExecutor

    def fit(self, number: int, trial: Trial, folds: Iterable[int]) -> list[TrialScore]:
        """The scores of the folds. Raises Interrupted when the brake ended it."""
        running = [self.pool.submit(self._fit_one, number, trial, fold) for fold in folds]
        try:
            for future in as_completed(running):
                future.result()
        except BaseException:
            self.brake.set()
            raise
        if self.brake.is_set():
            raise Interrupted
        return [score for future in running if (score := future.result()) is not None]

    def _fit_one(self, number: int, trial: Trial, fold: int) -> TrialScore | None:
        if self.brake.is_set():
            return None
        fitted = fit_on_fold(self.parts.get(fold), self.space.config_of(trial), self.brake, self.pause)
        if self.brake.is_set():
            return None
        score = TrialScore(number, trial, fold, *error_and_seconds(fitted))
        self.report(score)
        return score


class _Adviser:
    """The sampler: proposes a trial, and is told how it went."""

    def __init__(self, space: Space) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)  # it would write a line on the terminal for each study
        sampler = optuna.samplers.TPESampler(seed=space.seed, multivariate=True)
        self._study = optuna.create_study(sampler=sampler)
        self._space = space
        self._distributions = _distributions(space)

    def propose(self, known: Trial | None) -> Trial:
        """The next trial; where one is known already, that."""
        self._asked = self._study.ask(self._distributions)
        proposed = self._space.trial(self._asked.params)
        if known is None or known == proposed:
            return proposed
        # Another release of optuna has proposed what is known: what was fitted counts, and its proposal is dropped.
        self._tell_failed()
        self._study.enqueue_trial({name: getattr(known, name) for name in self._space.ranges})
        self._asked = self._study.ask(self._distributions)
        return known

    def tell(self, table: GuidedTable, number: int) -> None:
        """Say how the proposed trial went."""
        from optuna.trial import TrialState

        if (number,) in table.failed:
            self._tell_failed()
        elif table.folds_done[number] < table.n_folds:
            self._asked.report(float(table.means[number]), int(table.folds_done[number]))
            self._study.tell(self._asked, state=TrialState.PRUNED)
        else:
            self._study.tell(self._asked, float(table.means[number]))

    def _tell_failed(self) -> None:
        from optuna.trial import TrialState

        self._study.tell(self._asked, state=TrialState.FAIL)


def _distributions(space: Space) -> dict[str, BaseDistribution]:
    from optuna.distributions import FloatDistribution, IntDistribution

    made: dict[str, BaseDistribution] = {
        name: FloatDistribution(low, high, log=name != "lambda_power") for name, (low, high) in space.ranges.items()
    }
    made["k"] = IntDistribution(int(space.k[0]), int(space.k[1]), log=True)
    return made


def usual_space(config: Config, split: Split, more: Collection[str] = (), n_trials: int = 30) -> Space:
    """A space around the usual settings, as wide as the usual grid.

    Where the power is searched too, lambda reaches from what suits the highest power to what suits the lowest, since
    lambda is multiplied by the count of a row to that power.

    Parameters
    ----------
    more
        Which of `MORE_SETTINGS` are searched.
    """
    grid = usual_grid(config, split)
    ridges = [*grid.lambdas]
    powers: Range | None = None
    biases: Range | None = None
    if "lambda_power" in more:
        powers = (0.0, 1.0)
        for power in powers:
            changes: dict[str, Any] = {"lambda_power": power}
            ridges += usual_grid(replace(config, **changes), split).lambdas
    if "lambda_bias" in more:
        rows = usual_grid(config, split, row_setting="lambda_bias").row_values
        biases = (rows[0], rows[-1])
    k = (grid.row_values[0], grid.row_values[-1])
    return Space(grid.config, k, (min(ridges), max(ridges)), powers, biases, n_trials)
