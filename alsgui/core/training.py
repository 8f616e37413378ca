"""The driver: alternating half-steps as a generator, whose every step can be drawn, kept, or be the last.

An epoch solves u, then m. A fit that ends, for whatever reason, keeps factors in which u was solved for the m that is
kept: when the last complete half-step was m, u is solved once more (the closing half-step).
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.brake import Brake
from alsgui.core.errors import ConfigError, Interrupted, NumericalError
from alsgui.core.metrics import NAN, ErrorFigures, Judge
from alsgui.core.model import EpochRecord, HalfStepRecord, Model, build_model, has_biases
from alsgui.core.predictor import Predictor, predictor
from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.config import Config
from alsgui.core.solvers.factors import Factors, Side, fitting_start, given_start, random_start
from alsgui.core.split import Split, split
from alsgui.core.summary import TrainingSummary
from alsgui.text import tr

CLOSING_BUDGET_SECONDS = 0.1
"""A cancelled fit makes the closing half-step only when the last solve of u took less than this."""


@dataclass(frozen=True)
class HalfSweep:
    """Progress inside a half-step: share of the side's rows that is solved, 0 to 1."""

    side: Side
    epoch: int
    done: float


@dataclass(frozen=True, eq=False)
class HalfStep:
    """A half-step is complete; `factors` can be kept and drawn."""

    record: HalfStepRecord
    epoch: int
    factors: Factors


@dataclass(frozen=True, eq=False)
class Epoch:
    """An epoch is complete; `factors` and `predictor` can be kept and drawn."""

    record: EpochRecord
    factors: Factors
    predictor: Predictor


@dataclass(frozen=True, eq=False)
class Fitted:
    """The last step: the model, and what went wrong when an error ended the fit after something was complete."""

    model: Model
    trouble: NumericalError | None = None


Step = HalfSweep | HalfStep | Epoch | Fitted
Start = Factors | Model | tuple[Floats, Floats]
"""Where a fit begins: factors, a model to go on from, or arrays u (K x N) and m (K x M)."""


@dataclass
class _Progress:
    """What a fit has reached; `last_side` is the side solved last."""

    factors: Factors
    last_side: Side | None = None
    epoch: int = 0
    seconds: float = 0.0
    history: list[EpochRecord] = field(default_factory=list)
    half_steps: list[HalfStepRecord] = field(default_factory=list)
    stopped: str = "epochs"


class Training:
    """One fit in progress. Use `iter_fit` unless single parts are needed."""

    def __init__(self, split: Split, config: Config, brake: Event | None = None, start: Start | None = None) -> None:
        from alsgui.core.solvers.algorithms import make_problem

        self.split = split
        self.config = config.resolved(split.training)
        self.brake = brake or Brake()
        self.problem = make_problem(split.training, self.config)
        self._incomparable = 0  # epochs whose loss is another
        self.judge = None if split.holdout is None else Judge.of(split.holdout, split.training)
        known: dict[Side, npt.NDArray[np.bool_]] = {side: counts > 0 for side, counts in self.problem.counts.items()}
        begin = _start(split, self.config, start)
        self.progress = _Progress(fitting_start(begin, self.config, known, biases=has_biases(self.config)))
        if isinstance(start, Model):
            self.progress.history = list(start.history)
            self.progress.half_steps = list(start.half_steps)
            self.progress.epoch = start.history[-1].epoch if start.history else 0
            self.progress.seconds = start.history[-1].seconds if start.history else 0.0
            if not _same_loss(start.config, self.config):
                self._incomparable = len(start.history)
        self._last_epoch = self.progress.epoch + self.config.epochs
        self._best: tuple[EpochRecord, Factors] | None = None

    def steps(self) -> Iterator[Step]:
        """All steps, `Fitted` at last.

        Raises
        ------
        Interrupted
            When the fit was ended before its first half-step was complete: there is nothing to keep.
        NumericalError
            When a row has no answer.
        """
        trouble: NumericalError | None = None
        with Workers(self.config.threads, self.brake.is_set) as workers:
            try:
                while True:
                    yield from self._epoch(workers)
                    if self._finished():
                        break
            except Interrupted:
                self.progress.stopped = "cancelled" if self._cancelled else "stopped"
                if self.progress.last_side is None:
                    raise
            except NumericalError as error:
                self.progress.stopped, trouble = "error", error
                if self.progress.last_side is None:
                    raise
        if trouble is None:
            try:
                yield from self._close()
            except NumericalError as error:
                self.progress.stopped, trouble = "error", error
        yield Fitted(self._model(), trouble)

    def _epoch(self, workers: Workers) -> Iterator[Step]:
        epoch = self.progress.epoch + 1
        for side in ("u", "m"):
            yield from self._half_step(side, epoch, workers)
        progress, last = self.progress, self.progress.half_steps[-1]
        form = self.predictor_of(progress.factors)
        figures = self.judge.figures(form) if self.judge else ErrorFigures()
        record = EpochRecord(epoch, last.loss, self._rmse(last.rss), figures.rmse, figures.mae, progress.seconds)
        progress.epoch = epoch
        progress.history.append(record)
        if self._best is None or record.rmse_holdout < self._best[0].rmse_holdout:
            self._best = (record, progress.factors)
        yield Epoch(record, progress.factors, form)

    def _half_step(self, side: Side, epoch: int, workers: Workers) -> Iterator[Step]:
        progress = self.progress
        started = time.perf_counter()
        solved: Factors | None = None
        for done, solved in self.problem.solve(side, progress.factors, workers):
            if solved is None:
                paused_at = time.perf_counter()
                yield HalfSweep(side, epoch, done)
                started += time.perf_counter() - paused_at
        assert solved is not None
        evaluation = self.problem.evaluate(solved, workers)
        if not np.isfinite(evaluation.loss):
            raise NumericalError(
                tr("The loss is not a finite number after epoch {n}.", n=epoch),
                tr("Use a larger lambda or smaller ratings."),
            )
        seconds = time.perf_counter() - started
        progress.factors, progress.last_side = solved, side
        progress.seconds += seconds
        progress.half_steps.append(HalfStepRecord(side, evaluation.rss, evaluation.loss, seconds))
        yield HalfStep(progress.half_steps[-1], epoch, solved)

    def _finished(self) -> bool:
        history = self.progress.history
        if len(history) - self._incomparable > 1 and self.config.tolerance > 0:
            before, now = history[-2].loss, history[-1].loss
            if before - now <= self.config.tolerance * before:
                self.progress.stopped = "tolerance"
                return True
        patience = self.config.patience
        if patience is not None and self._best is not None and self.judge is not None:
            record, factors = self._best
            if history[-1].epoch - record.epoch >= patience:
                self.progress.factors = factors
                self.progress.stopped = "patience"
                return True
        return self.progress.epoch >= self._last_epoch

    @property
    def _cancelled(self) -> bool:
        return isinstance(self.brake, Brake) and self.brake.cancelled

    def _close(self) -> Iterator[Step]:
        """Solve u for the m that is kept, unless that is so already or a cancel leaves no time."""
        progress = self.progress
        if progress.last_side != "m" or not self.config.closing:
            return
        last_u = next(record for record in reversed(progress.half_steps) if record.side == "u")
        if self._cancelled and last_u.seconds > CLOSING_BUDGET_SECONDS:
            return
        with Workers(self.config.threads, lambda: False) as workers:
            yield from self._half_step("u", progress.epoch, workers)

    def _model(self) -> Model:
        progress = self.progress
        form = self.predictor_of(progress.factors)
        training = self.split.training
        errors = training.csr.data - form.cells(training.users_of_ratings, training.csr.indices)
        return build_model(
            self.config,
            progress.factors,
            self.split,
            TrainingSummary.of(self.split),
            history=tuple(progress.history),
            half_steps=tuple(progress.half_steps),
            training_figures=ErrorFigures(
                self._rmse(float(np.sum(np.square(errors)))), float(np.mean(np.abs(errors))), len(errors)
            ),
            holdout_figures=self.judge.figures(form) if self.judge else ErrorFigures(),
            stopped=progress.stopped,
            settled=progress.last_side == "u",
            versions=versions(),
        )

    def predictor_of(self, factors: Factors) -> Predictor:
        """Predictions of `factors`, unseen rows included."""
        return predictor(factors, self.problem.mu, self.split.training, biases=has_biases(self.config))

    def _rmse(self, rss: float) -> float:
        n = self.split.training.n_ratings
        return float(np.sqrt(rss / n)) if n else NAN


def iter_fit(
    ratings: Ratings | Split, config: Config, cancel: Event | None = None, start: Start | None = None
) -> Iterator[Step]:
    """Fit step by step: progress, plot points, and the points at which it can be ended.

    Parameters
    ----------
    ratings
        A split into training and hold-out, or ratings, which get the usual one.
    config
        Settings; what is None in them is filled in from the ratings.
    cancel
        Set it, from any thread, to end the fit with what is complete; a `Brake` can also say how.
    start
        Factors to start from, or a model to go on from for `config.epochs` more.

    Yields
    ------
    HalfSweep, HalfStep, Epoch
        Frozen steps; the last is `Fitted`.

    Raises
    ------
    DataError, ConfigError, NumericalError
        When the ratings, the settings or a row's equations do not serve; the message says which and what to do.
    Interrupted
        When the fit was ended before anything was complete.
    """
    parts = ratings if isinstance(ratings, Split) else split(ratings)
    return Training(parts, config, cancel, start).steps()


def fitted(steps: Iterator[Step], watch: Callable[[Step], None] | None = None) -> Model:
    """The model at the end of `steps`; `watch` sees each. Raises the error that ended a fit early."""
    model: Model | None = None
    for step in steps:
        if watch is not None:
            watch(step)
        if isinstance(step, Fitted):
            if step.trouble is not None:
                raise step.trouble
            model = step.model
    if model is None:
        raise Interrupted
    return model


def versions() -> dict[str, Any]:
    """Versions of all that decides a fit's bits."""
    from importlib.metadata import version

    libraries = {name: version(name) for name in ("alsgui", "numpy", "scipy", "numba")}
    return libraries | {"python": platform.python_version(), "machine": platform.machine()}


def _same_loss(one: Config, other: Config) -> bool:
    """Whether two configs minimise the same, however long and from wherever."""
    drivers = ("epochs", "tolerance", "patience", "seed", "dtype", "closing", "threads")
    return replace(one, **{name: getattr(other, name) for name in drivers}) == other


def _start(split: Split, config: Config, start: Start | None) -> Factors:
    ratings = split.training
    if start is None:
        return random_start(ratings.n_users, ratings.n_movies, config)
    if isinstance(start, tuple):
        return given_start(*start, ratings.n_users, ratings.n_movies, config)
    if isinstance(start, Model):
        if (start.user_ids, start.movie_ids) != (ratings.user_ids, ratings.movie_ids):
            raise ConfigError(
                tr("The model to go on from has other users or {nouns}.", nouns=ratings.nouns),
                tr("Open the ratings it was fitted to, or start anew."),
            )
        start = start.factors
    expected = ((ratings.n_users, config.k), (ratings.n_movies, config.k))
    if (start.users.shape, start.movies.shape) != expected:
        raise ConfigError(
            tr("The start has u {a} and m {b}, not K = {k}.", a=start.users.shape[::-1], b=start.movies.shape[::-1],
               k=config.k),
            tr("Start from factors of the same users, {nouns} and K.", nouns=ratings.nouns),
        )  # fmt: skip
    return start
